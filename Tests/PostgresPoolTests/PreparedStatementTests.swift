import Synchronization
import Testing

@testable import PostgresPool

/// What a connection has prepared on its server stays what the cache believes, whatever fails.
@Suite(.timeLimit(.minutes(10))) struct PreparedStatementTests {
    private func namesOnServer(_ pool: PostgresPool) async throws -> Int {
        try await pool.query("SELECT count(*) FROM pg_prepared_statements")[0].decode(Int.self)
    }

    /// Whether the pool's only connection still prepares.
    private func prepares(_ pool: PostgresPool) async throws -> Bool {
        try await pool.withConnection { $0.physical.state.withLock { $0.statements.capacity > 0 } }
    }

    /// Each second time the statement is prepared, and then fails as it runs.
    @Test func aStatementThatFailsAgainAndAgainLeavesOneNameAtMost() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.query("CREATE TABLE unique_numbers (a INT UNIQUE)")
            try await pool.query("INSERT INTO unique_numbers VALUES (1)")
            for _ in 0..<20 {
                await #expect(throws: PostgresError.self) {
                    try await pool.query("INSERT INTO unique_numbers VALUES (\(1))")
                }
            }
            let names = try await namesOnServer(pool)
            #expect(names <= 1)
            let prepares = try await prepares(pool)
            #expect(prepares)
        }
    }

    /// Those sent behind a preparation that fails know a name that the server does not: no pooler is in between.
    @Test func aFailedPreparationDoesNotEndPreparing() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            for _ in 0..<20 {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<10 {
                        group.addTask { _ = try? await pool.query("INSERT INTO not_there_at_all VALUES (1)") }
                    }
                }
            }
            let prepares = try await prepares(pool)
            #expect(prepares)
        }
    }

    /// In a batch that fails, what stands behind the failing statement is not prepared, and what stands before it is.
    @Test func batchesThatFailLeaveTheNamesThatAreKnown() async throws {
        try await withPool(
            .with {
                $0.maximumConnections = 1
                $0.statementCacheCapacity = 20
            }
        ) { pool in
            for round in 0..<300 {
                await withTaskGroup(of: Void.self) { group in
                    for index in 0..<20 {
                        let text = PostgresQuery(trusted: "SELECT \((round + index) % 60)")
                        group.addTask {
                            if index % 4 == 0 {
                                _ = try? await pool.query("SELECT 1 / 0")
                            } else {
                                _ = try? await pool.query(text)
                            }
                        }
                    }
                }
            }
            let prepares = try await prepares(pool)
            #expect(prepares)
            // Those beyond the capacity are given back one by one, with the next that is prepared.
            let known = try await pool.withConnection { $0.physical.state.withLock { $0.statements.namesOnServer } }
            let names = try await namesOnServer(pool)
            #expect(names == known)
        }
    }
}
