import CLibPQ
import DequeModule
import Synchronization

extension PhysicalConnection {
    /// What a borrower's statement may leave in the session.
    func effect(of query: PostgresQuery) -> SessionEffect {
        settings.functions.effect(of: SessionEffect.classify(query.sql))
    }

    /// Runs a statement and returns its whole result.
    @discardableResult
    func execute(_ query: PostgresQuery, lease: UInt64, effect: SessionEffect = .none) async throws -> ResultStorage {
        switch await exchange(query, lease: lease, effect: effect, mayPoll: true) {
        case .success(let result): return result
        case .failure(let error), .unaffected(let error), .unsent(let error): throw error
        }
    }

    /// Runs a statement. When it had no effect for a reason of the connection's own, it is sent again, a few times at most:
    /// where many are cancelled, one may be hit by several cancels that were meant for others.
    ///
    /// When the task is cancelled, the call returns at once and the server is asked to stop.
    ///
    /// - Parameters:
    ///   - lease: the borrower's number; nil for the pool's own statements, several of which share a connection.
    ///   - isRead: whether it may share a transaction with others that read.
    ///   - mayPoll: whether its answer may be looked for.
    func exchange(
        _ query: PostgresQuery, lease: UInt64?, effect: SessionEffect, isRead: Bool = false, mayPoll: Bool = false
    ) async -> Exchange.Outcome {
        var outcome = await sendOnce(query, lease: lease, effect: effect, isRead: isRead, mayPoll: mayPoll)
        for _ in 0..<3 {
            guard case .unaffected = outcome else { return outcome }
            outcome = await sendOnce(query, lease: lease, effect: effect, isRead: false, mayPoll: mayPoll)
        }
        return outcome
    }

    /// A number that no other statement of the process has, nor anything else that is told apart by such a number.
    static func nextExchange() -> UInt64 { lastExchange.add(1, ordering: .relaxed).newValue }

    private static let lastExchange = Atomic<UInt64>(0)

    private func sendOnce(
        _ query: PostgresQuery, lease: UInt64?, effect: SessionEffect, isRead: Bool, mayPoll: Bool
    ) async -> Exchange.Outcome {
        if let flaw = query.flaw { return .failure(flaw) }
        let start = MonotonicTime.now
        let id = Self.nextExchange()
        let outcome = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let polls = perform { state, aftermath in
                    // Looked at under the mutex: a cancellation that comes later finds the statement in flight.
                    if Task.isCancelled {
                        aftermath.completions.append(continuation, .failure(CancellationError()))
                    } else if let refusal = state.refusal(of: lease) {
                        aftermath.completions.append(continuation, .unsent(refusal))
                    } else {
                        state.note(effect, of: query)
                        if isRead {
                            state.reads.append(WaitingRead(id: id, query: query, continuation: continuation))
                            state.sendReads(mayPoll: mayPoll, &aftermath)
                        } else {
                            state.send(
                                query, id: id, continuation, isShared: lease == nil, mayPoll: mayPoll, &aftermath)
                        }
                    }
                    return state.polled != nil
                }
                if polls { poll() }
            }
        } onCancel: {
            cancel(id)
        }
        let took = MonotonicTime.now - start
        settings.onStatement(took)
        if case .unaffected(let error) = outcome, isOwnTimeout(error, after: took) { return .failure(error) }
        return outcome
    }

    /// Whether a statement that seems hit by another's cancel has rather come to the end of its own time: both have one code,
    /// and differ in words, which are in the server's language. One that took less than its timeout was surely cancelled;
    /// of another, in a language that is not known here, the timeout is the likely reason.
    private func isOwnTimeout(_ error: any Error, after took: UInt64) -> Bool {
        guard let failure = (error as? PostgresError)?.serverError, failure.isCancel, let limit = settings.silenceLimit,
            took >= limit.statementTimeout.nanoseconds
        else { return false }
        return !failure.message.contains("user request")
    }
}

extension PhysicalConnection.State {
    /// Takes note of what a statement that is about to be sent may leave in the session.
    mutating func note(_ effect: SessionEffect, of query: PostgresQuery) {
        guard effect != .none else { return }
        if effect.contains(.unseen) {
            unseen.formUnion(SessionEffect.classify(query.sql).names?.names ?? [])
            if resetCause.isEmpty { resetCause = query.sql }
        }
        if effect.contains(.definition) { hasDefined = true }
        if effect.contains(.statementTimeout) { hasStatementTimeout = false }
        guard effect.contains(.session) else { return }
        if !needsReset { resetCause = query.sql }
        needsReset = true
        if effect.contains(.lasting) { needsClosing = true }
        // Whatever is sent after it is prepared anew.
        if effect.contains(.preparedStatements) { statements.removeAll() }
    }

    /// Why a borrower may not use the connection now.
    func refusal(of lease: UInt64?) -> (any Error)? {
        if let lease, lease != self.lease { return PostgresError.connectionReturned }
        if handle == nil { return closeReason ?? PostgresError.connectionReturned }
        return isExclusive ? PostgresError.connectionBusy : nil
    }

    /// Puts a statement and its sync into the pipeline and flushes.
    ///
    /// - Parameter mayPoll: whether the caller looks for the answer where that is worth it; then ``polled`` is set.
    mutating func send(
        _ query: PostgresQuery, id: UInt64, _ continuation: Exchange.Waiter?, isShared: Bool, mayPoll: Bool = false,
        _ aftermath: inout PhysicalConnection.Aftermath
    ) {
        guard let pointer = handle?.pointer else { return }
        guard add(query, id: id, continuation, isShared: isShared, pointer), sync(pointer) else {
            return lose(&aftermath)
        }
        polled = mayPoll && isWorthPolling() ? exchanges[0].statement : nil
        flush(&aftermath)
    }

