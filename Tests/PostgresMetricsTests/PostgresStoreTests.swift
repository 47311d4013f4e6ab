import Foundation
import LatencyHistogram
import Logging
import PostgresFixture
import RequestMetrics
import StoreFixture
import Testing

@testable import PostgresMetrics
@testable import PostgresPool

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
                                for await _ in pool.observers.changes() where pool.health.healthy { break }
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
