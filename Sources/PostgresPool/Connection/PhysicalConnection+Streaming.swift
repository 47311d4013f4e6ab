import CLibPQ
import DequeModule
import Synchronization

extension PhysicalConnection {
    /// What one look at a stream gave.
    enum Step: Sendable {
        case row(ResultStorage)
        case end
        case failed(any Error)
        case wait(Readiness)
    }

    /// Starts a statement whose rows are read one by one. The connection is the stream's until its end.
    func openStream(_ query: PostgresQuery, lease: UInt64, effect: SessionEffect) throws -> Exchange {
        if let flaw = query.flaw { throw flaw }
        let outcome: Result<Exchange, any Error> = perform { state, aftermath in
            if let refusal = self.refusal(of: lease, state) { return .failure(refusal) }
            guard let pointer = state.handle?.pointer, state.exchanges.isEmpty else {
                return .failure(PostgresError.connectionBusy)
            }
            state.note(effect, of: query)
            state.streamsInTransaction = PQtransactionStatus(pointer) != PQTRANS_IDLE
            let sent = query.binds.withParameters { count, types, values, lengths, formats in
                PQsendQueryParams(pointer, query.sql, count, types, values, lengths, formats, 0)
            }
            guard sent == 1, PQsetSingleRowMode(pointer) == 1, PQpipelineSync(pointer) == 1 else {
                state.lose(&aftermath)
                return .failure(state.closeReason ?? PostgresError.connectionBusy)
            }
            let exchange = Exchange(query)
            exchange.endsBatch = true
            state.exchanges.append(exchange)
            state.syncs += 1
            state.isExclusive = true
            return .success(exchange)
        }
        return try outcome.get()
    }

    /// The next row of the stream, nil at its end. Reads from the socket only when libpq holds no complete row, so
    /// that a slow reader slows the server down through TCP.
    func nextRow(of stream: Exchange, columns: [ResultStorage.Column]?) async throws -> ResultStorage? {
        while true {
            try Task.checkCancellation()
            let step = perform { state, aftermath in state.step(stream, columns: columns, &aftermath) }
            switch step {
            case .row(let row): return row
            case .end: return nil
            case .failed(let error): throw error
            case .wait(let interest): await waitForSocket(interest) { [self] in closeStream(stream) }
            }
        }
    }

    /// Gives the stream up. What is left of it is read and dropped; outside a transaction the server is asked to stop
    /// (inside, a cancelled statement would fail the transaction).
    func closeStream(_ stream: Exchange) {
        perform { state, aftermath in
            guard let pointer = state.handle?.pointer, state.isExclusive, !state.isCopying,
                state.exchanges.first === stream
            else { return }
            state.isExclusive = false
            state.wakeExclusive(&aftermath)
            state.exchanges[0].isCancelled = true
            if !state.streamsInTransaction { state.startCancel(pointer, &aftermath) }
            state.process(&aftermath)
        }
    }

    /// Suspends until the socket is ready or the connection closes.
    func waitForSocket(_ interest: Readiness, onCancel: @escaping @Sendable () -> Void) async {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                perform { state, aftermath in
                    guard state.handle != nil, state.isExclusive, !Task.isCancelled else {
                        aftermath.exclusiveWaiter = continuation
                        return
                    }
                    state.exclusiveWaiter = continuation
                    state.watch([interest, .oneShot])
                }
            }
        } onCancel: {
            onCancel()
        }
    }
}

extension PhysicalConnection.State {
    fileprivate mutating func step(
        _ stream: Exchange, columns: [ResultStorage.Column]?, _ aftermath: inout PhysicalConnection.Aftermath
    ) -> PhysicalConnection.Step {
        guard let pointer = handle?.pointer else {
            return .failed(closeReason ?? PostgresError.connectionReturned)
        }
        guard isExclusive, exchanges.first === stream else { return .failed(PostgresError.connectionReturned) }
        var hasRead = false
        while true {
            if PQisBusy(pointer) == 1 {
                if hasRead { return .wait(PQflush(pointer) == 1 ? [.read, .write] : .read) }
                hasRead = true
                guard PQflush(pointer) >= 0, PQconsumeInput(pointer) == 1 else {
                    lose(&aftermath)
                    return .failed(closeReason ?? PostgresError.connectionReturned)
                }
                continue
            }
            guard let result = PQgetResult(pointer) else { continue }
            switch PQresultStatus(result) {
            case PGRES_SINGLE_TUPLE:
                return .row(ResultStorage(result, columns: columns))
            case PGRES_PIPELINE_SYNC:
                PQclear(result)
                return endStream(&aftermath)
            case PGRES_FATAL_ERROR:
                let failure = ServerError(result: result)
                PQclear(result)
                exchanges[0].failure = failure
                // The server's last words: no sync follows.
                if failure.severity == "FATAL", !failure.sqlState.isEmpty { return endStream(&aftermath) }
                if PQstatus(pointer) == CONNECTION_BAD {
                    lose(&aftermath)
                    return .failed(closeReason ?? PostgresError.connectionReturned)
                }
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                PQclear(result)
                closeForCopy(exchanges[0].query, &aftermath)
                return .failed(closeReason ?? PostgresError.connectionReturned)
            default:
                PQclear(result)
            }
        }
    }

    private mutating func endStream(_ aftermath: inout PhysicalConnection.Aftermath) -> PhysicalConnection.Step {
        let exchange = exchanges.removeFirst()
        answered = 0
        syncs -= 1
        isExclusive = false
        watch(.read)
        guard let failure = exchange.failure else { return .end }
        let error = PostgresError.server(failure, sql: exchange.query.sql)
        if failure.isFatalForConnections {
            aftermath.seldom.loss = error
            close(error, &aftermath)
        }
        return .failed(error)
    }
}