    /// Sends the statements that wait and only read, all under one sync, unless enough is on its way: then they go with
    /// those that come meanwhile as soon as an answer is here. So the busier the connection, the more share a sync, a
    /// flush and a look at the socket, and a lone statement waits for nobody.
    mutating func sendReads(mayPoll: Bool = false, _ aftermath: inout PhysicalConnection.Aftermath) {
        guard !reads.isEmpty, isTimeToSendReads, !isExclusive, let pointer = handle?.pointer else { return }
        for _ in 0..<min(reads.count, Self.largestBatch) {
            let read = reads.removeFirst()
            guard add(read.query, id: read.id, read.continuation, isShared: true, pointer) else {
                return lose(&aftermath)
            }
        }
        guard sync(pointer) else { return lose(&aftermath) }
        polled = mayPoll && isWorthPolling() ? exchanges[0].statement : nil
        flush(&aftermath)
    }

    /// One batch is what the server works on, another is to be there when it is done, and worth a flush: those whose
    /// answers have just come ask again one by one, and the first of them would go alone.
    private var isTimeToSendReads: Bool { syncs == 0 || (syncs == 1 && reads.count * 2 >= exchanges.count) }
    /// Nobody in a batch has an answer before the last of it.
    private static let largestBatch = 32

    private mutating func sync(_ pointer: OpaquePointer) -> Bool {
        exchanges[exchanges.count - 1].endsBatch = true
        syncs += 1
        return PQpipelineSync(pointer) == 1
    }

    /// Puts a statement into the pipeline; its sync follows.
    private mutating func add(
        _ query: PostgresQuery, id: UInt64, _ continuation: Exchange.Waiter?, isShared: Bool,
        _ pointer: OpaquePointer
    ) -> Bool {
        var (commands, fetchesBinary) = (1, false)
        var columns: [ResultStorage.Column]?
        let plan = statements.plan(query)
        let sent = query.withParameters { count, types, values, lengths, formats in
            switch plan.step {
            case .runUnnamed:
                return PQsendQueryParams(pointer, query.sql, count, types, values, lengths, formats, 0)
            case .prepareAndRun(let name, let evicted):
                if let evicted { deallocate(evicted, pointer) }
                commands = 2
                guard PQsendPrepare(pointer, name, query.sql, count, types) == 1 else { return 0 }
                return PQsendQueryPrepared(pointer, name, count, values, lengths, formats, 0)
            case .run(let name):
                if let known = plan.statement { (columns, fetchesBinary) = (known.columns, known.fetchesBinary) }
                return PQsendQueryPrepared(pointer, name, count, values, lengths, formats, fetchesBinary ? 1 : 0)
            }
        }
        exchanges.append(
            Exchange(
                id: id, query: query, continuation: continuation, isShared: isShared, statement: plan.statement,
                isPrepared: plan.isPrepared, columns: columns, commands: commands,
                mayBeHitByCancel: cancelRequests > 0
            )
        )
        return sent == 1
    }

    /// Gives a prepared statement back to the server, before the statement that is being added and with a sync of its own;
    /// nobody waits for it. So have those added before it: they would be undone with it, or it skipped with them.
    private mutating func deallocate(_ name: String, _ pointer: OpaquePointer) {
        if let last = exchanges.last, !last.endsBatch { _ = sync(pointer) }
        let query = PostgresQuery(trusted: "DEALLOCATE \(name)")
        guard PQsendQueryParams(pointer, query.sql, 0, nil, nil, nil, nil, 0) == 1 else { return }
        exchanges.append(Exchange(id: PhysicalConnection.nextExchange(), query: query))
        _ = sync(pointer)
    }
}

/// A statement that only reads and waits for others to share a sync with.
struct WaitingRead {
    let id: UInt64
    let query: PostgresQuery
    let continuation: Exchange.Waiter
}

extension PostgresQuery {
    /// Calls the body with the parameters as libpq takes them; the pointers are valid until it returns.
    func withParameters(
        _ body: (
            CInt, UnsafePointer<Oid>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?
        ) -> CInt
    ) -> CInt {
        // On the stack: this happens with every statement.
        withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: binds.count) { values in
            withUnsafeTemporaryAllocation(of: Oid.self, capacity: binds.count) { types in
                withUnsafeTemporaryAllocation(of: CInt.self, capacity: binds.count * 2) { numbers in
                    encoded.withUnsafeBytes { encoded in
                        for (index, bind) in binds.enumerated() {
                            let start = encoded.baseAddress?.advanced(by: bind.start)
                            values.initializeElement(
                                at: index, to: bind.length.flatMap { _ in start?.assumingMemoryBound(to: CChar.self) })
                            types.initializeElement(at: index, to: bind.type.rawValue)
                            numbers.initializeElement(at: index, to: CInt(truncatingIfNeeded: bind.length ?? 0))
                            numbers.initializeElement(
                                at: binds.count + index, to: bind.type == .unknown ? 0 : 1)
                        }
                        return body(
                            CInt(binds.count), types.baseAddress, values.baseAddress, numbers.baseAddress,
                            numbers.baseAddress?.advanced(by: binds.count))
                    }
                }
            }
        }
    }
}
