import Foundation
import LatencyHistogram
import Synchronization

/// What was collected and no store has confirmed: one batch on its way, and what gathers behind it.
///
/// A batch that was handed out once is handed out unchanged until it is confirmed, because a write that seemed to fail may
/// have succeeded: only the same numbers under the same sequence can be told from new ones.
final class DrainQueue: Sendable {
    /// Counts by series, and how to get them.
    typealias Histograms = () -> [(Series, LatencyHistogram)]

    private struct State {
        var sent: MetricsBatch?
        var gathering: PendingDeltas
        var rows: [RequestRow] = []
        var sequence: UInt64 = 1
        var aliveSince: Date
        var aliveUntil: Date
        var statistics = RecorderStatistics()
        /// Everything collected since the start, which counters that only ever rise are read from.
        var cumulative: [SeriesKey: LatencyHistogram] = [:]
    }

    private let instance: String
    private let settings: RecorderSettings
    private let state: Mutex<State>

    init(instance: String, settings: RecorderSettings, startedAt: Date) {
        self.instance = instance
        self.settings = settings
        var state = State(
            gathering: PendingDeltas(minutes: settings.pendingMinutes), aliveSince: startedAt, aliveUntil: startedAt)
        state.statistics.startedAt = startedAt
        self.state = Mutex(state)
    }

    /// Adds counts, as of the minute of `now`, and rows up to the bound.
    func collect(_ histograms: Histograms, rows: (kept: [RowBuffers.Kept], dropped: UInt64), at now: Date) {
        state.withLock { state in
            let moment = Self.moment(from: state.aliveUntil, to: now)
            for (series, histogram) in histograms() where histogram.count > 0 {
                state.gathering.add(histogram, to: series, at: moment)
                state.cumulative[series.key, default: LatencyHistogram(scale: histogram.scale)].merge(histogram)
                state.statistics.recorded &+= histogram.count
                if series.route == SeriesKey.overflowRoute { state.statistics.overflowed &+= histogram.count }
            }
            state.gathering.fold(now: now)
            state.aliveUntil = now
            // A clock that was set back must not make an interval that ends before it starts.
            state.aliveSince = min(state.aliveSince, now)

            let room = max(settings.maximumRows - state.rows.count - (state.sent?.rows.count ?? 0), 0)
            state.rows += rows.kept.prefix(room).map(row)
            state.statistics.keptRows &+= UInt64(min(rows.kept.count, room))
            state.statistics.droppedRows &+= rows.dropped &+ UInt64(max(rows.kept.count - room, 0))
        }
    }

    /// The batch to write: the one on its way if there is one, else a new one of all that gathered.
    func nextBatch(statistics: RecorderStatistics) -> MetricsBatch? {
        state.withLock { state in
            if let sent = state.sent { return sent }
            guard !state.gathering.isEmpty || !state.rows.isEmpty || state.aliveSince < state.aliveUntil else {
                return nil
            }
            let batch = MetricsBatch(
                instance: instance, sequence: state.sequence, interval: state.aliveSince..<state.aliveUntil,
                series: state.gathering.deltas, rows: state.rows.sorted { $0.recordedAt < $1.recordedAt },
                statistics: statistics)
            state.sequence += 1
            state.sent = batch
            state.gathering = PendingDeltas(minutes: settings.pendingMinutes)
            state.rows = []
            state.aliveSince = state.aliveUntil
            return batch
        }
    }

    /// Takes a batch as stored for good.
    func confirm(_ sequence: UInt64, at now: Date, seconds: Double) {
        state.withLock { state in
            guard let sent = state.sent, sent.sequence == sequence else { return }
            state.statistics.drained &+= sent.requests
            state.statistics.lastDrain = now
            state.statistics.lastDrainSeconds = seconds
            state.statistics.lastStoreError = nil
            state.sent = nil
        }
    }

    /// Notes that a write failed; its batch stays.
    func fail(_ description: String) {
        state.withLock { state in
            state.statistics.storeErrors &+= 1
            state.statistics.lastStoreError = description
        }
    }

    /// Everything no store has confirmed, in the batches in which it will go out.
    func pending(live: Histograms, statistics: RecorderStatistics, at now: Date) -> [MetricsBatch] {
        return state.withLock { state in
            var gathering = state.gathering
            let moment = Self.moment(from: state.aliveUntil, to: now)
            for (series, histogram) in live() { gathering.add(histogram, to: series, at: moment) }
            let next = MetricsBatch(
                instance: instance, sequence: state.sequence, interval: state.aliveSince..<max(now, state.aliveSince),
                series: gathering.deltas, rows: state.rows, statistics: statistics)
            return (state.sent.map { [$0] } ?? []) + [next]
        }
    }

    /// Everything recorded since the start, collected or not.
    func cumulative(live: Histograms) -> [SeriesKey: LatencyHistogram] {
        state.withLock { state in
            var cumulative = state.cumulative
            for (series, histogram) in live() {
                cumulative[series.key, default: LatencyHistogram(scale: histogram.scale)].merge(histogram)
            }
            return cumulative
        }
    }

    func statistics(live: Histograms) -> RecorderStatistics {
        state.withLock { state in
            var statistics = state.statistics
            for (series, histogram) in live() {
                statistics.recorded &+= histogram.count
                if series.route == SeriesKey.overflowRoute { statistics.overflowed &+= histogram.count }
            }
            return statistics
        }
    }

    /// The moment that stands for all requests counted between two collections: the middle, so that a collection on the
    /// full minute counts for the minute before. After a pause or a change of the clock, the later of the two.
    private static func moment(from start: Date, to end: Date) -> Date {
        let length = end.timeIntervalSince(start)
        return (0...120).contains(length) ? start.addingTimeInterval(length / 2) : end
    }

    private func row(_ kept: RowBuffers.Kept) -> RequestRow {
        let milliseconds = Double(kept.nanoseconds) / 1_000_000
        return RequestRow(
            path: kept.series.route, method: kept.series.code.method,
            statusCode: kept.series.code.status == 0 ? nil : kept.series.code.status,
            durationMilliseconds: milliseconds, recordedAt: kept.at,
            weight: settings.sampling.weight(ofMilliseconds: milliseconds))
    }
}
