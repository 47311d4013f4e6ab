/// How far a transaction is kept apart from others that run at the same time.
public enum IsolationLevel: String, Sendable, CaseIterable {
    /// Each statement sees what was committed before it began. The server's default.
    case readCommitted = "READ COMMITTED"
    /// All statements see what was committed before the first.
    case repeatableRead = "REPEATABLE READ"
    /// As if transactions ran one after another; the server ends those for which that cannot be had.
    case serializable = "SERIALIZABLE"
}

/// What a transaction may do.
public enum TransactionAccess: String, Sendable {
    /// Read and write.
    case readWrite = "READ WRITE"
    /// Read only; the server refuses writes.
    case readOnly = "READ ONLY"
}

extension PostgresPool {
    /// Runs the closure in a transaction: committed when it returns, rolled back when it throws.
    ///
    /// - Parameters:
    ///   - isolation: how far it is kept apart from others.
    ///   - access: whether it may write.
    ///   - retries: how often it is run again, from the start, when the server ended it because of others that ran at
    ///     the same time (SQLSTATE 40001, 40P01). The closure must have no other effects then. Default none.
    /// - Throws: ``PostgresError``, `CancellationError`, and what the closure throws.
    @discardableResult
    nonisolated(nonsending) public func withTransaction<Result>(
        isolation level: IsolationLevel = .readCommitted, access: TransactionAccess = .readWrite, retries: Int = 0,
        file: String = #fileID, line: UInt = #line,
        _ body: nonisolated(nonsending) (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        var attempt = 0
        while true {
            do {
                return try await withConnection(file: file, line: line) { connection in
                    try await connection.transaction(level, access, body)
                }
            } catch let error as PostgresError where attempt < retries && error.isCausedByConcurrency {
                attempt += 1
                // The others need time to end; by chance, or the same ones meet again.
                try await Task.sleep(for: .milliseconds(Double.random(in: 1...2) * Double(5 << min(attempt, 6))))
            }
        }
    }
}

extension PostgresConnection {
    nonisolated(nonsending) fileprivate func transaction<Result>(
        _ level: IsolationLevel, _ access: TransactionAccess,
        _ body: nonisolated(nonsending) (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        if access == .readOnly { physical.noteReadOnlyByChoice(lease: lease) }
        try await query(PostgresQuery(trusted: "BEGIN ISOLATION LEVEL \(level.rawValue) \(access.rawValue)"))
        let result: Result
        do {
            result = try await body(self)
        } catch {
            // When this fails or the task is cancelled, the pool rolls back as the connection comes back.
            if !Task.isCancelled { _ = try? await query("ROLLBACK") }
            throw error
        }
        guard try await query("COMMIT").commandTag == "COMMIT" else {
            throw PostgresError.misuse(
                "the transaction was rolled back: a statement in it had failed, and the closure caught the error; "
                    + "let it throw, or use a SAVEPOINT around the statement"
            )
        }
        return result
    }
}

extension PostgresError {
    /// Whether the server ended a transaction because of others that ran at the same time.
    var isCausedByConcurrency: Bool {
        guard let code = serverError?.sqlState else { return false }
        return code == "40001" || code == "40P01"
    }
}
