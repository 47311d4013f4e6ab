import DequeModule
import Foundation
import Synchronization

/// A few threads of their own for calls of libpq that block.
///
/// The cooperative pool has one thread a core and must never wait; this is where the waiting goes instead. Threads are
/// started as work comes in, at most ``limit``, and wait for more work for ever.
final class BlockingThreads: Sendable {
    /// For name resolution (`getaddrinfo`), which libpq does inside `PQconnectStart` and `PQconnectPoll`.
    static let connecting = BlockingThreads(limit: 8)
    /// For `PQcancel`, which waits for the server to hang up: for ever, where one has stopped while its kernel answers. So
    /// these are apart, and connects do not wait behind them; and there may be many, because such a server would else
    /// hold up the cancels for others.
    static let cancelling = BlockingThreads(limit: 64)

    private struct State {
        var work = Deque<@Sendable () -> Void>()
        var threads = 0
        var idle = 0
    }

    private let limit: Int
    private let condition = NSCondition()
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// Runs the work on one of the threads and returns its result.
    func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            submit { continuation.resume(returning: work()) }
        }
    }

    /// Runs the work on one of the threads, some time.
    func submit(_ work: @escaping @Sendable () -> Void) {
        let startsThread = state.withLock { state in
            state.work.append(work)
            guard state.idle < state.work.count, state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        if startsThread {
            let thread = Thread { [self] in loop() }
            thread.name = "postgres-blocking"
            thread.start()
        }
        condition.lock()
        condition.signal()
        condition.unlock()
    }

    private func loop() {
        while true {
            if let work = state.withLock({ $0.work.popFirst() }) {
                work()
                continue
            }
            // The queue is looked at again under the condition's lock: a signal sent in between is not lost.
            condition.lock()
            state.withLock { $0.idle += 1 }
            while state.withLock({ $0.work.isEmpty }) { condition.wait() }
            state.withLock { $0.idle -= 1 }
            condition.unlock()
        }
    }
}
