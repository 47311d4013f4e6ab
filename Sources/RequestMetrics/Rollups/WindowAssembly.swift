package import Foundation
package import LatencyHistogram

/// Puts a window together from what a store holds: the store brings rows of its tables, this makes sense of them.
package struct WindowAssembly {
    /// What came together so far.
    package var window: MetricsWindow
    private let query: MetricsQuery
    /// The series by their numbers in the store; only those of the route asked for, where one was.
    private let keys: [Int: SeriesKey]
    private var series: [Int: LatencyHistogram] = [:]

    package init(_ query: MetricsQuery, _ plan: WindowPlan, keys: [Int: SeriesKey]) {
        self.query = query
        self.keys = keys
        window = MetricsWindow(interval: plan.interval)
        window.timeline = MetricsWindow.emptySlots(over: plan.interval, length: query.slot)
    }

    /// Adds a histogram of a series; nil stands for one that cannot be read.
    package mutating func addSeries(_ number: Int, _ histogram: LatencyHistogram?) {
        guard let histogram = readable(histogram) else { return }
        series[number, default: LatencyHistogram(scale: histogram.scale)].merge(histogram)
    }

    /// Adds the total of a stretch of time. Of a route it tells no more than that somebody was alive.
    package mutating func addTotal(start: Int, serverErrors: Int64, _ histogram: LatencyHistogram?) {
        guard let slot = window.slot(of: Date(storedSeconds: start)) else { return }
        window.timeline[slot].isAlive = true
        guard query.route == nil, let histogram = readable(histogram) else { return }
        window.timeline[slot].histogram.merge(histogram)
        window.timeline[slot].serverErrors &+= UInt64(clamping: serverErrors)
    }

    /// Adds a histogram of a series of the route asked for to the timeline.
    package mutating func addToTimeline(start: Int, series number: Int, _ histogram: LatencyHistogram?) {
        guard let slot = window.slot(of: Date(storedSeconds: start)), let key = keys[number],
            key.surface == .service, let histogram = readable(histogram)
        else { return }
        window.timeline[slot].histogram.merge(histogram)
        if key.isServerError { window.timeline[slot].serverErrors &+= histogram.count }
    }

    /// Adds an instance: the last batch of it that the counts include, and when that ended in seconds since 1970.
    package mutating func addInstance(_ name: String, sequence: Int64, lastSeen: Int) {
        window.applied[name] = UInt64(clamping: sequence)
        window.lastSeen[name] = Date(storedSeconds: lastSeen)
    }

    /// How many instances a store tells of: those alive lately enough to have a batch in flight, and more.
    package static let instances = 1000

    /// The window, once everything is added.
    package consuming func finish() -> MetricsWindow {
        for (number, histogram) in series {
            if let key = keys[number] { window.series[key] = histogram }
        }
        return window
    }

    private mutating func readable(_ histogram: LatencyHistogram?) -> LatencyHistogram? {
        if histogram == nil { window.unreadable += 1 }
        return histogram
    }
}
