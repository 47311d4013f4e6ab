import Foundation
import LatencyHistogram
import RequestMetrics
import StoreFixture
import Testing

/// What goes when, in every store.
@Suite struct RetentionConformanceTests {
    private func with(
        _ kind: StoreKind, _ change: (inout RetentionSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (Subject) async throws -> Void
    ) async throws {
        var settings = RetentionSettings()
        change(&settings)
        try await Subject.with(kind, retention: settings) { subject in
            try await subject.store.migrate()
            try await body(subject)
        }
    }

    private func count(_ subject: Subject, _ sql: String) async throws -> Int {
        Int(try await subject.sql("SELECT CAST((\(sql)) AS INTEGER)")) ?? -1
    }

    @Test(arguments: StoreKind.allCases) func minutesBecomeHoursAndHoursGo(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            for hour in 0..<60 {
                try await subject.store.write(
                    .sample(UInt64(hour + 1), at: .noon(Double(hour) * 3600 + 10), [.permit: 2]))
            }
            try await subject.store.trim(now: .noon(60 * 3600))
            let reach = try await subject.store.statistics().reach
            #expect(reach.minutes == .noon(12 * 3600))
            #expect(reach.hours == .noon(0))
            let window = try await subject.store.read(.hours(0...60, slot: 3600))
            #expect(window.counts == [.permit: 120])
            #expect(window.timeline.map(\.histogram.count) == Array(repeating: 2, count: 60))
            // A window that starts amid an hour of which no minutes are left begins with that hour.
            let part = try await subject.store.read(.hours(3.5...4.5))
            #expect(part.interval == .noon(3 * 3600)..<(.noon(5 * 3600)))
            #expect(part.counts == [.permit: 4])

            try await subject.store.trim(now: .noon(86400 * 91))
            let left = try await count(
                subject,
                "SELECT count(*) FROM pitwall_rollups WHERE span = 3600 AND start < \(1_767_268_800 + 86400)")
            #expect(left == 0)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aBatchForMinutesThatAreGoneCountsInItsHour(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            let store = subject.store
            for hour in 0..<60 {
                try await store.write(.sample(UInt64(hour + 1), at: .noon(Double(hour) * 3600 + 10), [.permit: 2]))
            }
            try await store.trim(now: .noon(60 * 3600))
            var late = MetricsBatch.sample(1, at: .noon(60 * 3600), instance: "late")
            late.series = [
                SeriesDelta(key: .permit, start: .noon(3 * 3600 + 120), histogram: .of(5)),
                SeriesDelta(key: .permit, start: .noon(2 * 3600), resolution: .hour, histogram: .of(7)),
            ]
            try await store.write(late)
            try await store.write(.sample(61, at: .noon(62 * 3600)))
            try await store.trim(now: .noon(62 * 3600))
            let third = try await store.read(.hours(3...4))
            #expect(third.counts == [.permit: 7])
            let second = try await store.read(.hours(2...3))
            #expect(second.counts == [.permit: 9])
        }
    }

    @Test(arguments: StoreKind.allCases) func rowsGoAfterAWeek(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            let rows = (0..<6_000).map { RequestRow.sample(at: .noon(Double($0) * 0.001)) }
            try await subject.store.write(.sample(1, at: .noon(20), rows: rows))
            try await subject.store.write(.sample(2, at: .noon(86400 * 6), rows: [.sample(at: .noon(86400 * 6))]))
            try await subject.store.trim(now: .noon(86400 * 6.9))
            let kept = try await count(subject, "SELECT count(*) FROM request_metrics")
            #expect(kept == 6_001)
            try await subject.store.trim(now: .noon(86400 * 7.1))
            let left = try await count(subject, "SELECT count(*) FROM request_metrics")
            #expect(left == 1)
        }
    }

    @Test(arguments: StoreKind.allCases) func theBudgetWinsOverAge(_ kind: StoreKind) async throws {
        try await with(kind) {
            $0.budget = 1_500_000
        } _: { subject in
            for part in 0..<6 {
                let at = Date.noon(Double(part) * 600)
                // Paths of their own, or DuckDB would keep them as one.
                let rows = (0..<4000).map {
                    RequestRow.sample("/\(part)/\($0)/\(UInt64.random(in: 0 ... .max))", at: at)
                }
                try await subject.store.write(.sample(UInt64(part + 1), at: at, [.permit: 40_000], rows: rows))
            }
            for _ in 0..<20 { try await subject.store.trim(now: .noon(2 * 3600)) }
            let left = try await count(subject, "SELECT count(*) FROM request_metrics")
            #expect((1_000..<24_000).contains(left))
            // The telling stays: the counts are in the histograms.
            let window = try await subject.store.read(.hours(0...2))
            #expect(window.counts == [.permit: 240_000])
        }
    }
}
