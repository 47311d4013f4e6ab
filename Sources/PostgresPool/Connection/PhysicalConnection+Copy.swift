import CLibPQ
import DequeModule
import Synchronization

extension PhysicalConnection {
    /// Runs `COPY … FROM STDIN`: the body writes, then the server says how many rows it took.
    ///
    /// When the body throws, the server is told to drop everything. When the task is cancelled in the middle, the
    /// connection is closed as it is given back, which has the same effect.
    func copyIn(
        _ query: PostgresQuery, lease: UInt64, _ body: (PostgresCopyWriter) async throws -> Void
    ) async throws -> Int {
        try startCopy(query, lease: lease)
        guard try await copyResult() == PGRES_COPY_IN else {
            throw PostgresError.misuse("\"\(query.sql.prefix(80))\" is not a COPY … FROM STDIN")
        }
        let writer = PostgresCopyWriter(connection: self)
        do {
            try await body(writer)
            try await writer.flush()
        } catch {
            try Task.checkCancellation()
            try await endCopy(refusing: "\(error)")
            _ = try? await finishCopy()
            throw error
        }
        try await endCopy(refusing: nil)
        return try await finishCopy()
    }

    private func startCopy(_ query: PostgresQuery, lease: UInt64) throws {
        if let flaw = query.flaw { throw flaw }
        let effect = effect(of: query)
        let refusal: (any Error)? = perform { state, aftermath in
            if let refusal = self.refusal(of: lease, state) { return refusal }
            guard let pointer = state.handle?.pointer, state.exchanges.isEmpty, PQexitPipelineMode(pointer) == 1 else {
                return PostgresError.connectionBusy
            }
            guard PQsendQueryParams(pointer, query.sql, 0, nil, nil, nil, nil, 0) == 1 else {
                state.lose(&aftermath)
                return state.closeReason
            }
            // Its triggers are called as those of an INSERT are.
            state.note(effect, of: query)
            state.isExclusive = true
            state.isCopying = true
            state.copySQL = query.sql
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Writes some of the data; suspends while the socket takes no more.
    func writeCopyData(_ bytes: [UInt8]) async throws {
        // In pieces: libpq keeps what it is given until it is sent, and counts it in 31 bits.
        for start in stride(from: 0, to: bytes.count, by: Self.largestPiece) {
            let piece = start..<min(start + Self.largestPiece, bytes.count)
            while try await !copyStep({ pointer in
                bytes[piece].withUnsafeBytes { PQputCopyData(pointer, $0.baseAddress, CInt($0.count)) }
            }) {}
            while try await !copyStep({ pointer in PQflush(pointer) == 0 ? 1 : 0 }) {}
        }
    }

    private static var largestPiece: Int { 1 << 20 }

    private func endCopy(refusing reason: String?) async throws {
        while try await !copyStep({ pointer in PQputCopyEnd(pointer, reason) }) {}
        while try await !copyStep({ pointer in PQflush(pointer) == 0 ? 1 : 0 }) {}
    }

    /// Does one step; when libpq could not take it yet (0), waits for the socket and returns false.
    private func copyStep(_ step: (OpaquePointer) -> CInt) async throws -> Bool {
        try Task.checkCancellation()
        let outcome: Result<Bool, any Error> = perform { state, aftermath in
            guard let pointer = state.handle?.pointer, state.isCopying else {
                return .failure(state.closeReason ?? PostgresError.connectionReturned)
            }
            switch step(pointer) {
            case 1: return .success(true)
            case 0: return .success(PQconsumeInput(pointer) == 0)
            default:
                state.loseCopy(pointer, &aftermath)
                return .failure(state.closeReason ?? PostgresError.connectionReturned)
            }
        }
        if try outcome.get() { return true }
        await waitForSocket([.read, .write]) {}
        return false
    }

    /// Waits for the command's result.
    private func copyResult() async throws -> ExecStatusType {
        while true {
            try Task.checkCancellation()
            let outcome: Result<ExecStatusType?, any Error> = perform { state, aftermath in
                guard let pointer = state.handle?.pointer, state.isCopying else {
                    return .failure(state.closeReason ?? PostgresError.connectionReturned)
                }
                guard PQflush(pointer) >= 0, PQconsumeInput(pointer) == 1 else {
                    state.loseCopy(pointer, &aftermath)
                    return .failure(state.closeReason ?? PostgresError.connectionReturned)
                }
                while PQisBusy(pointer) == 0 {
                    guard let result = PQgetResult(pointer) else {
                        return state.endCopy(pointer, &aftermath).map { PGRES_COMMAND_OK }
                    }
                    let status = PQresultStatus(result)
                    let failure = ServerError(result: result)
                    // Without a code it is libpq's, about a link that broke.
                    if status == PGRES_FATAL_ERROR, !failure.sqlState.isEmpty { state.copyFailure = failure }
                    state.copiedRows = Int(String(cString: PQcmdTuples(result))) ?? 0
                    PQclear(result)
                    if status == PGRES_COPY_IN { return .success(status) }
                }
                return .success(nil)
            }
            if let status = try outcome.get() { return status }
            await waitForSocket(.read) {}
        }
    }

    private func finishCopy() async throws -> Int {
        _ = try await copyResult()
        return state.withLock { $0.copiedRows }
    }
}

extension PhysicalConnection.State {
    /// The link broke. What the server said before, if it did, is the reason.
    fileprivate mutating func loseCopy(_ pointer: OpaquePointer, _ aftermath: inout PhysicalConnection.Aftermath) {
        // libpq reads it only when it takes no more data.
        _ = PQputCopyEnd(pointer, "the connection is broken")
        _ = PQconsumeInput(pointer)
        while copyFailure == nil, PQisBusy(pointer) == 0, let result = PQgetResult(pointer) {
            let failure = ServerError(result: result)
            if PQresultStatus(result) == PGRES_FATAL_ERROR, !failure.sqlState.isEmpty { copyFailure = failure }
            let isCopy = PQresultStatus(result) == PGRES_COPY_IN
            PQclear(result)
            if isCopy { break }
        }
        guard let failure = copyFailure.take() else { return lose(&aftermath) }
        let error = PostgresError.server(failure, sql: copySQL)
        aftermath.seldom.loss = error
        close(error, &aftermath)
    }

    /// The command's results have ended: back to pipeline mode.
    fileprivate mutating func endCopy(
        _ pointer: OpaquePointer, _ aftermath: inout PhysicalConnection.Aftermath
    ) -> Result<Void, any Error> {
        isCopying = false
        isExclusive = false
        guard PQstatus(pointer) == CONNECTION_OK, PQenterPipelineMode(pointer) == 1 else {
            loseCopy(pointer, &aftermath)
            return .failure(closeReason ?? PostgresError.connectionReturned)
        }
        watch(.read)
        guard let failure = copyFailure.take() else { return .success(()) }
        return .failure(PostgresError.server(failure, sql: copySQL))
    }
}
