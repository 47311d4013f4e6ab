import LatencyHistogram
import PerfDashboard
import PostgresFixture
import PostgresPool
import Testing

@testable import PermitsApp

@Suite struct PoolReportTests {
    @Test func thePoolsFiguresAreTheDashboards() async throws {
        try await ThrowawayPostgres.with { server in
            var configuration = PostgresPoolConfiguration(connectionString: server.url)
            configuration.maximumConnections = 3
            configuration.acquireTimeout = .seconds(60)
            try await PostgresPool.withPool(configuration) { pool in
                for _ in 0..<5 { try await pool.query("SELECT 1") }
                try await pool.withConnection(file: "App/Search.swift", line: 12) { connection in
                    try await connection.query("SELECT 1")
                    let report = pool.report
                    #expect(report.name == "pitwall")
                    #expect((report.min, report.max, report.inUse, report.available) == (2, 3, 1, 2))
                    #expect(report.isHealthy)
                    #expect(report.acquired == 6)
                    #expect(report.holders.map(\.site) == ["App/Search.swift:12"])
                    #expect(report.queryTime.count == 6)
                    #expect(report.waitTime.count == 6)
                    #expect(report.created >= 1)
                    #expect(report.connectFailure == nil)
                }
            }
        }
    }
}
