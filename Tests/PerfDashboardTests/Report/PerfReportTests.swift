import Foundation
import LatencyHistogram
import Testing

@testable import PerfDashboard
@testable import RequestMetrics

@Suite struct PerfReportTests {
    private let now = Traffic.longAgoEnd

    private func store() async throws -> MemoryStore { try await Traffic.longAgo.value }

    @Test func ranksBySortKeyAndKeepsTenAtMost() async throws {
        let report = try await PerfReport.read(window: .day, from: store(), at: now)
        #expect(report.slowest().first?.route == "/reports/{year}/{month}")
        #expect(report.slowest(3).count == 3)
        #expect(report.slowest(by: .requests).first?.route == "/permits/{id}")
        #expect(report.slowest(by: .totalTime).first?.route == "/search")
        let averages = report.slowest(by: .average).compactMap(\.now.average)
        #expect(averages == averages.sorted(by: >))
        let p95 = report.slowest(by: .p95).compactMap(\.now.p95.nanoseconds)
        #expect(p95 == p95.sorted(by: >))
    }

    @Test func volumeIsAlwaysOfADayAndBusiestFirst() async throws {
        let store = try await store()
        let quarter = try await PerfReport.read(window: .fifteenMinutes, from: store, at: now)
        let day = try await PerfReport.read(window: .day, from: store, at: now)
        #expect(quarter.volume.map(\.now.requests) == day.volume.map(\.now.requests))
        #expect(quarter.totals.requests < day.totals.requests)
        let counts = day.volume.map(\.now.requests)
        #expect(counts == counts.sorted(by: >))
        #expect(counts.reduce(0, +) == day.totals.requests)
    }

    @Test func showsARegressionWithoutBeingAsked() async throws {
        let report = try await PerfReport.read(window: .hour, from: store(), at: now)
        // The release was five hours ago: the hour before is as slow, so nothing is new.
        #expect(report.verdict.outcome == .steady)
        let day = try await PerfReport.read(window: .day, from: store(), at: now)
        #expect(day.verdict.outcome == .slower)
        #expect(day.verdict.regressions.first?.route == "/search")
        #expect(day.verdict.sentence.hasPrefix("Slower than the 24 hours before: p95 was"))
    }

    @Test func addsUpWindowsRoutesAndTimeline() async throws {
        let report = try await PerfReport.read(window: .day, from: store(), at: now)
        #expect(report.routes.reduce(0) { $0 + $1.now.requests } == report.totals.requests)
        #expect(report.timeline.reduce(0) { $0 + $1.histogram.count } == report.totals.requests)
        #expect(report.timeline.count == 96)
        #expect(report.marks.map(\.name) == ["deploy 1.4.2"])
        #expect(report.timeline.contains { !$0.isAlive })
        #expect(report.timeline.contains { $0.isAlive && $0.histogram.isEmpty })
    }

    @Test func leavesTheDashboardsOwnRequestsApart() async throws {
        let store = MemoryStore()
        let recorder = RequestRecorder(wallClock: { [now] in now })
        for _ in 0..<12 {
            recorder.record(
                route: "/admin/perf", method: "GET", status: 200, nanoseconds: 5_000_000, surface: .dashboard)
        }
        recorder.record(
            route: "/admin/perf/events", method: "GET", status: 200, nanoseconds: 60_000_000_000, surface: .dashboard)
        recorder.record(route: "/", method: "GET", status: 200, nanoseconds: 1_000_000)
        let report = try await ReportReader(store: store, recorder: recorder).report(.day, at: now)
        #expect(report.totals.requests == 1)
        #expect(report.routes.map(\.route) == ["/"])
        // A stream of events lasts as long as a page is open: it would say nothing about the dashboard's speed.
        #expect(report.dashboard.requests == 12)
    }

    @Test func includesWhatIsNotDrainedAndCountsNothingTwice() async throws {
        let store = MemoryStore()
        let recorder = RequestRecorder(wallClock: { [now] in now })
        let reader = ReportReader(store: store, recorder: recorder)
        for count in 1...25 {
            recorder.record(route: "/", method: "GET", status: 200, nanoseconds: 1_000_000)
            #expect(try await reader.report(.hour, at: now).totals.requests == UInt64(count))
            guard count.isMultiple(of: 3) else { continue }
            // A drain, looked at after each of its steps.
            recorder.collect()
            #expect(try await reader.report(.hour, at: now).totals.requests == UInt64(count))
            let batch = try #require(recorder.nextBatch())
            #expect(try await reader.report(.hour, at: now).totals.requests == UInt64(count))
            try await store.write(batch)
            #expect(try await reader.report(.hour, at: now).totals.requests == UInt64(count))
            // A confirmation that was lost: the batch goes out again under its number.
            if count.isMultiple(of: 2) { recorder.queue.confirm(batch.sequence, at: now, seconds: 0) }
        }
    }

    @Test func ratesCountOnlyTimeAlive() async throws {
        let store = MemoryStore()
        var batch = MetricsBatch(
            instance: "a", sequence: 1, interval: now.addingTimeInterval(-1800)..<now)
        var histogram = LatencyHistogram()
        histogram.record(1_000_000, count: 1800)
        batch.series = [
            SeriesDelta(
                key: SeriesKey(route: "/", method: "GET", status: 200),
                start: Resolution.minute.start(of: now.addingTimeInterval(-600)), histogram: histogram)
        ]
        try await store.write(batch)
        let report = try await PerfReport.read(window: .day, from: store, at: now)
        // Half an hour alive, to the slot of a quarter of an hour.
        #expect(report.rate > 0.6 && report.rate <= 1.01)
    }

    @Test func verdictOfNothing() async throws {
        let report = try await PerfReport.read(window: .day, from: MemoryStore(), at: now)
        #expect(report.verdict.outcome == .empty)
        #expect(report.verdict.sentence == "No request came in the last 24 hours.")
        #expect(report.rate == 0)
    }

    @Test func windowsByName() throws {
        #expect(try PerfWindow(parsing: "15m") == .fifteenMinutes)
        let error = #expect(throws: PerfWindowError.self) { try PerfWindow(parsing: "3h") }
        #expect(error?.description == "There is no window '3h': choose one of 15m, 1h, 24h, 7d.")
    }
}
