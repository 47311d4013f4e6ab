import DequeModule
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

extension PhysicalConnection {
    /// Reads the socket until the statement that was just sent is answered or ``PollingRecord/limit`` is over. The calling
    /// thread is held meanwhile; now and then, other tasks have it after that.
    ///
    /// - Returns: the outcome; nil when it has to be waited for.
    @inline(__always)
    nonisolated(nonsending) func poll(for exchange: Exchange) async -> Exchange.Outcome? {
        let (outcome, isTurnOver) = look(for: exchange)
        if isTurnOver { await Task.yield() }
        return outcome
    }

    private func look(for exchange: Exchange) -> (outcome: Exchange.Outcome?, isTurnOver: Bool) {
        let start = MonotonicTime.now
        while true {
            sched_yield()
            let (goesOn, outcome, isTurnOver) = perform { state, aftermath in
                state.process(&aftermath)
                let goesOn = state.goesOnPolling(for: exchange, since: start)
                return (goesOn, exchange.outcome, !goesOn && state.endsTurn())
            }
            if !goesOn { return (outcome, isTurnOver) }
        }
    }
}

extension PhysicalConnection.State {
    /// Whether to look for the answer of the statement that was added last: one alone on its connection, which was answered
    /// soon before. Of the statements that share connections, callers look only for one that is alone in its pool: the others
    /// gain more by waiting together.
    ///
    /// On a readiness thread nothing is looked for: other connections' answers would wait, and there is no hop to save.
    func isWorthPolling(_ exchange: Exchange) -> Bool {
        guard Self.hearsHangUps, exchanges.count == 1, listeners.isEmpty, let statement = exchange.statement,
            statement.isOnServer, statement.polling.isDue()
        else { return false }
        return !ReadinessThread.isCurrent
    }

    /// Between two looks: whether another one is due. After the last the socket is watched for what is still to come.
    mutating func goesOnPolling(for exchange: Exchange, since start: UInt64) -> Bool {
        let waited = MonotonicTime.now.elapsed(since: start)
        let isAnswered = exchanges.isEmpty
        if !isAnswered, exchanges.count == 1, waited < PollingRecord.limit { return true }
        exchange.statement?.polling.note(waited: waited, isAnswered: isAnswered)
        // The readiness thread was told of nothing, and would take a connection that is always busy for a silent one.
        if isAnswered { heard &+= 1 }
        polled = nil
        // Answered, it stays watched for nothing until the next statement, which spares two system calls with each; the
        // selector reports the server's hanging up all the same.
        if !isAnswered { watch(.read) }
        return false
    }

    /// Whether the task has found so many answers that it is another's turn: who finds each answer by looking never suspends,
    /// and would keep its thread from all other tasks for as long as it asks.
    fileprivate mutating func endsTurn() -> Bool {
        found += 1
        guard found >= PollingRecord.turn else { return false }
        found = 0
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
