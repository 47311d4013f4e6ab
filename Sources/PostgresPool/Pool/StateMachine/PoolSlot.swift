/// Names a connection of the pool. A place is used again, a serial number never: what comes late for an earlier
/// connection (a timer, a give-back, a loss) finds a different serial and does nothing.
struct SlotID: Hashable, Sendable {
    let place: Int
    let serial: UInt64
}

/// One connection of the pool, or one in the making.
struct PoolSlot<Connection: Sendable> {
    enum State {
        /// Being made. Valid transitions are to: idle, leased, shared, removed.
        case connecting
        /// Free. Valid transitions are to: leased, shared, checking, removed.
        case idle(since: UInt64)
        /// Lent to one borrower. Valid transitions are to: idle, leased, shared, cleaning, removed.
        case leased(PoolLease)
        /// Used by several statements at once. Valid transitions are to: idle, leased, cleaning, removed.
        case shared(users: Int, since: UInt64)
        /// Asked for a sign of life. Valid transitions are to: idle, leased, shared, removed.
        case checking
        /// Being made clean after a borrower. Valid transitions are to: idle, leased, shared, removed.
        case cleaning
    }

    let id: SlotID
    /// The generation at the time that connecting began; an older one than the pool's is not lent again.
    let generation: Int
    var connection: Connection?
    var state: State
    var createdAt: UInt64
    /// When its lifetime ends.
    var expiresAt: UInt64
    /// When the server last answered on it.
    var provedAliveAt: UInt64
    /// Who shares it, or was the first to, when it is shared.
    var sharer: AcquireSite?
    /// Whether a shared user left it unfit for others.
    var isDirty = false
    /// Whether it has broken while it was being made.
    var isLost = false
    /// Whether whoever has it was reported as holding it too long.
    var wasReported = false
}

// What happens with every statement happens in place: a copy of a slot counts references.
extension PoolSlot {
    /// Since when it has been idle; nil when it is not.
    var idleSince: UInt64? {
        if case .idle(let since) = state { since } else { nil }
    }

    /// Since when the borrower has had it; for those who share it, since when the server owes them an answer, because while
    /// statements come and go, it is shared without end. Nil when nobody has it.
    var heldSince: UInt64? {
        switch state {
        case .leased(let lease): lease.since
        case .shared(_, let since): max(since, provedAliveAt)
        case .connecting, .idle, .checking, .cleaning: nil
        }
    }

    /// Who took it; of those who share it, the first.
    var holder: AcquireSite? {
        switch state {
        case .leased(let lease): lease.site
        case .shared: sharer
        case .connecting, .idle, .checking, .cleaning: nil
        }
    }

    /// Lends it, to one borrower or as the first of several.
    mutating func lend(shared: Bool, site: AcquireSite, since: UInt64, now: UInt64) -> PoolGrant<Connection>? {
        guard let connection else { return nil }
        let idleSince = idleSince ?? now
        state = shared ? .shared(users: 1, since: now) : .leased(PoolLease(site: site, since: now))
        if shared { sharer = site }
        return PoolGrant(
            slot: id, connection: connection, waited: now.elapsed(since: since), idleFor: now.elapsed(since: idleSince))
    }

    /// Lends it to one more of those who share it.
    mutating func share(since: UInt64, now: UInt64) -> PoolGrant<Connection>? {
        guard let connection, case .shared(let users, let firstSince) = state else { return nil }
        state = .shared(users: users + 1, since: firstSince)
        return PoolGrant(slot: id, connection: connection, waited: now.elapsed(since: since), idleFor: 0)
    }

    /// How many share it now; nil when it is not shared, or not to be shared further. At the end of its lifetime nobody
    /// joins: under load it would never be idle, and live for ever.
    func users(of generation: Int, now: UInt64) -> Int? {
        guard case .shared(let users, _) = state, !isDirty, self.generation == generation, expiresAt > now else {
            return nil
        }
        return users
    }

    /// The same when the server has answered on it lately: a slow statement holds up those behind it.
    func users(of generation: Int, answeredWithin window: UInt64, now: UInt64) -> Int? {
        guard let heldSince, now.elapsed(since: heldSince) < window else { return nil }
        return users(of: generation, now: now)
    }

    /// The usual give-back: as it was lent, and fit for the next.
    ///
    /// - Returns: how long it was held and whether it is idle now; nil when anything is unusual: then nothing has changed.
    mutating func giveBack(_ id: SlotID, generation: Int, now: UInt64) -> (held: UInt64, isIdle: Bool)? {
        guard self.id == id, !isDirty, !wasReported, self.generation == generation, expiresAt > now else { return nil }
        let since: UInt64
        switch state {
        case .leased(let lease): since = lease.since
        case .shared(let users, let firstSince):
            since = firstSince
            provedAliveAt = now
            guard users == 1 else {
                state = .shared(users: users - 1, since: firstSince)
                return (now.elapsed(since: since), false)
            }
        case .connecting, .idle, .checking, .cleaning: return nil
        }
        state = .idle(since: now)
        provedAliveAt = now
        return (now.elapsed(since: since), true)
    }
}

/// Who has a connection, and since when.
struct PoolLease {
    let site: AcquireSite
    let since: UInt64
}

/// Why a connection was closed. The raw values are the labels of the statistics and metrics.
public enum CloseReason: String, Sendable, CaseIterable {
    /// It had not been used for the idle timeout.
    case idle
    /// It had reached its maximum lifetime.
    case lifetime
    /// The link broke or the server ended it.
    case lost
    /// It owed an answer for longer than the statement timeout allows.
    case silent
    /// It did not answer a keep-alive in time.
    case keepAlive = "keep_alive"
    /// It could not be made clean after a borrower.
    case unclean
    /// Another connection of its generation had met a fatal error or a demoted primary.
    case generation
    /// The pool shut down.
    case shutDown = "shut_down"
}
