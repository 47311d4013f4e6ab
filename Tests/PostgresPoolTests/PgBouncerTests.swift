import Logging
import PostgresFixture
import Testing

@testable import PostgresPool

/// The pool behind a real PgBouncer in transaction mode.
@Suite(.timeLimit(.minutes(10))) struct PgBouncerTests {
    private func withPoolBehindPgBouncer(
        poolerSettings: [String] = [], connections: Int = 4, logs: LogCollector = LogCollector(),
        name: String = #function,
        _ body: @escaping @Sendable (PostgresPool) async throws -> Void
    ) async throws {
        try await ThrowawayPgBouncer.with(server: try await SharedServer.port(), settings: poolerSettings) { pooler in
            try await withPool(
                url: pooler.url, logger: logs.logger, name: name, .with { $0.maximumConnections = connections }, body)
        }
    }

    @Test func setsTheStatementTimeoutOnceWhenOptionsAreRefusedAndSaysSo() async throws {
        let logs = LogCollector()
        try await withPoolBehindPgBouncer(logs: logs) { pool in
            let shown = try await pool.query("SHOW statement_timeout")[0].decode(String.self)
            #expect(shown == "30s")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { _ = try await pool.withConnection { try await $0.query("SELECT 1") } }
                }
                try await group.waitForAll()
            }
        }
        #expect(logs.entries("start-up options are refused").count == 1)
    }

    @Test func usesStartUpOptionsWhenThePoolerTakesThem() async throws {
        let logs = LogCollector()
        try await withPoolBehindPgBouncer(poolerSettings: ["ignore_startup_parameters = options"], logs: logs) { pool in
            for _ in 0..<5 {
                let one = try await pool.query("SELECT \(1)")[0].decode(Int.self)
                #expect(one == 1)
            }
        }
        #expect(logs.entries("start-up options are refused").isEmpty)
    }

    /// The pooler lets everybody in, and hangs up on what sets the connection up: that is a failure to connect, with its
    /// pause, and not a loss that is made good at once.
    @Test func aServerThatIsAwayBehindThePoolerCausesNoStorm() async throws {
        try await ThrowawayPostgres.with { server in
            // Else it keeps its callers for two minutes.
            let settings = ["query_wait_timeout = 1"]
            try await ThrowawayPgBouncer.with(server: server.port, settings: settings) { pooler in
                try await withPool(
                    url: pooler.url, .with { ($0.minimumConnections, $0.maximumConnections) = (2, 4) }
                ) { pool in
                    try await pool.query("SELECT 1")
                    try await server.stop(mode: "immediate")
                    let callers = Task {
                        while !Task.isCancelled {
                            _ = try? await pool.query("SELECT 1")
                            await Task.yield()
                        }
                    }
                    await waitUntil(pool) { pool.statistics.counts.connectFailures >= 3 }
                    #expect(pool.statistics.connectFailure != nil)
                    let counts = pool.statistics.counts
                    #expect(counts.closed.values.reduce(0, +) <= counts.created)
                    try await server.start()
                    await waitUntil(pool) { pool.health.healthy }
                    callers.cancel()
                    await callers.value
                    await untilItWorks(pool) { try await pool.query("SELECT 1") }
                }
            }
        }
    }

    /// Behind this pooler every transaction may run on another server connection, which knows nothing of what was
    /// prepared on the last: statements are answered all the same, and never with another's rows.
    @Test func neverRunsAnothersPreparedStatement() async throws {
        try await withPoolBehindPgBouncer(poolerSettings: ["ignore_startup_parameters = options"]) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        let text = PostgresQuery(trusted: "SELECT \(index % 7), \(index % 7) * 2")
                        let row = try await pool.withConnection {
                            try await $0.query(text)[0].decode(Int.self, Int.self)
                        }
                        #expect(row == (index % 7, index % 7 * 2))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func runsTransactionsAndCancels() async throws {
        try await withPoolBehindPgBouncer { pool in
            let two = try await pool.withTransaction { connection in
                try await connection.query("SELECT 1")
                return try await connection.query("SELECT 2")[0].decode(Int.self)
            }
            #expect(two == 2)
            await #expect(throws: CancellationError.self) {
                try await pool.withTransaction { connection in
                    try await connection.query("SELECT pg_advisory_xact_lock(4711002)")
                    try await connection.whileSleeping { sleeper in
                        sleeper.cancel()
                        _ = try await sleeper.value
                    }
                }
            }
            // Granted as the transaction ends, long before the sleep would.
            try await SharedServer.psql("SELECT pg_advisory_lock(4711002)")
        }
    }

    /// A pooler in transaction mode takes the setting to whichever server connection it likes, and its undoing to another.
    @Test(arguments: [[], ["ignore_startup_parameters = options"]])
    func saysOnceThatASessionIsNobodysOwn(settings: [String]) async throws {
        let logs = LogCollector()
        try await withPoolBehindPgBouncer(poolerSettings: settings, logs: logs) { pool in
            // What needs no session of its own is nothing to warn of.
            try await pool.query("CREATE TABLE IF NOT EXISTS made_through_a_pooler (a INT)")
            try await pool.withTransaction { try await $0.query("SET LOCAL statement_timeout = '5s'") }
            for _ in 0..<3 { try await pool.withConnection { try await $0.query("SET work_mem = '5MB'") } }
            try await pool.withConnection { _ = try await $0.listen(to: "nobody") }
            await waitUntil(pool) { pool.statistics.idle == pool.statistics.counts.created }
        }
        let warnings = logs.entries("a pooler is in between: unless it pools by session")
        #expect(warnings.count == 1)
        #expect(warnings.first?.level == .warning)
        #expect(["SET work_mem = '5MB'", "LISTEN"].contains(warnings.first?.metadata["statement"]?.description))
    }

    @Test func saysSoOfListening() async throws {
        let logs = LogCollector()
        try await withPoolBehindPgBouncer(logs: logs) { pool in
            try await pool.withNotifications(of: "nobody") { _ in }
        }
        #expect(logs.entries("a pooler is in between: unless").first?.metadata["statement"]?.description == "LISTEN")
    }

    @Test func saysNothingOfAServerWithoutAPooler() async throws {
        let logs = LogCollector()
        try await withPool(logger: logs.logger) { pool in
            try await pool.withConnection { try await $0.query("SET work_mem = '5MB'") }
            try await pool.withNotifications(of: "nobody") { _ in }
        }
        #expect(logs.entries("a pooler").isEmpty)
    }

    /// In session mode the pooler keeps the server's connection for this client, and what is set in it.
    @Test func setsTheStatementTimeoutAgainAfterAReset() async throws {
        try await withPoolBehindPgBouncer(poolerSettings: ["pool_mode = session"], connections: 1) { pool in
            let before = try await pool.withConnection { connection in
                try await connection.query("SET work_mem = '5MB'")
                return connection.serverProcess
            }
            // Asked for while it is still being reset, another connection would be made.
            await waitUntil(pool) { pool.statistics.idle == 1 }
            let (shown, process) = try await pool.withConnection { connection in
                (try await connection.query("SHOW statement_timeout")[0].decode(String.self), connection.serverProcess)
            }
            #expect(process == before)
            #expect(shown == "30s")
        }
    }
}
