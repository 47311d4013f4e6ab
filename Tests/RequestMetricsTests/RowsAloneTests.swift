import Foundation
import GRDB
import LatencyHistogram
import Testing

@testable import RequestMetrics

/// A table `request_metrics` that another program filled.
@Suite struct RowsAloneTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func fill(_ rows: String...) async throws {
        let queue = try DatabaseQueue(path: folder.file())
        try await queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE request_metrics (
                        id INTEGER PRIMARY KEY, path TEXT NOT NULL, method TEXT NOT NULL DEFAULT 'GET',
                        status_code INTEGER, duration_ms FLOAT NOT NULL, recorded_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
                    """)
            for row in rows {
                try db.execute(
                    sql: """
                        INSERT INTO request_metrics (path, method, status_code, duration_ms, recorded_at) VALUES (\(row))
                        """)
            }
        }
        try queue.close()
    }

    @Test(arguments: [true, false])
    func aReportIsWeightedAndSaysThatItIsEstimated(isReadOnly: Bool) async throws {
        try await fill(
            "'/search', 'GET', 200, 350.5, '2026-01-01 12:00:05'",
            "'/search', 'GET', 200, 20, '2026-01-01T12:10:00Z'",
            "'/search', 'GET', 500, 20, 1767269700",
            "'/search', 'POST', NULL, 20.25, '2026-01-01T13:20:00+01:00'",
            "'/late', 'GET', 200, 20, '2026-01-02 12:00:00'",
            "'/odd', 'GET', 200, 'slow', '2026-01-01 12:00:00'",
            "'/odd', 'GET', 200, -5, '2026-01-01 12:00:00'",
            "'/odd', 'GET', 200, 5, 'yesterday'",
            "'/odd', 'GET', 'teapot', 5, '2026-01-01 12:00:00'")
        let store = SQLiteStore(path: folder.file(), isReadOnly: isReadOnly)
        let window = try await store.read(.hours(0...1))
        #expect(window.isEstimated)
        #expect(
            window.counts == [
                .search: 11, .broken: 10,
                SeriesKey(route: "/search", method: "POST", status: 0): 10,
                SeriesKey(route: "/odd", method: "GET", status: 0): 10,
            ])
        // One slow row for itself and one drawn for ten: eleven requests, known from two.
        #expect(window.estimates[.search]?.rows == 2)
        #expect(window.estimates[.search]?.requests == 11)
        #expect(window.timeline.map(\.histogram.count) == [21, 20, 0, 0])
        let slowest = try await store.examples(
            in: noon..<(.noon(3600)), route: .init("/search", method: "GET"), limit: 1)
        #expect(slowest.map(\.durationMilliseconds) == [350.5])
        #expect(slowest.map(\.recordedAt) == [.noon(5)])
        #expect(slowest.map(\.weight) == [1])
        #expect(try await store.missingTables().contains("pitwall_totals"))
    }

    @Test func aFractionalWeightAddsUpOverManyRows() async throws {
        try await fill()
        let queue = try DatabaseQueue(path: folder.file())
        try await queue.write { db in
            for _ in 0..<300 {
                try db.execute(
                    sql: """
                        INSERT INTO request_metrics (path, duration_ms, recorded_at)
                        VALUES ('/x', 1, '2026-01-01 12:00')
                        """)
            }
        }
        let store = SQLiteStore(path: folder.file(), sampling: SamplingRule(drawRate: 0.3))
        #expect(abs(Int(try await store.read(.hours(0...1)).total.count) - 1000) <= 1)
    }
}
