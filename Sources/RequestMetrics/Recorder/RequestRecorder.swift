public import Foundation
public import LatencyHistogram
public import Logging
import Synchronization

/// Counts requests, from any thread, without a lock and without waiting for anything.
///
/// Every request is counted in a histogram of its route, method and status. Slow ones, and a random draw of the others,
/// are kept as rows as well. A ``MetricsDrain`` carries both to a ``MetricsStore``.
///
/// ```swift
/// let recorder = RequestRecorder()
/// recorder.record(route: "/permits/{id}", method: "GET", status: 200, duration: .milliseconds(3))
/// ```
///
/// Whatever is recorded, memory stays bounded by ``RecorderSettings``.
public final class RequestRecorder: Sendable {
    /// Names this recorder among those that share a store: host, process, and a random part for this start.
    public let instance: String

    /// How it counts.
    public let settings: RecorderSettings

    let queue: DrainQueue
    private let registry: SeriesRegistry
    private let random: RandomStreams
    private let rows: RowBuffers
    private let cost = RecordingCost()
    private let slowNanoseconds: UInt64
    private let drawBound: UInt64
    private let wallClock: @Sendable () -> Date

    /// Makes a recorder that has counted nothing.
    ///
    /// - Parameters:
    ///   - settings: how it counts.
    ///   - instance: its name among recorders that share a store; must differ from start to start.
    ///   - logger: where the one warning of too many routes goes.
    ///   - wallClock: what tells the time of day; tests set it.
    public init(
        settings: RecorderSettings = RecorderSettings(), instance: String = InstanceName.make(),
        logger: Logger = Logger(label: "pitwall.recorder"), wallClock: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.settings = settings
        self.instance = instance
        self.wallClock = wallClock
        registry = SeriesRegistry(settings: settings, logger: logger)
        random = RandomStreams(seed: settings.sampling.seed)
        rows = RowBuffers(capacity: settings.maximumRows)
        slowNanoseconds = settings.sampling.slowThreshold.nanosecondsClamped
        // The conversion fails only for 2^64 itself, at a rate of 1.
        drawBound = UInt64(exactly: (settings.sampling.drawRate * 0x1p64).rounded(.down)) ?? .max
        queue = DrainQueue(instance: instance, settings: settings, startedAt: wallClock())
    }

    /// Records a request by name.
    ///
    /// - Parameters:
    ///   - route: the route's template (`/permits/{id}`), never the raw path; empty when no route matched.
    ///   - method: the HTTP method in capitals; one that HTTP does not know counts as ``SeriesKey/otherMethod``.
    ///   - status: the status code; one outside 100 through 599 counts as 0.
    ///   - duration: how long it took, by a monotonic clock; a negative one counts as zero.
    ///   - surface: whether the service or the dashboard answered.
    public func record(
        route: String, method: String, status: Int, duration: Duration, surface: Surface = .service
    ) {
        record(
            route: route, method: method, status: status, nanoseconds: duration.nanosecondsClamped, surface: surface)
    }

    /// Records a request by name, its duration in nanoseconds. The quicker of the two: a `Duration` is 128 bits wide.
    public func record(
        route: String, method: String, status: Int, nanoseconds: UInt64, surface: Surface = .service
    ) {
        let code = SeriesCode(method: method, status: status, surface: surface)
        let thread = ThreadIdentity.current
        let number = random.next(on: thread)
        guard !RecordingCost.isMeasured(number) else { return measure(route, code, nanoseconds, number, thread) }
        observe(registry.series(route, code), nanoseconds, number, thread)
    }

    /// The series of a route, method and status, to record into without looking it up each time.
    public func series(
        route: String, method: String, status: Int, surface: Surface = .service
    ) -> RequestSeries {
        let code = SeriesCode(method: method, status: status, surface: surface)
        return RequestSeries(recorder: self, series: registry.series(route, code).takeUnretainedValue())
    }

    @inline(__always)
    func record(_ nanoseconds: UInt64, in series: Series) {
        let thread = ThreadIdentity.current
        let number = random.next(on: thread)
        let series = Unmanaged.passUnretained(series)
        guard !RecordingCost.isMeasured(number) else { return measure(series, nanoseconds, number, thread) }
        observe(series, nanoseconds, number, thread)
    }

    // Out of line: closures beside the usual path would make it count references.

    @inline(never)
    private func measure(
        _ route: String, _ code: SeriesCode, _ nanoseconds: UInt64, _ number: UInt64, _ thread: ThreadIdentity
    ) {
        cost.measure { observe(registry.series(route, code), nanoseconds, number, thread) }
    }

    @inline(never)
    private func measure(
        _ series: Unmanaged<Series>, _ nanoseconds: UInt64, _ number: UInt64, _ thread: ThreadIdentity
    ) {
        cost.measure { observe(series, nanoseconds, number, thread) }
    }

    @inline(__always)
    private func observe(_ series: Unmanaged<Series>, _ nanoseconds: UInt64, _ number: UInt64, _ thread: ThreadIdentity)
    {
        series._withUnsafeGuaranteedRef { $0.histogram.record(nanoseconds, on: thread) }
        if nanoseconds > slowNanoseconds || number < drawBound {
            keep(series, nanoseconds, thread)
        }
    }

    @inline(never)
    private func keep(_ series: Unmanaged<Series>, _ nanoseconds: UInt64, _ thread: ThreadIdentity) {
        guard series._withUnsafeGuaranteedRef({ $0.code.surface }) == .service else { return }
        rows.keep(series, nanoseconds, on: thread, at: wallClock)
    }
}

// MARK: - Reading

extension RequestRecorder {
    /// Everything recorded that no store has confirmed, as the batches in which it will go out: at most two.
    ///
    /// Costs a pass over all series and leaves everything in place. See ``MetricsWindow/adding(_:for:)``.
    public func pending() -> [MetricsBatch] {
        queue.pending(live: live(), statistics: statistics, at: wallClock())
    }

    /// Everything recorded since the start, by series: never less than at an earlier call, as a scraper's counters want.
    ///
    /// Costs a pass over all series and leaves everything in place.
    public func cumulative() -> [SeriesKey: LatencyHistogram] {
        queue.cumulative(live: live())
    }

    /// What the recorder knows of itself, up to this moment.
    public var statistics: RecorderStatistics {
        var statistics = queue.statistics(live: live())
        (statistics.routes, statistics.series) = registry.counts
        (statistics.nanosecondsPerRequest, statistics.measuredRequests) = cost.mean
        return statistics
    }

    /// Counts that are still where requests put them. A closure: the queue calls it under its lock, so that nothing
    /// moves from the series to the queue in between.
    private func live() -> () -> [(Series, LatencyHistogram)] {
        { [registry] in
            registry.all.map { ($0, $0.histogram.snapshot()) }.filter { $0.1.count > 0 }
        }
    }
}

// MARK: - Draining

extension RequestRecorder {
    /// Moves what was recorded since the last call into the queue, as of this minute.
    func collect() {
        let now = wallClock()
        queue.collect(
            { [registry] in registry.all.map { ($0, $0.histogram.snapshotAndReset()) } }, rows: rows.take(), at: now)
    }

    /// The batch that a store must confirm next; the same one until it does. Nil when there is nothing to say.
    func nextBatch() -> MetricsBatch? {
        queue.nextBatch(statistics: statistics)
    }
}
