import CLibPQ
import DequeModule

/// How long the server may owe an answer without a word.
///
/// It ends a statement itself after its statement timeout. So one that says nothing for longer does not run: it has been
/// stopped, hangs, or is behind something that keeps the link and forwards nothing, while the kernel at the other end
/// acknowledges whatever is sent.
struct SilenceLimit: Sendable {
    /// After what time the server ends a statement.
    let statementTimeout: Duration
    /// How much longer its answer may take: to end, to commit, and the way.
    let grace: Duration

    var total: Duration { statementTimeout + grace }
}

/// A time during which the server owed an answer and nothing was heard of it.
struct Silence {
    /// What ``PhysicalConnection/State/heard`` was.
    let heard: UInt64
    /// When it was first seen.
    let since: UInt64
    /// When the server was asked to stop what it runs.
    var asked: UInt64?
}

extension PhysicalConnection {
    /// Closes the connection if the server has owed an answer for too long.
    ///
    /// The pool calls this every second or so for those that are lent, and the silence begins with the first call that finds
    /// one: so it costs a statement no clock, no timer and no lock.
    func closeIfSilent(now: UInt64) {
        guard let limit = settings.silenceLimit else { return }
        perform { state, aftermath in state.closeIfSilent(limit, now: now, &aftermath) }
    }
}

extension PhysicalConnection.State {
    fileprivate mutating func closeIfSilent(
        _ limit: SilenceLimit, now: UInt64, _ aftermath: inout PhysicalConnection.Aftermath
    ) {
        guard let pointer = handle?.pointer, hasStatementTimeout, owesAnswer else {
            silence = nil
            return
        }
        guard let silence, silence.heard == heard else {
            silence = Silence(heard: heard, since: now)
            return
        }
        let isOver =
            if let asked = silence.asked {
                now.elapsed(since: asked) >= limit.grace.nanoseconds
            } else {
                now.elapsed(since: silence.since) >= limit.total.nanoseconds
            }
        // After a pause of this process, an answer may lie here that the readiness thread has not come to.
        guard isOver, handle?.hasInput == false else { return }
        startCancel(pointer, &aftermath)
        // Each statement of a batch has its own time-out, and none is answered before the last. A server that is alive ends
        // the one that it runs when asked, and all are sent again, each by itself: then the limit holds for each.
        if silence.asked == nil, sharesSync {
            self.silence?.asked = now
            return
        }
        let error = PostgresError.noAnswer(
            within: .nanoseconds(Int64(clamping: now.elapsed(since: silence.since))),
            statementTimeout: limit.statementTimeout)
        aftermath.seldom.loss = error
        close(error, &aftermath)
    }

    /// Whether it is the server's turn: not while a stream's reader or a COPY's writer takes its time.
    private var owesAnswer: Bool { isExclusive ? exclusiveWaiter != nil : !exchanges.isEmpty }

    /// Whether the server works on several statements under one sync.
    private var sharesSync: Bool { exchanges.first.map { !$0.endsBatch } ?? false }
}
