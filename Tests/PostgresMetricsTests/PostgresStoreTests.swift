import Foundation
import LatencyHistogram
import Logging
import PostgresFixture
import PostgresPool
import RequestMetrics
import Testing

@testable import PostgresMetrics

/// The store on a real server; every test has a database of its own.
@Suite struct PostgresStoreTests {
    private static let server = Task { try await ThrowawayPostgres.start() }

    /// Runs the body with a migrated store.
    private func withStore(
        retention: RetentionSettings = RetentionSettings(), name: String = #function,
        _ body: @escaping @Sendable (PostgresStore, PostgresPool) async throws -> Void
    ) async throws {
        let server = try await Self.server.value
        let database = "t_" + name.prefix { $0.isLetter }.lowercased()
        try await server.psql("CREATE DATABASE \(database)")
        var configuration = PostgresPoolConfiguration(
            connectionString: "postgres://postgres@127.0.0.1:\(server.port)/\(database)"
        )
        configuration.minimumConnections = 0
        configuration.acquireTimeout = .seconds(60)
        try await PostgresPool.withPool(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        { pool in
            let store = PostgresStore(pool: pool, retention: retention)
            try await store.migrate()
            try await body(store, pool)
        }
    }

    @Test func aNewDatabaseHasTheContractsTable() async throws {
        try await withStore { store, pool in
            try await store.migrate()
            let missing = try await store.missingTables()
            #expect(missing == [])
            let columns = try await pool.query(
                """
                SELECT column_name || ' ' || data_type FROM information_schema.columns
                WHERE table_name = 'request_metrics' ORDER BY ordinal_position
                """
            ).map { try $0.decode(String.self) }
            #expect(
                columns == [
                    "id integer", "path text", "method text", "status_code integer", "duration_ms double precision",
                    "recorded_at timestamp with time zone",
                ]
            )
            try await pool.query("INSERT INTO request_metrics (path, duration_ms) VALUES ('/x', 3)")
            let (id, method, isNow) = try await pool.query(
                "SELECT id, method, recorded_at > now() - interval '1 minute' FROM request_metrics"
            )[0].decode(Int.self, String.self, Bool.self)
            #expect((id, method, isNow) == (1, "GET", true))
            let index = try await pool.query(
                "SELECT indexdef FROM pg_indexes WHERE indexname = 'idx_reqmetrics_path_ts'"
            )[0].decode(String.self)
            #expect(index.hasSuffix("(path, recorded_at)"))
        }
    }

