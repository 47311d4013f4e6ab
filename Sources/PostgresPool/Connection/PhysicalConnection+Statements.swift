import CLibPQ
import DequeModule
import Synchronization

extension PhysicalConnection {
    /// Runs a statement and returns its whole result.
    @discardableResult
    func execute(_ query: PostgresQuery, lease: UInt64, effect: SessionEffect = .none) async throws -> ResultStorage {
        switch await exchange(query, lease: lease, effect: effect) {
        case .success(let result): return result
        case .failure(let error), .unaffected(let error), .unsent(let error): throw error
        }
    }

    /// Runs a statement. When it had no effect for a reason of the connection's own, it is sent once more.
    ///
    /// When the task is cancelled, the call returns at once and the server is asked to stop.
    ///
    /// - Parameter lease: the borrower's number; nil for the pool's own statements, several of which share a connection.
    func exchange(
        _ query: PostgresQuery, lease: UInt64?, effect: SessionEffect
    ) async -> Exchange.Outcome {
        let outcome = await sendOnce(query, lease: lease, effect: effect)
        guard case .unaffected = outcome else { return outcome }
        return await sendOnce(query, lease: lease, effect: effect)
    }

    private func sendOnce(_ query: PostgresQuery, lease: UInt64?, effect: SessionEffect) async -> Exchange.Outcome {
        let start = MonotonicTime.now
        let id = state.withLock { state in
            state.lastExchange += 1
            return state.lastExchange
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                perform { state, aftermath in
                    // Looked at under the mutex: a cancellation that comes later finds the statement in flight.
                    if Task.isCancelled {
                        aftermath.completions.append((continuation, .failure(CancellationError())))
                    } else if let refusal = state.refusal(of: lease) {
                        aftermath.completions.append((continuation, .unsent(refusal)))
                    } else {
                        if effect == .possible { state.needsReset = true }
                        state.send(query, id: id, startedAt: start, continuation, &aftermath)
                    }
                }
            }
        } onCancel: {
            cancel(id)
        }
        settings.onStatement(MonotonicTime.now - start)
        return outcome
    }
}

extension PhysicalConnection.State {
    /// Why a borrower may not use the connection now.
    func refusal(of lease: UInt64?) -> (any Error)? {
        if let lease, lease != self.lease { return PostgresError.connectionReturned }
        if handle == nil { return closeReason ?? PostgresError.connectionReturned }
        return isExclusive ? PostgresError.connectionBusy : nil
    }

    /// Puts a statement and its sync into the pipeline and flushes.
    mutating func send(
        _ query: PostgresQuery, id: UInt64, startedAt: UInt64,
        _ continuation: CheckedContinuation<Exchange.Outcome, Never>?, _ aftermath: inout PhysicalConnection.Aftermath
    ) {
        guard let pointer = handle?.pointer else { return }
        let key = StatementCache.Key(sql: query.sql, types: query.binds.map(\.type.rawValue))
        var isPrepared = true
        let sent: CInt
        switch statements.plan(key) {
        case .unnamed:
            isPrepared = false
            sent = query.withParameters { count, types, values, lengths, formats in
                PQsendQueryParams(pointer, query.sql, count, types, values, lengths, formats, 0)
            }
        case .prepare(let name, let evicted):
            if let evicted { deallocate(evicted, pointer) }
            sent = query.withParameters { count, types, values, lengths, formats in
                guard PQsendPrepare(pointer, name, query.sql, count, types) == 1 else { return 0 }
                return PQsendQueryPrepared(pointer, name, count, values, lengths, formats, 0)
            }
        case .prepared(let name, let fetchesBinary):
            sent = query.withParameters { count, _, values, lengths, formats in
                PQsendQueryPrepared(pointer, name, count, values, lengths, formats, fetchesBinary ? 1 : 0)
            }
        }
        exchanges.append(
            Exchange(
                id: id, sql: query.sql, continuation: continuation, key: key, isPrepared: isPrepared,
                startedAt: startedAt, mayBeHitByCancel: cancelRequests > 0
            )
        )
        guard sent == 1, PQpipelineSync(pointer) == 1 else { return lose(&aftermath) }
        flush(&aftermath)
    }

    /// Gives a prepared statement back to the server, in an exchange of its own that nobody waits for.
    private mutating func deallocate(_ name: String, _ pointer: OpaquePointer) {
        let sql = "DEALLOCATE \(name)"
        guard PQsendQueryParams(pointer, sql, 0, nil, nil, nil, nil, 0) == 1, PQpipelineSync(pointer) == 1 else {
            return
        }
        lastExchange += 1
        exchanges.append(
            Exchange(id: lastExchange, sql: sql, continuation: nil, key: nil, isPrepared: false, startedAt: 0)
        )
    }
}

extension PostgresQuery {
    /// Calls the body with the parameters as libpq takes them; the pointers are valid until it returns.
    func withParameters(
        _ body: (
            CInt, UnsafePointer<Oid>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?
        ) -> CInt
    ) -> CInt {
        let count = binds.count
        let types = binds.map(\.type.rawValue)
        let lengths = binds.map { CInt(truncatingIfNeeded: $0.length ?? 0) }
        let formats = binds.map { CInt($0.type == .unknown ? 0 : 1) }
        return encoded.withUnsafeBytes { encoded in
            let values = binds.map { bind in
                bind.length == nil
                    ? nil : encoded.baseAddress?.advanced(by: bind.start).assumingMemoryBound(to: CChar.self)
            }
            return body(CInt(count), types, values, lengths, formats)
        }
    }
}
