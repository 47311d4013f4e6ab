import Foundation
import RequestMetrics
import Synchronization

/// A store in memory that does what a test says, and tells what it was asked.
final class GatedStore: MetricsStore {
    /// How the store answers a write.
    enum Behaviour: Sendable {
        case keep
        case fail
        /// Keeps the batch and then says that it failed, like a connection that broke after the commit.
        case keepAndFail
        /// Answers only when opened, and ignores cancellation.
        case hang
    }

    private struct State {
        var behaviour: Behaviour
        var kept: [MetricsBatch] = []
        var marks: [ReleaseMark] = []
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>
    private let attempts: AsyncStream<MetricsBatch>.Continuation
    /// Every batch that was handed over, as it was handed over.
    let writes: AsyncStream<MetricsBatch>

    init(_ behaviour: Behaviour = .keep) {
        state = Mutex(State(behaviour: behaviour))
        (writes, attempts) = AsyncStream.makeStream()
    }

    var behaviour: Behaviour {
        get { state.withLock { $0.behaviour } }
        set { state.withLock { $0.behaviour = newValue } }
    }

    var kept: [MetricsBatch] { state.withLock { $0.kept } }

    /// Requests kept, each batch once.
    var keptRequests: UInt64 {
        var seen: Set<UInt64> = []
        return kept.filter { seen.insert($0.sequence).inserted }.reduce(0) { $0 + $1.requests }
    }

    /// Lets writes that hang go on.
    func open() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.behaviour = .keep
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func write(_ batch: MetricsBatch) async throws {
        attempts.yield(batch)
        let failure = MetricsStoreError(.locked, value: "gate", reason: "it is shut", mend: "Open it.")
        switch behaviour {
        case .keep: keep(batch)
        case .fail: throw failure
        case .keepAndFail:
            keep(batch)
            throw failure
        case .hang:
            await withCheckedContinuation { continuation in
                state.withLock { $0.waiting.append(continuation) }
            }
            keep(batch)
        }
    }

    private func keep(_ batch: MetricsBatch) { state.withLock { $0.kept.append(batch) } }

    func migrate() async throws {}
    func missingTables() async throws -> [String] { [] }
    func trim(now: Date) async throws {}
    func read(_ query: MetricsQuery) async throws -> MetricsWindow { MetricsWindow(interval: query.interval) }
    func examples(in interval: Range<Date>, route: MetricsQuery.Route?, limit: Int) async throws -> [RequestRow] { [] }
    func addMark(_ mark: ReleaseMark, unlessLatest: Bool) async throws { state.withLock { $0.marks.append(mark) } }
    func marks(in interval: Range<Date>) async throws -> [ReleaseMark] { state.withLock { $0.marks } }
    func statistics() async throws -> StoreStatistics { StoreStatistics() }
    func close() async throws {}
}
