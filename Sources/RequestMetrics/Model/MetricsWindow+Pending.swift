package import Foundation
import LatencyHistogram

extension MetricsWindow {
    /// Adds batches that the store does not hold yet; those it does, by ``applied``, are left out.
    ///
    /// Take `pending` from the recorder before the window is read.
    public func adding(_ pending: [MetricsBatch], for query: MetricsQuery) -> MetricsWindow {
        var window = self
        for batch in pending where batch.sequence > applied[batch.instance, default: 0] {
            if let instance = query.instance, instance != batch.instance { continue }
            window.add(batch, for: query)
        }
        return window
    }

    private mutating func add(_ batch: MetricsBatch, for query: MetricsQuery) {
        for delta in batch.series where interval.contains(delta.start) {
            if let route = query.route, route != MetricsQuery.Route(delta.key.route, method: delta.key.method) {
                continue
            }
            series[delta.key, default: LatencyHistogram(scale: delta.histogram.scale)].merge(delta.histogram)
            guard delta.key.surface == .service, let slot = slot(of: delta.start) else { continue }
            timeline[slot].histogram.merge(delta.histogram)
            if delta.key.isServerError { timeline[slot].serverErrors &+= delta.histogram.count }
        }
        for index in timeline.indices {
            let end = timeline[index].start.addingTimeInterval(timeline[index].duration)
            if batch.interval.lowerBound < end, batch.interval.upperBound > timeline[index].start {
                timeline[index].isAlive = true
            }
        }
    }

    /// The slot of the timeline that `date` is in.
    package func slot(of date: Date) -> Int? {
        guard let first = timeline.first, first.duration > 0 else { return nil }
        let index = Int(exactly: (date.timeIntervalSince(first.start) / first.duration).rounded(.down))
        guard let index, timeline.indices.contains(index) else { return nil }
        return index
    }

    /// Empty slots over an interval, each starting on a multiple of `length` seconds since 1970.
    package static func emptySlots(over interval: Range<Date>, length: TimeInterval) -> [TimeSlot] {
        let first = (interval.lowerBound.timeIntervalSince1970 / length).rounded(.down) * length
        let count = ((interval.upperBound.timeIntervalSince1970 - first) / length).rounded(.up)
        return (0..<Int(min(max(count, 0), Double(maximumSlots)))).map { number in
            TimeSlot(start: Date(timeIntervalSince1970: first + Double(number) * length), duration: length)
        }
    }

    /// More slots than any chart shows; a question that would make more gets the earliest ones.
    static let maximumSlots = 10_000
}
