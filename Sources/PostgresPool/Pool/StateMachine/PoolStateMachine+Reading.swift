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
            switch slot?.state {
            case .leased(let lease):
                return PoolHolder(lease.site, since: lease.since, now: now)
            case .shared(let users, let since):
                // Since when the server owes an answer: while statements come and go, a connection is shared without end.
                guard let slot, let sharer = slot.sharer else { return nil }
                return PoolHolder(sharer, since: max(since, slot.provedAliveAt), statements: users, now: now)
            default: return nil
            }
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
