package import Foundation
import LatencyHistogram

// A window made of rows alone, where a store has no histograms: of a time before it counted, or filled by another program.

/// Makes a window of rows, each counted by its weight.
package struct RowEstimate {
    /// What the rows so far make.
    package private(set) var window: MetricsWindow
    /// A weight need not be whole; what is left over counts with the series' next row.
    private var remainders: [SeriesKey: Double] = [:]

    /// Other programs write raw paths: beyond this many series the rest are counted together, as a recorder does.
    private static let maximumSeries = 1000

    package init(over interval: Range<Date>, slot: TimeInterval) {
        window = MetricsWindow(interval: interval)
        window.timeline = MetricsWindow.emptySlots(over: interval, length: slot)
    }

    package mutating func add(_ row: RequestRow) {
        let key = admit(row.series)
        let weight = row.weight + remainders[key, default: 0]
        let count = UInt64(max(weight, 0).rounded(.down))
        remainders[key] = weight - Double(count)
        window.series[key, default: LatencyHistogram()].record(row.nanoseconds, count: count)
        window.estimates[key, default: RowTally()].rows += 1
        window.estimates[key, default: RowTally()].requests += count
        guard let slot = window.slot(of: row.recordedAt) else { return }
        window.timeline[slot].histogram.record(row.nanoseconds, count: count)
        window.timeline[slot].isAlive = true
        if row.series.isServerError { window.timeline[slot].serverErrors &+= count }
    }
}

extension RowEstimate {
    private func admit(_ key: SeriesKey) -> SeriesKey {
        if window.series[key] != nil || window.series.count < Self.maximumSeries { return key }
        return SeriesKey(
            route: SeriesKey.overflowRoute, method: key.method, status: key.status, surface: key.surface)
    }
}

extension MetricsQuery {
    /// The part of the interval that rows tell: the time before anything was counted. Rows carry no instance, and say
    /// nothing of a time that histograms tell exactly.
    package func intervalOfRows(firstCounted: Date?) -> Range<Date>? {
        let end = min(firstCounted ?? .distantFuture, interval.upperBound)
        return instance == nil && interval.lowerBound < end ? interval.lowerBound..<end : nil
    }
}

extension MetricsWindow {
    /// Adds counts that were estimated from rows for a time before this window's own.
    package mutating func addEstimate(_ estimate: MetricsWindow, slot length: TimeInterval) {
        estimates.merge(estimate.estimates) { $1 }
        if timeline.isEmpty { timeline = Self.emptySlots(over: interval, length: length) }
        for (key, histogram) in estimate.series {
            series[key, default: LatencyHistogram(scale: histogram.scale)].merge(histogram)
        }
        for source in estimate.timeline where source.isAlive {
            guard let slot = slot(of: source.start) else { continue }
            timeline[slot].histogram.merge(source.histogram)
            timeline[slot].serverErrors &+= source.serverErrors
            timeline[slot].isAlive = true
        }
    }
}
