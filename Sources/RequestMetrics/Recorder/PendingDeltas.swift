import Foundation
import LatencyHistogram

/// Counts that no store holds yet, by series and by when they were made.
///
/// Bounded however long a store is gone: at most so many minutes, 48 hours, and a day for each day before. No count is
/// ever lost; only the moment it belongs to becomes coarser.
struct PendingDeltas {
    private struct Slot: Hashable {
        let series: ObjectIdentifier
        let start: Int
        let resolution: Resolution
    }

    private var histograms: [Slot: (series: Series, histogram: LatencyHistogram)] = [:]
    private let minutes: Int

    private static let day = 86400
    private static let finestHours = 48

    init(minutes: Int) {
        self.minutes = max(minutes, 1)
    }

    var isEmpty: Bool { histograms.isEmpty }

    var requests: UInt64 { histograms.values.reduce(0) { $0 &+ $1.histogram.count } }

    mutating func add(_ histogram: LatencyHistogram, to series: Series, at date: Date) {
        merge(histogram, into: series, start: Self.floor(date, to: Resolution.minute.rawValue), .minute)
    }

    /// Folds what is older than the bounds allow, seen from `now`.
    mutating func fold(now: Date) {
        let oldestMinute = Self.floor(now, to: Resolution.minute.rawValue) - minutes * Resolution.minute.rawValue
        let oldestHour = Self.floor(now, to: Resolution.hour.rawValue) - Self.finestHours * Resolution.hour.rawValue
        for (slot, entry) in histograms {
            let span = slot.start < oldestHour ? Self.day : Resolution.hour.rawValue
            guard slot.start < oldestMinute, slot.resolution == .minute || slot.start % span != 0 else { continue }
            histograms[slot] = nil
            merge(entry.histogram, into: entry.series, start: slot.start - Self.remainder(slot.start, span), .hour)
        }
    }

    /// Everything, in the order of time.
    var deltas: [SeriesDelta] {
        histograms.sorted { $0.key.start < $1.key.start }.map { slot, entry in
            SeriesDelta(
                key: entry.series.key, start: Date(timeIntervalSince1970: TimeInterval(slot.start)),
                resolution: slot.resolution, histogram: entry.histogram)
        }
    }

    private mutating func merge(
        _ histogram: LatencyHistogram, into series: Series, start: Int, _ resolution: Resolution
    ) {
        let slot = Slot(series: ObjectIdentifier(series), start: start, resolution: resolution)
        histograms[slot, default: (series, LatencyHistogram(scale: histogram.scale))].histogram.merge(histogram)
    }

    private static func floor(_ date: Date, to span: Int) -> Int {
        // A clock may say anything; what does not fit is taken for 1970.
        let seconds = Int(exactly: date.timeIntervalSince1970.rounded(.down)) ?? 0
        return seconds - remainder(seconds, span)
    }

    /// The remainder of Euclid's division, never negative, so that times before 1970 round down as well.
    private static func remainder(_ seconds: Int, _ span: Int) -> Int {
        let remainder = seconds % span
        return remainder < 0 ? remainder + span : remainder
    }
}
