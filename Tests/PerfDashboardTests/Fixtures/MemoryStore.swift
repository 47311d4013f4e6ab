import Foundation
import LatencyHistogram
import RequestMetrics
import Synchronization

/// A store in memory that reads what it was given, and fails or hangs when told to.
final class MemoryStore: MetricsStore {
    private struct State {
        var batches: [MetricsBatch] = []
        var marks: [ReleaseMark] = []
        var failure: MetricsStoreError?
        var gate: AsyncStream<Void>?
        var reads = 0
    }

    private let state = Mutex(State())

    /// How often `read` was asked.
    var reads: Int { state.withLock { $0.reads } }

    /// Makes every method that reads throw, or work again.
    func fail(with error: MetricsStoreError?) {
        state.withLock { $0.failure = error }
    }

    /// Makes reads wait until the continuation that is returned finishes.
    func hang() -> AsyncStream<Void>.Continuation {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        state.withLock { $0.gate = stream }
        return continuation
    }

    func migrate() async throws {}
    func missingTables() async throws -> [String] { [] }
    func trim(now: Date) async throws {}
    func close() async throws {}

    func write(_ batch: MetricsBatch) async throws {
        try check()
        state.withLock { state in
            let isKnown = state.batches.contains { $0.instance == batch.instance && $0.sequence == batch.sequence }
            if !isKnown { state.batches.append(batch) }
        }
    }

    func read(_ query: MetricsQuery) async throws -> MetricsWindow {
        let (batches, marks, gate) = state.withLock { state in
            state.reads += 1
            return (state.batches, state.marks, state.gate)
        }
        if let gate { for await _ in gate {} }
        try check()
        var window = MetricsWindow(interval: query.interval)
        let slots = Int(query.interval.upperBound.timeIntervalSince(query.interval.lowerBound) / query.slot)
        window.timeline = (0..<slots).map { slot in
            TimeSlot(
                start: query.interval.lowerBound.addingTimeInterval(Double(slot) * query.slot), duration: query.slot)
        }
        window.marks = marks.filter { query.interval.contains($0.at) }
        window.reach.minutes = batches.map(\.interval.lowerBound).min()
        window.reach.rows = batches.flatMap(\.rows).map(\.recordedAt).min()
        window = window.adding(batches, for: query)
        for batch in batches {
            window.applied[batch.instance] = max(window.applied[batch.instance] ?? 0, batch.sequence)
        }
        return window
    }

    func examples(in interval: Range<Date>, route: MetricsQuery.Route?, limit: Int) async throws -> [RequestRow] {
        try check()
        let rows = state.withLock { $0.batches.flatMap(\.rows) }
        let matching = rows.filter { row in
            interval.contains(row.recordedAt)
                && (route.map { $0 == MetricsQuery.Route(row.path, method: row.method) } ?? true)
        }
        return Array(matching.sorted { $0.durationMilliseconds > $1.durationMilliseconds }.prefix(limit))
    }

    func addMark(_ mark: ReleaseMark, unlessLatest: Bool) async throws {
        state.withLock { $0.marks.append(mark) }
    }

    func marks(in interval: Range<Date>) async throws -> [ReleaseMark] {
        state.withLock { $0.marks.filter { interval.contains($0.at) } }
    }

    func statistics() async throws -> StoreStatistics {
        try check()
        var statistics = StoreStatistics()
        statistics.bytes = 1_234_567
        statistics.budget = 50_000_000
        statistics.bytesPerDay = 640_000
        return statistics
    }

    private func check() throws {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }
}
