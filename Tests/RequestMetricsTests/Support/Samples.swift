import Foundation
import LatencyHistogram
import Synchronization

@testable import RequestMetrics

/// Noon of a day in the past, a full hour.
let noon = Date(timeIntervalSince1970: 1_767_268_800)

extension Date {
    /// As seconds after noon.
    static func noon(_ seconds: TimeInterval) -> Date { noonDate.addingTimeInterval(seconds) }
    private static var noonDate: Date { RequestMetricsTests.noon }
}

/// A time of day that a test sets.
final class SettableClock: Sendable {
    private let date: Mutex<Date>

    init(_ date: Date = noon) { self.date = Mutex(date) }

    var now: Date {
        get { date.withLock { $0 } }
        set { date.withLock { $0 = newValue } }
    }

    func advance(_ seconds: TimeInterval) { date.withLock { $0 += seconds } }
}

extension SeriesKey {
    static let permit = SeriesKey(route: "/permits/{id}", method: "GET", status: 200)
    static let search = SeriesKey(route: "/search", method: "GET", status: 200)
    static let broken = SeriesKey(route: "/search", method: "GET", status: 500)
}

extension LatencyHistogram {
    /// As many requests of so many milliseconds.
    static func of(_ count: UInt64, milliseconds: Double = 5) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        histogram.record(UInt64(milliseconds * 1e6), count: count)
        return histogram
    }
}

extension MetricsBatch {
    /// A batch with one delta for each entry, recorded in the minute of `end`.
    static func sample(
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
    static func sample(_ path: String = "/search", milliseconds: Double = 5, at date: Date = noon) -> RequestRow {
        RequestRow(
            path: path, method: "GET", statusCode: 200, durationMilliseconds: milliseconds, recordedAt: date, weight: 10
        )
    }
}

extension MetricsWindow {
    /// Counts by series, to compare.
    var counts: [SeriesKey: UInt64] { series.mapValues(\.count).filter { $0.value > 0 } }

    var timelineCount: UInt64 { timeline.reduce(0) { $0 + $1.histogram.count } }
}

extension MetricsQuery {
    /// From noon on.
    static func hours(_ hours: ClosedRange<Double>, slot: TimeInterval = 900) -> MetricsQuery {
        MetricsQuery(interval: .noon(hours.lowerBound * 3600)..<(.noon(hours.upperBound * 3600)), slot: slot)
    }
}
