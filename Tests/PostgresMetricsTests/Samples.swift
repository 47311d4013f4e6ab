import Foundation
import LatencyHistogram
import RequestMetrics

extension Date {
    /// Seconds after noon of a day in the past, a full hour.
    static func noon(_ seconds: TimeInterval) -> Date { Date(timeIntervalSince1970: 1_767_268_800 + seconds) }
}

extension SeriesKey {
    static let permit = SeriesKey(route: "/permits/{id}", method: "GET", status: 200)
    static let search = SeriesKey(route: "/search", method: "GET", status: 200)
    static let broken = SeriesKey(route: "/search", method: "GET", status: 500)
}

extension MetricsBatch {
    /// A batch with one delta for each entry, recorded in the minute of `end`.
    static func sample(
        _ sequence: UInt64, at end: Date, instance: String = "a", _ counts: [SeriesKey: UInt64] = [:],
        rows: [RequestRow] = []
    ) -> MetricsBatch {
        let series = counts.filter { $0.value > 0 }.map { key, count in
            var histogram = LatencyHistogram()
            histogram.record(5_000_000, count: count)
            return SeriesDelta(key: key, start: Resolution.minute.start(of: end), histogram: histogram)
        }
        return MetricsBatch(
            instance: instance, sequence: sequence, interval: end.addingTimeInterval(-10)..<end, series: series,
            rows: rows
        )
    }
}

extension RequestRow {
    static func sample(_ path: String = "/search", milliseconds: Double = 5, at date: Date = .noon(0)) -> RequestRow {
        RequestRow(
            path: path, method: "GET", statusCode: 200, durationMilliseconds: milliseconds, recordedAt: date, weight: 10
        )
    }
}

extension MetricsWindow {
    /// Counts by series, to compare.
    var counts: [SeriesKey: UInt64] { series.mapValues(\.count).filter { $0.value > 0 } }
}

extension MetricsQuery {
    /// From noon on.
    static func hours(_ hours: ClosedRange<Double>, slot: TimeInterval = 900) -> MetricsQuery {
        MetricsQuery(interval: .noon(hours.lowerBound * 3600)..<(.noon(hours.upperBound * 3600)), slot: slot)
    }
}
