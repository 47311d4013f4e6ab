import Testing

@testable import PostgresPool

@Suite(.timeLimit(.minutes(10))) struct TransactionTests {
    struct Stop: Error {}

    @Test func commitsWhatReturnsAndRollsBackWhatThrows() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE kept (id INT)")
            try await pool.withTransaction { try await $0.query("INSERT INTO kept VALUES (1)") }
            await #expect(throws: Stop.self) {
                try await pool.withTransaction { connection in
                    try await connection.query("INSERT INTO kept VALUES (2)")
                    throw Stop()
                }
            }
            let ids = try await pool.query("SELECT id FROM kept").map { try $0.decode(Int.self) }
            #expect(ids == [1])
        }
    }

    @Test func saysWhenACaughtErrorHasRolledEverythingBack() async throws {
        try await withPool { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction { connection in _ = try? await connection.query("SELECT 1/0") }
            }
            #expect(
                error?.description.hasPrefix("the transaction was rolled back: a statement in it had failed") == true)
        }
    }

    @Test(arguments: IsolationLevel.allCases)
    func setsTheIsolationLevel(level: IsolationLevel) async throws {
        try await withPool { pool in
            let shown = try await pool.withTransaction(isolation: level) { connection in
                try await connection.query("SHOW transaction_isolation")[0].decode(String.self)
            }
            #expect(shown.uppercased() == level.rawValue)
        }
    }

    @Test func aReadOnlyTransactionRefusesWritesAndDropsNoConnection() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE untouched (id INT)")
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction(access: .readOnly) {
                    try await $0.query("INSERT INTO untouched VALUES (1)")
                }
            }
            #expect(error?.serverError?.sqlState == "25006")
            #expect(pool.statistics.counts.closed == [:])
        }
    }

    /// Giving back to the server what it never had would be an error, and the transaction's end.
    @Test func aStatementThatWasNeverPreparedCostsALaterTransactionNothing() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            for _ in 0..<3 {
                await #expect(throws: PostgresError.self) { try await pool.query("SELECT * FROM not_there") }
            }
            let sum = try await pool.withTransaction { connection in
                var sum = 0
                for _ in 0..<3 { sum += try await connection.query("SELECT 2")[0].decode(Int.self) }
                return sum
            }
            #expect(sum == 6)
        }
    }

    @Test func runsAgainAfterASerializationFailure() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE counter (n INT)")
            try await pool.query("INSERT INTO counter VALUES (0)")
            let runs = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await pool.withTransaction(isolation: .serializable, retries: 50) { connection in
                            runs.increment()
                            let n = try await connection.query("SELECT n FROM counter")[0].decode(Int.self)
                            try await connection.query("UPDATE counter SET n = \(n + 1)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let n = try await pool.query("SELECT n FROM counter")[0].decode(Int.self)
            #expect(n == 4)
            #expect(runs.value >= 4)
        }
    }

    /// windmill-labs/windmill PR #10822: a cancel between BEGIN sent and answered gave the next borrower a transaction.
    @Test func aCancelAtAnyMomentLeavesNoTransactionOpen() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            for round in 0..<100 {
                let task = Task {
                    try await pool.withTransaction { try await $0.query("SELECT 1") }
                }
                for _ in 0..<round % 20 { await Task.yield() }
                task.cancel()
                _ = await task.result
                let isInTransaction = try await pool.withConnection { try await $0.isInTransaction }
                #expect(!isInTransaction)
            }
        }
    }
}
