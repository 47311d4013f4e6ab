import LatencyHistogram
import Logging
import PostgresFixture
import ServiceLifecycle
import Testing

@testable import PostgresPool

/// The pool as its users and operators see it.
@Suite(.timeLimit(.minutes(10))) struct PoolTests {
    @Test(arguments: [
        ("1234ms", "1234ms"), ("30 s", "30s"), (" 2min ", "2min"), ("1500", "1500ms"), ("0.5h", "30min"), ("0", "0"),
    ])
    func setsTheStatementTimeoutWithoutARoundTrip(text: String, expected: String) async throws {
        try await withPool(.with { $0.statementTimeout = text }) { pool in
            let shown = try await pool.query("SHOW statement_timeout")[0].decode(String.self)
            #expect(shown == expected)
        }
    }

    @Test func theServerEndsAStatementAfterTheTimeout() async throws {
        try await withPool(.with { $0.statementTimeout = "50ms" }) { pool in
            let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT pg_sleep(10)") }
            #expect(error?.serverError?.sqlState == "57014")
        }
    }

    @Test func exhaustionIsLoggedAndToldToTheCaller() async throws {
        let logs = LogCollector()
        try await withPool(
            logger: logs.logger,
            .with {
                ($0.minimumConnections, $0.maximumConnections) = (1, 1)
                $0.acquireTimeout = .milliseconds(200)
            }
        ) { pool in
            await waitUntil(pool) { pool.statistics.idle == 1 }
            try await pool.withConnection(file: "App/Search.swift", line: 12) { _ in
                for _ in 0..<3 {
                    let error = await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
                    guard case .acquireTimeout(let exhaustion) = error else {
                        Issue.record("\(String(describing: error))")
                        return
                    }
                    #expect(exhaustion.waited >= .milliseconds(200))
                    #expect(exhaustion.inUse == 1)
                    #expect(exhaustion.holders.first?.file == "App/Search.swift")
                    #expect(exhaustion.holders.first?.line == 12)
                }
            }
            let warnings = logs.entries("connection pool exhausted")
            #expect(warnings.count == 1, "rate-limited")
            #expect(warnings.first?.level == .warning)
            #expect(warnings.first?.metadata["in_use"] == "1")
            #expect(warnings.first?.metadata["max"] == "1")
            #expect(pool.statistics.counts.timedOut == 3)
        }
    }

    @Test func exhaustionNamesWhoseStatementRuns() async throws {
        try await withPool(
            .with {
                $0.maximumConnections = 1
                $0.acquireTimeout = .milliseconds(100)
                $0.connectTimeout = .seconds(60)
            }
        ) { pool in
            await untilItWorks(pool) { try await pool.query("SELECT 1") }
            let sleeper = Task { try await pool.query("SELECT pg_sleep(600)", file: "App/Slow.swift", line: 56) }
            await waitUntil(pool) { pool.health.inUse == 1 }
            let error = await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
            #expect(
                error?.description.contains("held by App/Slow.swift:56 for ") == true, "\(String(describing: error))")
            sleeper.cancel()
            _ = await sleeper.result
        }
    }

    @Test func theAcquireTimeoutCoversConnecting() async throws {
        let proxy = try FaultProxy(target: try await SharedServer.port())
        defer { proxy.stop() }
        proxy.set(.frozen)
        try await withPool(
            url: "postgres://postgres@127.0.0.1:\(proxy.port)/postgres",
            .with { $0.acquireTimeout = .milliseconds(100) }
        ) { pool in
            let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
            guard case .acquireTimeout(let exhaustion) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(exhaustion.connecting == 1)
            proxy.set(.cut)
        }
    }

    /// Nobody connects, and still nobody waits for ever.
    @Test func aPoolThatIsNotRunTellsItsCallersInTime() async throws {
        let pool = try PostgresPool(
            configuration: try await .test { $0.acquireTimeout = .milliseconds(50) }, logger: LogCollector().logger)
        let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
        guard case .acquireTimeout = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func aConnectionHeldForLongIsLoggedWithItsPlaceAndAgainWhenItComesBack() async throws {
        let logs = LogCollector()
        try await withPool(logger: logs.logger, .with { $0.holdThreshold = .milliseconds(40) }) { pool in
            try await pool.withConnection(file: "App/Report.swift", line: 34) { _ in
                await waitUntil(pool) { !logs.entries("a connection is held for long").isEmpty }
            }
            #expect(logs.entries("a connection is held for long")[0].metadata["taken_at"] == "App/Report.swift:34")
            #expect(logs.entries("a connection held for long has come back").count == 1)
        }
    }

    @Test func healthSaysWhatCouldBeHadNow() async throws {
        try await withPool(.with { ($0.minimumConnections, $0.maximumConnections) = (1, 3) }) { pool in
            try await pool.query("SELECT 1")
            try await pool.withConnection { _ in
                let health = pool.health
                #expect(health == PoolHealth(healthy: true, min: 1, max: 3, inUse: 1, available: 2))
                #expect(pool.statistics.health == health)
            }
        }
    }

    @Test func statisticsCountAndMeasure() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            for _ in 0..<10 { try await pool.withConnection { _ = try await $0.query("SELECT 1") } }
            let statistics = pool.statistics
            #expect(statistics.counts.acquired == 10)
            #expect(statistics.counts.created == 1)
            #expect(statistics.waitTime.count == 10)
            #expect(statistics.useTime.count == 10)
            #expect(statistics.queryTime.count == 10)
            #expect(statistics.createTime.count == 1)
        }
    }

    @Test func servesManyMoreTasksThanConnections() async throws {
        try await withPool(.with { $0.maximumConnections = 4 }) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<1_000 {
                    group.addTask {
                        try await pool.withConnection { connection in
                            let value = try await connection.query("SELECT \(index)")[0].decode(Int.self)
                            #expect(value == index)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(pool.statistics.counts.created <= 4)
            #expect(pool.health.inUse == 0)
        }
    }

    /// sqlx #3132 and puddle's TestStress: callers whose deadline is about as long as their wait.
    @Test func callersThatGiveUpCauseNoStorm() async throws {
        try await withPool(
            .with {
                $0.maximumConnections = 2
                $0.acquireTimeout = .milliseconds(20)
            }
        ) { pool in
            let timedOut = Counter()
            let cancelled = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<2_000 {
                    group.addTask {
                        let caller = Task {
                            try await pool.withConnection { try await $0.query("SELECT pg_sleep(0.001)") }
                        }
                        if index % 3 == 0 {
                            await Task.yield()
                            caller.cancel()
                        }
                        do {
                            _ = try await caller.value
                        } catch is CancellationError {
                            cancelled.increment()
                        } catch PostgresError.acquireTimeout {
                            timedOut.increment()
                        }
                    }
                }
                try await group.waitForAll()
            }
            await waitUntil(pool) { pool.health.inUse == 0 && pool.statistics.waiting == 0 }
            // A cancelled statement is cancelled on the server and the connection kept: nothing to connect for.
            #expect(pool.statistics.counts.created <= 2 + cancelled.value)
            #expect(pool.statistics.counts.timedOut == timedOut.value)
            await untilItWorks(pool) { try await pool.query("SELECT 1") }
        }
    }

    @Test func shutDownLeavesNothingOnTheServer() async throws {
        let name = "shutDownLeavesNothing"
        try await withPool(name: name, .with { $0.minimumConnections = 2 }) { pool in
            await waitUntil(pool) { pool.statistics.idle == 2 }
            let count = try await SharedServer.psql(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(name)'"
            )
            #expect(count == "2")
        }
        try await SharedServer.waitUntil(
            "NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = '\(name)')")
    }

    @Test func gracefulShutDownLetsRunningWorkEnd() async throws {
        let configuration = try await PostgresPoolConfiguration.test { $0.maximumConnections = 1 }
        let pool = try PostgresPool(configuration: configuration, logger: LogCollector().logger)
        let group = ServiceGroup(services: [pool], logger: LogCollector().logger)
        async let running: Void = group.run()
        let work = Task {
            try await pool.withConnection { connection in
                await group.triggerGracefulShutdown()
                let waiting = await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
                #expect(waiting?.description == "the pool has shut down")
                return try await connection.query("SELECT pg_sleep(0.05), 7")[0].decode(String.self, Int.self).1
            }
        }
        let seven = try await work.value
        #expect(seven == 7)
        try await running
    }

    @Test func aPoolThatNobodyRunsSaysSo() async throws {
        let configuration = try await PostgresPoolConfiguration.test { $0.acquireTimeout = .milliseconds(50) }
        let pool = try PostgresPool(configuration: configuration, logger: LogCollector().logger)
        let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
        #expect(error?.description.contains("; nobody runs the pool: call run()") == true)
    }

    @Test func theDrainTimeoutEndsWorkThatDoesNotEnd() async throws {
        let configuration = try await PostgresPoolConfiguration.test { $0.drainTimeout = .milliseconds(100) }
        let pool = try PostgresPool(configuration: configuration, logger: LogCollector().logger)
        async let running: Void = pool.run()
        let work = Task { try await pool.query("SELECT pg_sleep(60)") }
        await waitUntil(pool) { pool.health.inUse == 1 }
        pool.shutDown()
        let error = await #expect(throws: PostgresError.self) { try await work.value }
        // Not by its statement timeout.
        #expect(error?.description == "the pool has shut down")
        try await running
    }

    @Test func cancellingTheServiceEndsIt() async throws {
        let configuration = try await PostgresPoolConfiguration.test { $0.minimumConnections = 1 }
        let pool = try PostgresPool(configuration: configuration, logger: LogCollector().logger)
        let running = Task { try await pool.run() }
        await waitUntil(pool) { pool.statistics.idle == 1 }
        running.cancel()
        try await running.value
        await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
    }

    @Test func theKeepAliveProvesIdleConnectionsAlive() async throws {
        try await withPool(
            .with {
                $0.minimumConnections = 1
                $0.keepAlive = .milliseconds(40)
            }
        ) { pool in
            await waitUntil(pool) { pool.statistics.queryTime.count >= 3 }
            #expect(pool.statistics.counts.closed == [:])
        }
    }

    @Test func theMaximumLifetimeReplacesConnections() async throws {
        try await withPool(
            .with {
                $0.minimumConnections = 1
                $0.maximumLifetime = .milliseconds(100)
            }
        ) { pool in
            await waitUntil(pool) { pool.statistics.counts.closed[.lifetime, default: 0] >= 2 }
        }
    }
}
