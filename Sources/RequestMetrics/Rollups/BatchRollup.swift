package import Foundation
package import LatencyHistogram

/// What a batch adds to a store's histograms, by stretch of time: the same for every store, whatever its statements.
package struct BatchRollup {
    /// A stretch of time that histograms are kept for.
    package struct Slot: Hashable {
        /// When it starts, in seconds since 1970.
        package let start: Int
        /// How long it is.
        package let resolution: Resolution
    }

    /// The histograms of a series in a slot.
    package struct Entry {
        package let slot: Slot
        package let key: SeriesKey
        package let histogram: LatencyHistogram
    }

    /// All series of the service in a slot; without requests it is a heartbeat.
    package struct Total {
        package let slot: Slot
        package var histogram = LatencyHistogram()
        package var serverErrors: UInt64 = 0
    }

    /// One for each series and slot.
    package let entries: [Entry]
    /// One for each slot in which the service had a request or a heartbeat.
    package let totals: [Total]
    /// The hours whose minutes it changes, in seconds since 1970, in rising order.
    package let hours: [Int]

    /// How far back heartbeats are written after a long outage, in minutes.
    private static let longestSilence = 48 * 60

    /// - Parameter floor: the time in seconds since 1970 before which minutes no longer count: what belongs there goes
    ///   into its hour.
    package init(_ batch: MetricsBatch, floor: Int) {
        var histograms: [Slot: [SeriesKey: LatencyHistogram]] = [:]
        var totals: [Slot: Total] = [:]
        for delta in batch.series {
            let slot = Self.slot(of: delta, floor: floor)
            histograms[slot, default: [:]][delta.key, default: LatencyHistogram(scale: delta.histogram.scale)]
                .merge(delta.histogram)
            guard delta.key.surface == .service else { continue }
            var total = totals[slot] ?? Total(slot: slot, histogram: LatencyHistogram(scale: delta.histogram.scale))
            total.histogram.merge(delta.histogram)
            if delta.key.isServerError { total.serverErrors &+= delta.histogram.count }
            totals[slot] = total
        }
        for slot in Self.heartbeats(batch, floor: floor) where totals[slot] == nil { totals[slot] = Total(slot: slot) }
        entries = histograms.flatMap { slot, series in
            series.map { Entry(slot: slot, key: $0.key, histogram: $0.value) }
        }
        self.totals = Array(totals.values)
        let minutes = Set(histograms.keys).union(totals.keys).filter { $0.resolution == .minute }
        hours = Set(minutes.map { $0.start - $0.start % 3600 }).sorted()
    }

    private static func slot(of delta: SeriesDelta, floor: Int) -> Slot {
        let start = delta.start.storedSeconds
        return start >= floor
            ? Slot(start: start - start % 60, resolution: .minute)
            : Slot(start: start - start % 3600, resolution: .hour)
    }

    private static func heartbeats(_ batch: MetricsBatch, floor: Int) -> [Slot] {
        let last = batch.interval.upperBound.storedSeconds / 60
        let first = max(batch.interval.lowerBound.storedSeconds / 60, last - longestSilence, floor / 60)
        return first <= last ? (first...last).map { Slot(start: $0 * 60, resolution: .minute) } : []
    }
}
