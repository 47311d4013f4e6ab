import Foundation
import LatencyHistogram
import RequestMetrics

/// Made-up traffic of a service over some days, the same for the same seed.
struct Traffic {
    /// One route's share of it.
    struct Route {
        let route: String
        var method = "GET"
        let perMinute: Double
        let median: Double
        var spread = 0.5
        var failing = 0.0
    }

    static let routes = [
        Route(route: "/", perMinute: 14, median: 3),
        Route(route: "/health", perMinute: 20, median: 0.4, spread: 0.3),
        Route(route: "/search", perMinute: 9, median: 48, spread: 0.9),
        Route(route: "/permits/{id}", perMinute: 24, median: 6),
        Route(route: "/permits", method: "POST", perMinute: 1.4, median: 110, spread: 0.6, failing: 0.02),
        Route(route: "/sitemap.xml", perMinute: 0.5, median: 210, spread: 0.35),
        Route(route: "/demo", perMinute: 3, median: 12),
        Route(route: "/reports/{year}/{month}", perMinute: 0.3, median: 640, spread: 0.5, failing: 0.01),
        Route(route: SeriesKey.unmatchedRoute, perMinute: 2, median: 0.6),
    ]

    var seed: UInt64 = 74
    /// Hours before `end` in which the process was not running.
    var dead: Range<Double> = 9..<10.5
    /// Hours before `end` in which nobody came.
    var idle: Range<Double> = 15..<16
    /// How many hours before `end` a release made searching slow.
    var slowSince = 5.0

    private static let batch: TimeInterval = 900

    /// The end of ``longAgo``.
    static let longAgoEnd = Date(timeIntervalSince1970: 1_795_000_000)
    /// Two days of it, made once for all tests that only read.
    static let longAgo = Task { try await store(until: longAgoEnd) }
    /// Two days until now, as above.
    static let recent = Task { try await store(until: Date()) }

    static func store(until end: Date) async throws -> MemoryStore {
        let store = MemoryStore()
        try await Traffic().write(to: store, hours: 48, until: end)
        return store
    }

    /// Writes it, a quarter of an hour a batch, into a store.
    func write(to store: some MetricsStore, hours: Double, until end: Date) async throws {
        var random = SplitMix(seed: seed)
        let last = Resolution.minute.start(of: end)
        var sequence: UInt64 = 0
        for first in stride(from: last.addingTimeInterval(-hours * 3600), to: last, by: Self.batch) {
            let ago = end.timeIntervalSince(first) / 3600
            if dead.contains(ago) { continue }
            sequence += 1
            var batch = MetricsBatch(
                instance: "fixture", sequence: sequence,
                interval: first..<min(last, first.addingTimeInterval(Self.batch)))
            for minute in stride(from: first, to: batch.interval.upperBound, by: 60) where !idle.contains(ago) {
                fill(&batch, minute: minute, ago: end.timeIntervalSince(minute) / 3600, random: &random)
            }
            try await store.write(batch)
        }
        try await store.addMark(ReleaseMark(name: "deploy 1.4.2", at: end.addingTimeInterval(-slowSince * 3600)))
    }

    private func fill(_ batch: inout MetricsBatch, minute start: Date, ago: Double, random: inout SplitMix) {
        let day = 0.6 + 0.4 * sin(ago / 24 * 2 * .pi)
        for route in Self.routes {
            let expected = route.perMinute * day
            let count =
                Int(expected)
                + (Double.random(in: 0..<1, using: &random) < expected.truncatingRemainder(dividingBy: 1) ? 1 : 0)
            var histograms: [Int: LatencyHistogram] = [:]
            for _ in 0..<count {
                let slowed = route.route == "/search" && ago < slowSince ? 3.2 : 1
                let nanoseconds = random.latency(median: route.median * slowed, spread: route.spread)
                let fails = Double.random(in: 0..<1, using: &random) < route.failing
                let status = fails ? 500 : route.route == SeriesKey.unmatchedRoute ? 404 : 200
                histograms[status, default: LatencyHistogram()].record(nanoseconds)
                if nanoseconds > 200_000_000 {
                    batch.rows.append(
                        RequestRow(
                            path: route.route, method: route.method, statusCode: status,
                            durationMilliseconds: Double(nanoseconds) / 1e6, recordedAt: start.addingTimeInterval(30),
                            weight: 1))
                }
            }
            batch.series += histograms.map { status, histogram in
                SeriesDelta(
                    key: SeriesKey(route: route.route, method: route.method, status: status), start: start,
                    histogram: histogram)
            }
        }
    }
}
