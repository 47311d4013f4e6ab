import LatencyHistogram
import Logging
import Synchronization

extension PostgresPool {
    /// How the pool is now. Asks nobody: it looks at what is known, so that a health check costs the database nothing. Only
    /// where connecting has failed and there is no connection and no caller that wants one, it has one made, so that a later
    /// look finds whether the server is back.
    public var health: PoolHealth {
        let now = MonotonicTime.now
        let (health, needsProbe) = state.withLock { state in
            (state.machine.health(now: now), state.isRunning && state.machine.needsProbe(now: now))
        }
        if needsProbe { change { machine, now, actions in machine.probe(now: now, &actions) } }
        return health
    }

    /// What the pool has done and how it is.
    public var statistics: PoolStatistics {
        let now = MonotonicTime.now
        let machine = state.withLock { $0.machine }
        var waitTime = metrics.waitTime.snapshot()
        waitTime.record(0, count: machine.servedAtOnce)
        return PoolStatistics(
            health: machine.health(now: now), idle: machine.idle.count, connecting: machine.count(.connecting),
            waiting: machine.waiters.count, longestWait: machine.longestWait(now: now),
            sinceShortage: machine.lastShortage.map { .nanoseconds(Int64(clamping: now.elapsed(since: $0))) },
            counts: machine.counts,
            holders: machine.holders(now: now), connectFailure: machine.failing?.last,
            waitTime: waitTime, useTime: metrics.useTime.snapshot(),
            createTime: metrics.createTime.snapshot(), queryTime: metrics.queryTime.snapshot()
        )
    }

    func logExhaustion(_ exhaustion: PoolExhaustion, heldBack: Int) {
        var metadata: Logger.Metadata = [
            "in_use": "\(exhaustion.inUse)", "max": "\(exhaustion.max)", "idle": "\(exhaustion.idle)",
            "connecting": "\(exhaustion.connecting)", "waiting": "\(exhaustion.waiting)",
            "longest_wait": "\(exhaustion.longestWait.inSeconds)",
            "held_by": .array(exhaustion.holders.map { .string($0.description) }),
        ]
        if let failure = exhaustion.connectFailure { metadata["connect_error"] = "\(failure)" }
        if heldBack > 0 { metadata["failed_since_last_warning"] = "\(heldBack)" }
        logger.warning("connection pool exhausted", metadata: metadata)
    }

    func logHeld(_ site: AcquireSite, _ nanoseconds: UInt64) {
        logger.warning(
            "a connection is held for long",
            metadata: ["taken_at": "\(site)", "held_for": "\(Duration.nanoseconds(Int64(nanoseconds)).inSeconds)"]
        )
    }

    func logReturned(_ site: AcquireSite, _ nanoseconds: UInt64) {
        logger.warning(
            "a connection held for long has come back",
            metadata: ["taken_at": "\(site)", "held_for": "\(Duration.nanoseconds(Int64(nanoseconds)).inSeconds)"]
        )
    }

    func logConnecting(_ failure: ConnectFailure?) {
        if let failure {
            logger.error("cannot connect to the database", metadata: ["error": "\(failure)"])
        } else {
            logger.notice("connected to the database again")
        }
    }

    /// Says once that what a session holds is not the caller's alone.
    func logPooledSession(_ statement: String) {
        guard !hasReportedPooledSession.exchange(true, ordering: .relaxed) else { return }
        logger.warning(
            "a pooler is in between: unless it pools by session, what a statement changes in its session is neither sure to be met by the next nor undone",
            metadata: ["statement": "\(statement.prefix(80))"]
        )
    }

    func logPooler(_ failure: ConnectFailure) {
        logger.notice(
            "start-up options are refused, so a pooler is in between: statement_timeout is set once a connection, and statements are not prepared",
            metadata: ["error": "\(failure)"]
        )
    }
}
