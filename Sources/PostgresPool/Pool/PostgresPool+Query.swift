extension PostgresPool {
    /// Runs one statement.
    ///
    /// A plain query (`SELECT`, `INSERT`, `UPDATE`, …) needs no connection for itself: when none is free, it shares one
    /// with others that are under way, in a pipeline in which each keeps its own error. One that changes something has
    /// its own implicit transaction. Those that only read, by their text, share one when several wait: each gets its
    /// answer when that has ended, and when one of them fails, all are sent again, each by itself. Any other statement
    /// borrows a connection.
    ///
    /// It is sent again only when it surely had no effect: it was never sent, or the server says so.
    ///
    /// - Throws: ``PostgresError``, `CancellationError`.
    @discardableResult
    nonisolated(nonsending) public func query(
        _ query: PostgresQuery, file: String = #fileID, line: UInt = #line
    ) async throws -> PostgresResult {
        let reading = SessionEffect.classify(query.sql)
        let effect = functions.effect(of: reading)
        guard reading.isShareable, effect == .none, configuration.sharesConnections else {
            return try await withConnection(file: file, line: line) { connection in
                PostgresResult(
                    storage: try await connection.physical.execute(query, lease: connection.lease, effect: effect))
            }
        }
        let sharesTransaction = reading.isRead && configuration.readsShareTransactions
        var attempts = 0
        while true {
            attempts += 1
            let site = AcquireSite(file: file, line: line)
            let grant =
                if let grant = acquireImmediately(shared: true, gathers: sharesTransaction, site: site) {
                    grant
                } else {
                    try await acquire(shared: true, site: site)
                }
            let outcome = await grant.connection.exchange(
                query, lease: nil, effect: .none, isRead: sharesTransaction, mayPoll: grant.isAlone)
            giveBack(grant.slot, grant.connection.endSharing(wasCancelled: Task.isCancelled))
            switch outcome {
            case .success(let result): return PostgresResult(storage: result)
            case .unsent where attempts < 3: continue
            case .failure(let error), .unaffected(let error), .unsent(let error): throw error
            }
        }
    }

    /// Lends a connection that listens to a channel, for the time of the closure.
    ///
    /// - Throws: ``PostgresError``, `CancellationError`, and what the closure throws.
    nonisolated(nonsending) public func withNotifications<Result>(
        of channel: String, file: String = #fileID, line: UInt = #line,
        _ body: nonisolated(nonsending) (PostgresNotifications) async throws -> Result
    ) async throws -> Result {
        try await withConnection(file: file, line: line) { connection in
            try await body(try await connection.listen(to: channel))
        }
    }
}
