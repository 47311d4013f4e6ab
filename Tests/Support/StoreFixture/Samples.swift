package import Foundation
package import LatencyHistogram
package import RequestMetrics

extension Date {
    /// Seconds after noon of a day in the past, a full hour.
    package static func noon(_ seconds: TimeInterval) -> Date { Date(timeIntervalSince1970: 1_767_268_800 + seconds) }
}

extension SeriesKey {
    package static let permit = SeriesKey(route: "/permits/{id}", method: "GET", status: 200)
    package static let search = SeriesKey(route: "/search", method: "GET", status: 200)
    package static let broken = SeriesKey(route: "/search", method: "GET", status: 500)
}

extension LatencyHistogram {
    /// As many requests of 5 ms.
    package static func of(_ count: UInt64) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        histogram.record(5_000_000, count: count)
        return histogram
    }
}

extension MetricsBatch {
    /// A batch with one delta for each entry, recorded in the minute of `end`.
    package static func sample(
        _ sequence: UInt64, at end: Date, instance: String = "a", _ counts: [SeriesKey: UInt64] = [:],
        rows: [RequestRow] = []
    ) -> MetricsBatch {
        let minute = Resolution.minute.start(of: end)
        return MetricsBatch(
            instance: instance, sequence: sequence, interval: end.addingTimeInterval(-10)..<end,
            series: counts.map { SeriesDelta(key: $0, start: minute, histogram: .of($1)) }, rows: rows)
    }
}

extension RequestRow {
    package static func sample(
        _ path: String = "/search", milliseconds: Double = 5, at date: Date = .noon(0)
    ) -> RequestRow {
        RequestRow(
            path: path, method: "GET", statusCode: 200, durationMilliseconds: milliseconds, recordedAt: date, weight: 10
        )
    }
}

extension MetricsWindow {
    /// Counts by series, to compare.
    package var counts: [SeriesKey: UInt64] { series.mapValues(\.count).filter { $0.value > 0 } }

    package var timelineCount: UInt64 { timeline.reduce(0) { $0 + $1.histogram.count } }
}

extension MetricsQuery {
    /// From noon on.
    package static func hours(_ hours: ClosedRange<Double>, slot: TimeInterval = 900) -> MetricsQuery {
        MetricsQuery(interval: .noon(hours.lowerBound * 3600)..<(.noon(hours.upperBound * 3600)), slot: slot)
    }
}

/// What the body throws, if it is a store's error.
package func storeError(_ body: () async throws -> Void) async -> MetricsStoreError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? MetricsStoreError
    }
}
