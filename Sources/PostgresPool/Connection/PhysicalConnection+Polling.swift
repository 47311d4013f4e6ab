import DequeModule
import Foundation
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

// Looking for an answer for a moment instead of sleeping until it comes.
//
// An answer that wakes a readiness thread, which then wakes a thread of Swift's pool, costs both sides more than a short
// statement does: two sleeping threads have to be roused. So a task whose statement was answered soon before gives its
// processor to whoever wants it, the server above all, and looks at the socket each time that it has it back. What is not
// answered soon is left to the readiness thread, and is not looked for again for a while.
//
// Where as many tasks look as there are threads for them, each also gives its thread to other tasks between two looks, so
// that their statements are on their way meanwhile: the server has more to do at a time, and fewer looks are in vain.

extension PhysicalConnection {
    /// Reads the socket until the statement that was just sent is answered, or has been looked for in vain for long
    /// (``PollingRecord/limit``) and often (``PollingRecord/fewestLooks``).
    ///
    /// - Returns: the outcome; nil when it has to be waited for.
    @inline(__always)
    nonisolated(nonsending) func poll(for exchange: Exchange) async -> Exchange.Outcome? {
        Lookers.enter()
        defer { Lookers.leave() }
        var search = Search()
        while true {
            search.beginLook()
            sched_yield()
            switch look(for: exchange, search) {
            case .again: if Lookers.takeAllThreads { await Task.yield() }
            case .ended(let outcome, isTurnOver: false): return outcome
            case .ended(let outcome, isTurnOver: true):
                await Task.yield()
                return outcome
            }
        }
    }

    private enum Look: Sendable {
        /// Nothing yet.
        case again
        /// The outcome, or nil when it has to be waited for; and whether it is other tasks' turn.
        case ended(Exchange.Outcome?, isTurnOver: Bool)
    }

    private func look(for exchange: Exchange, _ search: Search) -> Look {
        perform { state, aftermath in
            state.process(&aftermath)
            if state.goesOnPolling(for: exchange, search) { return .again }
            return .ended(exchange.outcome, isTurnOver: state.endsTurn())
        }
    }
}

/// The looks for one answer.
private struct Search {
    private var looks = 0
    /// When the first began, and the last.
    private let start = MonotonicTime.now
    private var begin: UInt64

    init() { begin = start }

    mutating func beginLook() {
        if looks > 0 { begin = MonotonicTime.now }
        looks += 1
    }

    /// For how long others had the processor before the last look, in nanoseconds.
    func offered(now: UInt64) -> UInt64 { now.elapsed(since: begin) }

    func goesOn(now: UInt64) -> Bool {
        guard offered(now: now) <= PollingRecord.tooLong, now.elapsed(since: start) <= PollingRecord.longest,
            !Task.isCancelled
        else { return false }
        return looks < PollingRecord.fewestLooks || now.elapsed(since: start) < PollingRecord.limit
    }
}

/// How many tasks of the process look for answers.
private enum Lookers {
    private static let count = Atomic(0)
    private static let threads = ProcessInfo.processInfo.activeProcessorCount

    static func enter() { count.add(1, ordering: .relaxed) }
    static func leave() { count.subtract(1, ordering: .relaxed) }

    /// Whether they are as many as Swift's pool has threads, so that none is left for others.
    static var takeAllThreads: Bool { count.load(ordering: .relaxed) >= threads }
}

extension PhysicalConnection.State {
    /// Whether to look for the answer of the statement that was added last: one alone on its connection, which was answered
    /// soon before. Those that share a connection gain more by waiting together.
    ///
    /// On a readiness thread nothing is looked for: other connections' answers would wait, and there is no hop to save.
    func isWorthPolling(_ exchange: Exchange) -> Bool {
        guard Self.hearsHangUps, exchanges.count == 1, listeners.isEmpty, let statement = exchange.statement,
            statement.isOnServer, statement.polling.isDue()
        else { return false }
        return !ReadinessThread.isCurrent
    }

    /// Between two looks: whether another one is due. After the last the socket is watched for what is still to come.
    fileprivate mutating func goesOnPolling(for exchange: Exchange, _ search: Search) -> Bool {
        let now = MonotonicTime.now
        let isAnswered = exchange.outcome != nil
        if !isAnswered, exchanges.count == 1, search.goesOn(now: now) { return true }
        if isAnswered || !Task.isCancelled {
            exchange.statement?.polling.note(offered: search.offered(now: now), isAnswered: isAnswered)
        }
        // The readiness thread was told of nothing, and would take a connection that is always busy for a silent one.
        if isAnswered { heard &+= 1 }
        if polled === exchange { polled = nil }
        // Idle, it stays watched for nothing until the next statement, which spares two system calls with each; the selector
        // reports the server's hanging up all the same.
        if !exchanges.isEmpty, polled == nil { watch(.read) }
        return false
    }

    /// Whether there were so many searches on the connection that it is another task's turn: who finds each answer by looking
    /// never suspends, and would keep its thread from all others for as long as it asks.
    fileprivate mutating func endsTurn() -> Bool {
        searches += 1
        guard searches >= PollingRecord.turn else { return false }
        searches = 0
        return true
    }

    /// Whether the server's hanging up is reported of a socket that is watched for nothing, as epoll does and kqueue does
    /// not. An idle connection's loss must be heard of.
    static var hearsHangUps: Bool {
        #if os(Linux)
            true
        #else
            false
        #endif
    }
}
