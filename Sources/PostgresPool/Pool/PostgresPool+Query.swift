extension PostgresPool {
    /// Runs one statement.
    ///
    /// A plain query (`SELECT`, `INSERT`, `UPDATE`, …) needs no connection for itself: when none is free, it shares one
    /// with others that are under way, in a pipeline in which each keeps its own implicit transaction and its own
    /// error. Any other statement borrows a connection.
    ///
    /// It is sent again only when it surely had no effect: it was never sent, or the server says so.
    ///
    /// - Throws: ``PostgresError``, `CancellationError`.
    @discardableResult
    public func query(
        _ query: PostgresQuery, file: String = #fileID, line: UInt = #line
    ) async throws -> PostgresResult {
        let (effect, isShareable) = SessionEffect.classify(query.sql)
        guard isShareable, configuration.statementsPerConnection > 1 else {
            return try await withConnection(file: file, line: line) { connection in
                PostgresResult(
                    storage: try await connection.physical.execute(query, lease: connection.lease, effect: effect)
                )
            }
        }
        var attempts = 0
        while true {
            attempts += 1
            let grant = try await acquire(shared: true, site: AcquireSite(file: file, line: line))
            let outcome = await grant.connection.exchange(query, lease: nil, effect: .none)
            giveBack(grant, grant.connection.endSharing(wasCancelled: Task.isCancelled))
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
    public func withNotifications<Result>(
        of channel: String, file: String = #fileID, line: UInt = #line, isolation: isolated (any Actor)? = #isolation,
        _ body: (PostgresNotifications) async throws -> Result
    ) async throws -> Result {
        try await withConnection(file: file, line: line) { connection in
            try await body(try await connection.listen(to: channel))
        }
    }
}
