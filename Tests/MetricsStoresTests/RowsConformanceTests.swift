import Foundation
import LatencyHistogram
import RequestMetrics
import StoreFixture
import Testing

/// Tables that another program filled, in every store.
@Suite struct RowsConformanceTests {
    /// A database that holds the contract's table alone, filled by somebody else.
    private func with(
        _ kind: StoreKind, sampling: SamplingRule = SamplingRule(), _ rows: [String],
        _ body: @escaping @Sendable (Subject) async throws -> Void
    ) async throws {
        try await Subject.with(kind, sampling: sampling) { subject in
            let id = kind == .postgres ? "id SERIAL PRIMARY KEY" : "id INTEGER PRIMARY KEY"
            let time = kind == .postgres ? "TIMESTAMPTZ" : "TIMESTAMP"
            try await subject.sql(
                """
                CREATE TABLE request_metrics (\(id), path TEXT NOT NULL, method TEXT NOT NULL DEFAULT 'GET',
                    status_code INTEGER, duration_ms FLOAT NOT NULL, recorded_at \(time))
                """)
            let utc = kind == .postgres ? "+00" : ""
            let values = rows.enumerated().map { index, row in
                "(\(index + 1), \(row.replacingOccurrences(of: "@", with: utc)))"
            }
            if !values.isEmpty {
                try await subject.sql(
                    """
                    INSERT INTO request_metrics (id, path, method, status_code, duration_ms, recorded_at)
                    VALUES \(values.joined(separator: ", "))
                    """)
            }
            try await body(subject)
        }
    }

    @Test(arguments: StoreKind.allCases) func aReportIsWeightedAndSaysThatItIsEstimated(_ kind: StoreKind) async throws
    {
        try await with(
            kind,
            [
                "'/search', 'GET', 200, 350.5, '2026-01-01 12:00:05@'",
                "'/search', 'GET', 200, 20, '2026-01-01 12:10:00@'",
                "'/search', 'GET', 500, 20, '2026-01-01 12:15:00@'",
                "'/search', 'POST', NULL, 20.25, '2026-01-01 12:20:00@'",
                "'/late', 'GET', 200, 20, '2026-01-02 12:00:00@'", "'/odd', 'GET', 200, -5, '2026-01-01 12:00:00@'",
                "'/odd', 'GET', 999, 5, '2026-01-01 12:00:00@'",
            ]
        ) { subject in
            let window = try await subject.store.read(.hours(0...1))
            #expect(window.isEstimated)
            #expect(
                window.counts == [
                    .search: 11, .broken: 10, SeriesKey(route: "/search", method: "POST", status: 0): 10,
                    SeriesKey(route: "/odd", method: "GET", status: 0): 10,
                ])
            #expect(window.timeline.map(\.histogram.count) == [21, 20, 0, 0])
            let slowest = try await subject.store.examples(
                in: .noon(0)..<(.noon(3600)), route: .init("/search", method: "GET"), limit: 1)
            #expect(slowest.map(\.durationMilliseconds) == [350.5])
            #expect(slowest.map(\.recordedAt) == [.noon(5)])
            #expect(slowest.map(\.weight) == [1])
            let missing = try await subject.store.missingTables()
            #expect(missing.contains("pitwall_totals"))
        }
    }

    @Test(arguments: StoreKind.allCases) func aFractionalWeightAddsUpOverManyRows(_ kind: StoreKind) async throws {
        let rows = Array(repeating: "'/x', 'GET', NULL, 1, '2026-01-01 12:00:00@'", count: 300)
        try await with(kind, sampling: SamplingRule(drawRate: 0.3), rows) { subject in
            let count = try await subject.store.read(.hours(0...1)).total.count
            #expect((999...1001).contains(count))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func theTimeBeforeTheServiceTookTheTableOverStaysEstimated(_ kind: StoreKind) async throws {
        try await with(
            kind,
            [
                "'/search', 'GET', 200, 350.5, '2026-01-01 12:00:05@'",
                "'/search', 'GET', 200, 5, '2026-01-01 12:10:05@'", "'/search', 'GET', 200, 5, '2026-01-01 12:40:05@'",
            ]
        ) { subject in
            let store = subject.store
            try await store.migrate()
            let taken = try await store.read(.hours(0...1))
            #expect(taken.counts == [.search: 21])
            try await store.write(.sample(1, at: .noon(1830), [.search: 3]))
            let window = try await store.read(.hours(0...1))
            #expect(window.isEstimated)
            // One slow row, a drawn one that stands for ten, and three that were counted; the row after that is one of them.
            #expect(window.counts == [.search: 14])
            #expect(window.timeline.map(\.histogram.count) == [11, 0, 3, 0])
            let later = try await store.read(.hours(0.5...1))
            #expect(!later.isEstimated)
            #expect(later.counts == [.search: 3])
        }
    }

    @Test(arguments: StoreKind.allCases) func anEmptyTableIsAnExactNothing(_ kind: StoreKind) async throws {
        try await with(kind, []) { subject in
            let window = try await subject.store.read(.hours(0...1))
            #expect(!window.isEstimated)
            #expect(window.counts == [:])
        }
    }
}
