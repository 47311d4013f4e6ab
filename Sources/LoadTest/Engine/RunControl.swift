import LatencyHistogram
import Synchronization

/// What the loops of a run share with whoever watches them: a common start, a way to stop, and news.
///
/// Loops look at it a few times a second and never in between, so that watching costs no request anything.
final class RunControl: Sendable {
    /// After an interruption, requests under way may go on for so long.
    static let interruptedGrace: UInt64 = 1_000_000_000

    private struct State {
        var waitingLoops: Int
        var start: UInt64?
        var snapshots: [LoopSnapshot]
    }

    private let state: Mutex<State>
    private let interruptedAt = Atomic<UInt64>(0)

    init(loops: Int) {
        state = Mutex(
            State(waitingLoops: loops, start: nil, snapshots: Array(repeating: LoopSnapshot(), count: loops)))
    }

    /// A loop has its connections. The last one to say so sets the time at which all begin.
    func arrive() {
        state.withLock { state in
            state.waitingLoops -= 1
            if state.waitingLoops == 0 { state.start = MonotonicClock.now() + 2_000_000 }
        }
    }

    /// When all loops begin; `nil` while some have not arrived.
    var start: UInt64? { state.withLock { $0.start } }

    /// Ends the sending. The first call counts.
    func interrupt() {
        _ = interruptedAt.compareExchange(
            expected: 0, desired: MonotonicClock.now(), ordering: .sequentiallyConsistent)
    }

    /// When the run was interrupted; `nil` if it was not.
    var interruption: UInt64? {
        let time = interruptedAt.load(ordering: .relaxed)
        return time == 0 ? nil : time
    }

    func publish(_ snapshot: LoopSnapshot, of loop: Int) {
        state.withLock { $0.snapshots[loop] = snapshot }
    }

    /// The loops' news, put together.
    func snapshot() -> LoopSnapshot {
        state.withLock { state in
            state.snapshots.reduce(into: LoopSnapshot()) { $0.merge($1) }
        }
    }
}

/// How far a loop is.
struct LoopSnapshot: Sendable {
    var finished: UInt64 = 0
    var answered: UInt64 = 0
    var errors: UInt64 = 0
    var errorsByKind = [UInt64](repeating: 0, count: ErrorKind.allCases.count)
    /// Latencies of the latest block.
    var recent = LatencyHistogram(scale: StepTally.scale)

    mutating func merge(_ other: LoopSnapshot) {
        finished += other.finished
        answered += other.answered
        errors += other.errors
        for index in errorsByKind.indices { errorsByKind[index] += other.errorsByKind[index] }
        recent.merge(other.recent)
    }
}

extension RequestDispatcher {
    /// What to tell those who watch.
    var snapshot: LoopSnapshot {
        tallies.reduce(into: LoopSnapshot()) { snapshot, tally in
            snapshot.finished += tally.finished
            snapshot.answered += tally.answered
            snapshot.errors += tally.errorCount
            for index in tally.errors.indices { snapshot.errorsByKind[index] += tally.errors[index] }
            if let latest = tally.latency.latest { snapshot.recent.merge(latest) }
        }
    }
}
