public import Foundation
public import LatencyHistogram

/// A slot of a window's timeline.
public struct TimeSlot: Sendable, Hashable {
    /// When it starts: a multiple of its length since 1970 in UTC.
    public var start: Date

    /// Its length in seconds.
    public var duration: TimeInterval

    /// Durations of all requests of the service, or of the route asked for, that ended in it.
    public var histogram: LatencyHistogram

    /// How many of them had a status of 500 through 599.
    public var serverErrors: UInt64

    /// Whether a process was alive to count: tells silence (alive, no requests) from death.
    public var isAlive: Bool

    /// Makes a slot.
    public init(
        start: Date, duration: TimeInterval, histogram: LatencyHistogram = LatencyHistogram(), serverErrors: UInt64 = 0,
        isAlive: Bool = false
    ) {
        self.start = start
        self.duration = duration
        self.histogram = histogram
        self.serverErrors = serverErrors
        self.isAlive = isAlive
    }
}

/// Rows, and the requests they stand for.
public struct RowTally: Sendable, Hashable {
    /// Rows that were read.
    public var rows: UInt64 = 0
    /// The requests that they stand for by their weights.
    public var requests: UInt64 = 0

    /// Makes an empty tally.
    public init() {}
}

/// How far back a store reaches at each resolution; nil where it holds nothing.
public struct MetricsReach: Sendable, Hashable {
    /// The oldest minute.
    public var minutes: Date?
    /// The oldest hour.
    public var hours: Date?
    /// The oldest row.
    public var rows: Date?

    /// Makes a reach.
    public init(minutes: Date? = nil, hours: Date? = nil, rows: Date? = nil) {
        self.minutes = minutes
        self.hours = hours
        self.rows = rows
    }
}

/// What a store holds of one stretch of time.
public struct MetricsWindow: Sendable {
    /// The stretch, widened to full minutes, or to full hours where nothing finer is kept.
    public var interval: Range<Date>

    /// The durations of each series, both surfaces; only those of the route asked for, where one was.
    public var series: [SeriesKey: LatencyHistogram] = [:]

    /// Slots in order, without gaps, from the start of the interval to its end.
    public var timeline: [TimeSlot] = []

    /// Marks within the interval, oldest first.
    public var marks: [ReleaseMark] = []

    /// The part of ``series`` that was estimated from rows, each counted by its weight, for a time without histograms.
    public var estimates: [SeriesKey: RowTally] = [:]

    /// Whether any count was estimated from rows.
    public var isEstimated: Bool { !estimates.isEmpty }

    /// How far back the store reaches.
    public var reach = MetricsReach()

    /// The last batch of each live instance that the counts include, so that batches in flight count once.
    public var applied: [String: UInt64] = [:]

    /// The instances that wrote last, and up to when: of a fleet, who is there to be read alone.
    public var lastSeen: [String: Date] = [:]

    /// Histograms that could not be read and were left out.
    public var unreadable = 0

    /// Makes an empty window.
    public init(interval: Range<Date>) {
        self.interval = interval
    }

    /// All requests of the service in one histogram.
    public var total: LatencyHistogram {
        var total = LatencyHistogram()
        for (key, histogram) in series where key.surface == .service { total.merge(histogram) }
        return total
    }

    /// Requests of the service with a status of 500 through 599.
    public var serverErrors: UInt64 {
        series.reduce(0) { sum, entry in
            entry.key.surface == .service && entry.key.isServerError ? sum &+ entry.value.count : sum
        }
    }
}