    @Test func manyInstancesMigrateAtOnce() async throws {
        try await withStore { _, pool in
            try await pool.query("DROP TABLE pitwall_totals, request_metrics, pitwall_state")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { try await PostgresStore(pool: pool).migrate() } }
                try await group.waitForAll()
            }
        }
    }

    @Test func missingTablesAreNamed() async throws {
        try await withStore { store, pool in
            try await pool.query("DROP TABLE request_metrics, pitwall_totals")
            let missing = try await store.missingTables()
            #expect(missing == ["request_metrics", "pitwall_totals"])
        }
    }

    @Test func whatIsWrittenIsRead() async throws {
        try await withStore { store, _ in
            try await store.write(.sample(1, at: .noon(10), [.permit: 3, .search: 4]))
            try await store.write(.sample(2, at: .noon(70), [.permit: 5, .broken: 2], rows: [.sample(at: .noon(65))]))
            let window = try await store.read(.hours(0...1, slot: 60))
            #expect(window.counts == [.permit: 8, .search: 4, .broken: 2])
            #expect(window.serverErrors == 2)
            #expect(window.isEstimated == false)
            #expect(window.timeline.count == 60)
            #expect(window.timeline.prefix(3).map(\.histogram.count) == [7, 7, 0])
            #expect(window.timeline.prefix(3).map(\.serverErrors) == [0, 2, 0])
            #expect(window.timeline.prefix(3).map(\.isAlive) == [true, true, false])
            #expect(window.applied == ["a": 2])
            let rows = try await store.examples(in: Date.noon(0)..<(.noon(100)), route: nil, limit: 9)
            #expect(rows == [.sample(at: .noon(65))])
        }
    }

    @Test func aBatchWrittenTwiceCountsOnce() async throws {
        try await withStore { store, _ in
            let batch = MetricsBatch.sample(1, at: .noon(10), [.permit: 3], rows: [.sample()])
            try await store.write(batch)
            try await store.write(batch)
            try await store.write(.sample(2, at: .noon(20), [.permit: 1]))
            try await store.write(batch)
            let window = try await store.read(.hours(0...1))
            #expect(window.counts == [.permit: 4])
            let rows = try await store.examples(in: .distantPast..<(.distantFuture), route: nil, limit: 9)
            #expect(rows.count == 1)
        }
    }

    @Test func manyInstancesWriteAtOnceAndEachCanBeReadAlone() async throws {
        try await withStore { store, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for instance in 0..<6 {
                    group.addTask {
                        for sequence in 1...10 {
                            try await store.write(
                                .sample(
                                    UInt64(sequence), at: .noon(Double(sequence) * 400), instance: "i\(instance)",
                                    [.permit: 2, .search: UInt64(instance)]
                                )
                            )
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await store.write(.sample(11, at: .noon(3 * 3600), instance: "i0"))
            let fleet = try await store.read(.hours(0...2, slot: 3600))
            #expect(fleet.counts == [.permit: 120, .search: 150])
            var query = MetricsQuery.hours(0...2, slot: 3600)
            query.instance = "i3"
            let one = try await store.read(query)
            #expect(one.counts == [.permit: 20, .search: 30])
        }
    }

    @Test func hoursHoldWhatTheirMinutesDid() async throws {
        try await withStore { store, pool in
            for minute in 0..<130 {
                try await store.write(
                    .sample(UInt64(minute + 1), at: .noon(Double(minute) * 60 + 10), [.permit: 2, .broken: 1]))
            }
            let before = try await store.read(.hours(0...2, slot: 3600))
            try await store.write(.sample(131, at: .noon(3 * 3600 + 60)))
            let settled = try await store.read(.hours(0...2, slot: 3600))
            #expect(settled.counts == before.counts)
            #expect(settled.counts == [.permit: 240, .broken: 120])
            #expect(settled.timeline.map(\.serverErrors) == [60, 60])
            let hours = try await pool.query("SELECT count(*) FROM pitwall_totals WHERE span = 3600")[0].decode(
                Int.self)
            #expect(hours >= 2)
        }
    }

    @Test func rowsAloneAreReadWithTheirWeight() async throws {
        try await withStore { store, pool in
            try await pool.query(
                "INSERT INTO request_metrics (path, duration_ms, status_code, recorded_at) VALUES ('/x', 5, 200, \(Date.noon(60))), ('/x', 500, 500, \(Date.noon(61)))"
            )
            let window = try await store.read(.hours(0...1))
            #expect(window.isEstimated)
            #expect(window.total.count == 11)
            #expect(window.serverErrors == 1)
        }
    }

    @Test func oldDataGoes() async throws {
        var retention = RetentionSettings()
        retention.rows = 3600
        retention.minutes = 2 * 3600
        try await withStore(retention: retention) { store, _ in
            for hour in 0..<6 {
                try await store.write(
                    .sample(
                        UInt64(hour + 1), at: .noon(Double(hour) * 3600 + 10), [.permit: 2],
                        rows: [.sample(at: .noon(Double(hour) * 3600 + 9))]
                    )
                )
            }
            try await store.trim(now: .noon(6 * 3600))
            let window = try await store.read(.hours(0...6, slot: 3600))
            #expect(window.counts == [.permit: 12], "hours hold what the minutes did")
            #expect(window.reach.minutes == .noon(4 * 3600))
            #expect(window.reach.hours == .noon(0))
            let rows = try await store.examples(in: .distantPast..<(.distantFuture), route: nil, limit: 9)
            #expect(rows.count == 1)
        }
    }

    @Test func marksAreKept() async throws {
        try await withStore { store, _ in
            try await store.addMark(ReleaseMark(name: "deploy 1", at: .noon(10)), unlessLatest: true)
            try await store.addMark(ReleaseMark(name: "deploy 1", at: .noon(20)), unlessLatest: true)
            try await store.addMark(ReleaseMark(name: "deploy 2", at: .noon(30)))
            let marks = try await store.marks(in: Date.noon(0)..<(.noon(100)))
            #expect(marks.map(\.name) == ["deploy 1", "deploy 2"])
        }
    }

    @Test func countsStayExactThroughARestart() async throws {
        try await ThrowawayPostgres.with { server in
            var configuration = PostgresPoolConfiguration(connectionString: server.url)
            configuration.acquireTimeout = .seconds(60)
            let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            try await PostgresPool.withPool(configuration, logger: silent) { pool in
                let store = PostgresStore(pool: pool)
                try await store.migrate()
                async let writing: Void = {
                    for sequence in 1...60 {
                        let batch = MetricsBatch.sample(UInt64(sequence), at: .noon(Double(sequence)), [.permit: 3])
                        // As the drain does: the same batch until it is known to be written.
                        while true {
                            do {
                                try await store.write(batch)
                                break
                            } catch let error as MetricsStoreError {
                                try #require(error.code == .unavailable, "\(error)")
                                try await Task.sleep(for: .milliseconds(20))
                            }
                        }
                    }
                }()
                try await server.stop(mode: "immediate")
                try await server.start()
                try await writing
                let window = try await store.read(.hours(0...1))
                #expect(window.counts == [.permit: 180])
            }
        }
    }
}
