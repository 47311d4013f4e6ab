import CLibPQ
import DequeModule
import Synchronization

extension PhysicalConnection {
    /// In what state a borrower gave the connection back.
    enum Return: Sendable {
        /// As it was lent: the next one can have it.
        case clean
        /// Something has to be ended, rolled back or reset first: ``makeClean(within:)``.
        case dirty
        /// Closed: nobody can have it.
        case closed
    }

    /// Takes the connection back: the borrower's handle is refused from now on.
    ///
    /// One that was not used is as it was lent. If it has closed meanwhile by itself, the pool has been told of it, or will be.
    func endLease(_ number: UInt64) -> Return {
        if lease.endUnused(number) { return settings.resetsAlways ? .dirty : .clean }
        return state.withLock { state in
            nextLease(&state)
            // Before the borrower goes on: he may call it next, anywhere.
            forgetWhatWasDefined(&state)
            guard let pointer = state.handle?.pointer else { return .closed }
            let isIdle =
                state.exchanges.isEmpty && !state.isExclusive && state.cancelRequests == 0
                && PQtransactionStatus(pointer) == PQTRANS_IDLE && state.listeners.isEmpty
            // What is still under way defines later: then it is forgotten once more.
            if isIdle { state.hasDefined = false }
            return isIdle && !state.needsReset && state.unseen.isEmpty && !settings.resetsAlways ? .clean : .dirty
        }
    }

    private func forgetWhatWasDefined(_ state: inout State) {
        if state.hasDefined { settings.functions.forget() }
    }

    /// In what state a statement that shared the connection leaves it.
    func endSharing(wasCancelled: Bool) -> Return {
        state.withLock { state in
            if state.handle == nil { return .closed }
            return wasCancelled ? .dirty : .clean
        }
    }

    /// Says that transactions of this lease are read-only because the borrower wants them so.
    func noteReadOnlyByChoice(lease number: UInt64) {
        state.withLock { state in if lease.use(number) { state.isReadOnlyByChoice = true } }
    }

    /// Why a borrower may not use the connection now. Asked under the mutex; what is not refused has used the lease.
    func refusal(of number: UInt64?, _ state: borrowing State) -> (any Error)? {
        if let number, !lease.use(number) { return PostgresError.connectionReturned }
        if state.handle == nil { return state.closeReason ?? PostgresError.connectionReturned }
        return state.isExclusive ? PostgresError.connectionBusy : nil
    }

    /// Makes the connection fit for the next borrower: cancels what still runs and reads it to its end, waits for
    /// cancel requests to arrive, rolls back what is open, and discards what the session holds. Closes the connection
    /// when the server does not do all that within the time given.
    ///
    /// - Returns: whether the connection is clean.
    func makeClean(within timeout: Duration) async -> Bool {
        let lease = lease.number
        return await orClosed(within: timeout) { [self] in
            perform { state, aftermath in state.abandonWork(&aftermath) }
            guard await quiet(within: timeout) else { return false }
            let isInTransaction = state.withLock { state in
                guard let pointer = state.handle?.pointer else { return false }
                return PQtransactionStatus(pointer) != PQTRANS_IDLE
            }
            if isInTransaction { _ = try await execute("ROLLBACK", lease: lease) }
            let hasLooked = try await lookAtFunctions(lease: lease)
            let (needsReset, needsClosing, cause) = state.withLock { state in
                (state.needsReset || !state.listeners.isEmpty, state.needsClosing, state.resetCause)
            }
            if needsReset, settings.asksForPooler() { await reportPooler(cause, lease: lease) }
            if needsClosing {
                throw PostgresError.connectionLost("\"\(cause.prefix(80))\" may have left what only its end undoes")
            }
            if needsReset || settings.resetsAlways {
                perform { state, aftermath in
                    state.statements.removeAll()
                    state.endListeners(PostgresError.connectionReturned, &aftermath)
                }
                _ = try await execute("DISCARD ALL", lease: lease)
                // Statements prepared before it are gone, and this connection's settings are those of its start.
                state.withLock { $0.statements.removeAll() }
                if let setUp = settings.setUp { _ = try await execute(setUp, lease: lease) }
            } else if !isInTransaction, !hasLooked {
                // A signal that came late hits this instead of the next borrower's statement.
                _ = try await execute("SELECT 1", lease: lease)
            }
            return finishLease(lease)
        }
    }

