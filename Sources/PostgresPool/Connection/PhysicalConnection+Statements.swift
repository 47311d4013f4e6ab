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
    @inline(__always)
    nonisolated(nonsending) func execute(
        _ query: PostgresQuery, lease: UInt64, effect: SessionEffect? = SessionEffect.none
    ) async throws -> ResultStorage {
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
    ///   - effect: what it may leave in the session; nil when its text tells.
    ///   - isRead: whether it may share a transaction with others that read.
    ///   - mayPoll: whether its answer may be looked for.
    @inline(__always)
    nonisolated(nonsending) func exchange(
        _ query: PostgresQuery, lease: UInt64?, effect: SessionEffect?, isRead: Bool = false, mayPoll: Bool = false
    ) async -> Exchange.Outcome {
        if let flaw = query.flaw { return .failure(flaw) }
        var attempts = 0
        while true {
            attempts += 1
            let start = MonotonicTime.now
            let exchange = Exchange(query, effect: effect, isShared: lease == nil, isWanted: true)
            let outcome =
                switch begin(exchange, lease: lease, isRead: isRead && attempts == 1, mayPoll: mayPoll) {
                case .ended(let outcome): outcome
                case .sent: await answer(to: exchange)
                case .polls:
                    if let outcome = await poll(for: exchange) { outcome } else { await answer(to: exchange) }
                }
            let took = MonotonicTime.now.elapsed(since: start)
            settings.onStatement(took)
            guard case .unaffected(let error) = outcome, attempts < 4 else { return outcome }
            if isOwnTimeout(error, after: took) { return .failure(error) }
        }
    }

    /// How a statement was begun.
    private enum Beginning: Sendable {
        /// Not at all.
        case ended(Exchange.Outcome)
        /// It is on its way, or will be when others have been answered.
        case sent
        /// It is on its way, and its answer is worth looking for.
        case polls
    }

    private func begin(
        _ exchange: Exchange, lease: UInt64?, isRead: Bool, mayPoll: Bool
    ) -> Beginning {
        if Task.isCancelled { return .ended(.failure(CancellationError())) }
        return perform { state, aftermath in
            if let refusal = self.refusal(of: lease, state) { return .ended(.unsent(refusal)) }
            if isRead {
                state.reads.append(exchange)
                state.sendReads(mayPoll: mayPoll, &aftermath)
            } else {
                state.send(exchange, mayPoll: mayPoll, &aftermath)
            }
            return state.polled === exchange ? .polls : .sent
        }
    }

    /// Suspends until the statement has ended. A task that is cancelled meanwhile, or was since the statement was sent, does
    /// not wait any longer.
    @inline(__always)
    nonisolated(nonsending) private func answer(to exchange: Exchange) async -> Exchange.Outcome {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                if let outcome = state.withLock({ _ in exchange.wait(continuation) }) {
                    continuation.resume(returning: outcome)
                }
            }
        } onCancel: {
            cancel(exchange)
        }
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

    /// Puts a statement and its sync into the pipeline and flushes.
    ///
    /// - Parameter mayPoll: whether the caller looks for the answer where that is worth it; then ``polled`` is set.
    mutating func send(
        _ exchange: Exchange, mayPoll: Bool = false, _ aftermath: inout PhysicalConnection.Aftermath
    ) {
        guard let pointer = handle?.pointer else { return }
        guard add(exchange, pointer), sync(pointer) else { return lose(&aftermath) }
        polled = mayPoll && isWorthPolling(exchange) ? exchange : nil
        flush(&aftermath)
    }

    /// Sends the statements that wait and only read, all under one sync, unless enough is on its way: then they go with
    /// those that come meanwhile as soon as an answer is here. So the busier the connection, the more share a sync, a
    /// flush and a look at the socket, and a lone statement waits for nobody.
    mutating func sendReads(mayPoll: Bool = false, _ aftermath: inout PhysicalConnection.Aftermath) {
        guard !reads.isEmpty, isTimeToSendReads, !isExclusive, let pointer = handle?.pointer else { return }
        for _ in 0..<min(reads.count, Self.largestBatch) {
            guard add(reads.removeFirst(), pointer) else { return lose(&aftermath) }
        }
        guard sync(pointer) else { return lose(&aftermath) }
        polled = mayPoll && isWorthPolling(exchanges[0]) ? exchanges[0] : nil
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
    private mutating func add(_ exchange: Exchange, _ pointer: OpaquePointer) -> Bool {
        let query = exchange.query
        var (commands, fetchesBinary) = (1, false)
        var columns: [ResultStorage.Column]?
        let plan = statements.plan(query)
        note(
            exchange.effect ?? functions.effect(of: plan.statement?.reading ?? SessionEffect.classify(query.sql)),
            of: query)
        let sent = query.binds.withParameters { count, types, values, lengths, formats in
            switch plan.step {
            case .runUnnamed:
                return PQsendQueryParams(pointer, query.sql, count, types, values, lengths, formats, 0)
            case .prepareAndRun(let name, let evicted):
                if let evicted { deallocate(evicted, pointer) }
                commands = 2
                return name.withCString { name in
                    guard PQsendPrepare(pointer, name, query.sql, count, types) == 1 else { return 0 }
                    return PQsendQueryPrepared(pointer, name, count, values, lengths, formats, 0)
                }
            case .run(let name):
                if let known = plan.statement { (columns, fetchesBinary) = (known.columns, known.fetchesBinary) }
                return name.withCString { name in
                    PQsendQueryPrepared(pointer, name, count, values, lengths, formats, fetchesBinary ? 1 : 0)
                }
            }
        }
        exchange.begin(plan, commands: commands, columns: columns, mayBeHitByCancel: cancelRequests > 0)
        exchanges.append(exchange)
        return sent == 1
    }

    /// Gives a prepared statement back to the server, before the statement that is being added and with a sync of its own;
    /// nobody waits for it. So have those added before it: they would be undone with it, or it skipped with them.
    private mutating func deallocate(_ name: StatementName, _ pointer: OpaquePointer) {
        if let last = exchanges.last, !last.endsBatch { _ = sync(pointer) }
        let query = PostgresQuery(trusted: "DEALLOCATE \(name.text)")
        guard PQsendQueryParams(pointer, query.sql, 0, nil, nil, nil, nil, 0) == 1 else { return }
        exchanges.append(Exchange(query))
        _ = sync(pointer)
    }
}
