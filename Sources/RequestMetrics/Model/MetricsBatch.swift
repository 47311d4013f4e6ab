public import Foundation
public import LatencyHistogram

/// How long a stretch of time one stored histogram covers.
public enum Resolution: Int, Sendable, Hashable, CaseIterable {
    /// One minute, starting on a full minute.
    case minute = 60
    /// One hour, starting on a full hour.
    case hour = 3600

    /// Its length in seconds.
    public var seconds: TimeInterval { TimeInterval(rawValue) }

    /// The start of the stretch that `date` is in.
    public func start(of date: Date) -> Date {
        Date(timeIntervalSince1970: (date.timeIntervalSince1970 / seconds).rounded(.down) * seconds)
    }
}

/// Requests of one series that ended within one minute, or within one hour when they waited long for a store.
public struct SeriesDelta: Sendable, Hashable {
    /// Which series they belong to.
    public var key: SeriesKey

    /// The full minute, or full hour, in which they ended.
    public var start: Date

    /// How long a stretch `start` stands for.
    public var resolution: Resolution

    /// Their durations in nanoseconds.
    public var histogram: LatencyHistogram

    /// Makes a delta.
    public init(key: SeriesKey, start: Date, resolution: Resolution = .minute, histogram: LatencyHistogram) {
        self.key = key
        self.start = start
        self.resolution = resolution
        self.histogram = histogram
    }
}

/// What one recorder hands to a store at once: the counts since the batch before, and examples.
///
/// `instance` and `sequence` make a batch that is written twice count once.
public struct MetricsBatch: Sendable {
    /// Which recorder it comes from; another one after every start of a process.
    public var instance: String

    /// Rises by one from batch to batch of an instance, starting at 1.
    public var sequence: UInt64

    /// From when to when the instance was alive: the heartbeat of these minutes, idle or not.
    public var interval: Range<Date>

    /// Counts that no earlier batch of the instance held.
    public var series: [SeriesDelta]

    /// Examples, oldest first.
    public var rows: [RequestRow]

    /// What the recorder said of itself when the batch was made.
    public var statistics: RecorderStatistics

    /// Makes a batch.
    public init(
        instance: String, sequence: UInt64, interval: Range<Date>, series: [SeriesDelta] = [], rows: [RequestRow] = [],
        statistics: RecorderStatistics = RecorderStatistics()
    ) {
        self.instance = instance
        self.sequence = sequence
        self.interval = interval
        self.series = series
        self.rows = rows
        self.statistics = statistics
    }

    /// How many requests its histograms hold, both surfaces.
    public var requests: UInt64 { series.reduce(0) { $0 &+ $1.histogram.count } }
}