    /// Finds out what the functions left that this lease has called and that are new to the pool.
    ///
    /// - Returns: whether the server was asked.
    private func lookAtFunctions(lease: UInt64) async throws -> Bool {
        let unseen = state.withLock { $0.unseen }
        guard !unseen.isEmpty else { return false }
        var hasAsked = false
        let effect = try await settings.functions.look(at: unseen) { query in
            hasAsked = true
            return PostgresResult(storage: try await execute(query, lease: lease))
        }
        state.withLock { state in
            if effect.contains(.session) { state.needsReset = true }
            if effect.contains(.lasting) { state.needsClosing = true }
        }
        return hasAsked
    }

    /// Tells the pool if a pooler is in between: what this session was changed by need not be undone where it was done.
    func reportPooler(_ statement: String, lease: UInt64) async {
        let process = serverProcess
        // What goes wrong here goes wrong with the next statement, too, and is told there.
        guard let result = try? await execute("SELECT pg_backend_pid()", lease: lease),
            let answering = try? PostgresResult(storage: result)[0].decode(Int32.self), answering != process
        else { return }
        settings.onPooledSession(statement)
    }

    /// Asks the server for a sign of life.
    func proveAlive(within timeout: Duration) async -> Bool {
        await run("SELECT 1", within: timeout)
    }

    /// Runs a statement of the pool's own; closes the connection if it fails or has not ended within the time.
    ///
    /// - Returns: whether it succeeded; otherwise ``closeReason`` says why not.
    func run(_ query: PostgresQuery, within timeout: Duration) async -> Bool {
        let lease = lease.number
        return await orClosed(within: timeout) { [self] in
            _ = try await execute(query, lease: lease)
            return true
        }
    }

    /// Why the connection was closed; nil while it is open.
    var closeReason: (any Error)? { state.withLock { $0.closeReason } }

    private func finishLease(_ number: UInt64) -> Bool {
        state.withLock { state in
            guard lease.number == number, let pointer = state.handle?.pointer else { return false }
            nextLease(&state)
            forgetWhatWasDefined(&state)
            state.hasDefined = false
            state.needsReset = false
            state.unseen.removeAll()
            state.resetCause = ""
            return PQtransactionStatus(pointer) == PQTRANS_IDLE
        }
    }

    private func nextLease(_ state: inout State) {
        lease.end()
        state.isReadOnlyByChoice = false
        state.hasStatementTimeout = true
    }

    /// Runs the work; closes the connection if it fails or has not ended within the time.
    private func orClosed(within timeout: Duration, _ work: @Sendable () async throws -> Bool) async -> Bool {
        let wait = state.withLock { state in
            state.lastDeadline += 1
            return state.lastDeadline
        }
        ReadinessThread.shared.schedule(at: MonotonicTime.now + timeout.nanoseconds) { [weak self] in
            guard let self, state.withLock({ $0.lastDeadline == wait }) else { return }
            close(PostgresError.connectionLost("no answer within \(timeout.inSeconds)"))
        }
        let outcome: Result<Bool, any Error>
        do { outcome = .success(try await work()) } catch { outcome = .failure(error) }
        state.withLock { $0.lastDeadline += 1 }
        switch outcome {
        case .success(true): return true
        case .success(false): close(PostgresError.connectionLost("it could not be made clean"))
        case .failure(let error): close(error)
        }
        return false
    }
}

extension PhysicalConnection.State {
    /// Nobody wants the answers any more: what is in flight is cancelled on the server and read to its end.
    mutating func abandonWork(_ aftermath: inout PhysicalConnection.Aftermath) {
        guard let pointer = handle?.pointer else { return }
        if isCopying { return close(PostgresError.connectionLost("a COPY was left unfinished"), &aftermath) }
        isExclusive = false
        wakeExclusive(&aftermath)
        // Who looks may be long in coming to it.
        polled = nil
        for exchange in exchanges {
            exchange.isCancelled = true
            exchange.end(.failure(PostgresError.connectionReturned), &aftermath)
        }
        if !exchanges.isEmpty { startCancel(pointer, &aftermath) }
        process(&aftermath)
    }
}

extension Duration {
    /// In seconds with at most three digits, `2.5 s`.
    var inSeconds: String {
        let milliseconds = nanoseconds / 1_000_000
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        guard rest > 0 else { return "\(seconds) s" }
        var digits = String(rest + 1000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(seconds).\(digits) s"
    }
}
