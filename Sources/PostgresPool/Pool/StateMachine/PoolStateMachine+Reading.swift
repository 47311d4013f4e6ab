extension PoolStateMachine {
    /// A kind of slot, to be counted.
    enum Kind {
        case all
        case connecting
        case idle
        case inUse
    }

    /// How many slots are of the kind.
    ///
    /// - Complexity: O(maximum)
    func count(_ kind: Kind) -> Int {
        slots.count { slot in
            guard let slot else { return false }
            switch (kind, slot.state) {
            case (.all, _), (.connecting, .connecting), (.idle, .idle), (.inUse, .leased), (.inUse, .shared):
                return true
            default: return false
            }
        }
    }

    func health(now: UInt64) -> PoolHealth {
        let inUse = count(.inUse)
        let isProved = failing.map { failing in
            slots.contains { slot in slot.map { $0.connection != nil && $0.provedAliveAt >= failing.since } ?? false }
        }
        let isHealthy = !isShuttingDown && isProved ?? true
        return PoolHealth(
            healthy: isHealthy, min: limits.minimum, max: limits.maximum, inUse: inUse,
            available: isHealthy ? limits.maximum - inUse : 0
        )
    }

    /// Those who hold connections, the longest first.
    func holders(now: UInt64) -> [PoolHolder] {
        slots.compactMap { slot -> PoolHolder? in
            guard let slot, let holder = slot.holder, let since = slot.heldSince else { return nil }
            let statements = if case .shared(let users, _) = slot.state { users } else { 1 }
            return PoolHolder(holder, since: since, statements: statements, now: now)
        }
        .sorted { $0.heldFor > $1.heldFor }
    }

    func longestWait(now: UInt64) -> Duration {
        .nanoseconds(waiters.first.map { Int64(now.elapsed(since: $0.since)) } ?? 0)
    }

    func exhaustion(waited: UInt64, now: UInt64) -> PoolExhaustion {
        PoolExhaustion(
            waited: .nanoseconds(Int64(waited)), inUse: count(.inUse), idle: idle.count,
            connecting: count(.connecting), max: limits.maximum, waiting: waiters.count,
            longestWait: longestWait(now: now), holders: Array(holders(now: now).prefix(5)),
            connectFailure: failing?.last
        )
    }
}
