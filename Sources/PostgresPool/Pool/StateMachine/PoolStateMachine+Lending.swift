// Who gets a connection, and how it comes back.

extension PoolStateMachine {
    /// Somebody wants a connection, for himself or to share.
    mutating func acquire(
        shared: Bool = false, site: AcquireSite, now: UInt64, _ actions: inout [Action]
    ) -> AcquireDecision<Connection> {
        guard !isShuttingDown else { return .refused(.shutDown) }
        if waiters.isEmpty, let grant = take(shared: shared, site: site, since: now, now: now) {
            if shared { connectAsNeeded(now: now, &actions) }
            return .granted(grant)
        }
        if let failing, isBreakerOpen(now: now), failing.nextAttempt > now || count(.connecting) > 0 {
            counts.refused += 1
            return .refused(.unavailable(exhaustion(waited: 0, now: now)))
        }
        lastRequest += 1
        let deadline = now.addingReportingOverflow(limits.acquireTimeout)
        waiters.append(
            WaiterQueue.Waiter(
                request: lastRequest, isShared: shared, site: site, since: now,
                deadline: deadline.overflow ? .max : deadline.partialValue
            )
        )
        connectAsNeeded(now: now, &actions)
        return .queued(lastRequest)
    }

    /// The same for one who can be served at once; nobody is overtaken.
    mutating func acquireImmediately(shared: Bool, site: AcquireSite, now: UInt64) -> PoolGrant<Connection>? {
        guard !isShuttingDown, waiters.isEmpty, !shared || !idle.isEmpty else { return nil }
        return take(shared: shared, site: site, since: now, now: now)
    }

    /// The waiter's task was cancelled. A connect that it has caused goes on: the connection will be of use.
    ///
    /// - Returns: whether it was still waiting; otherwise it has been granted or failed already.
    mutating func cancel(_ request: UInt64, now: UInt64, _ actions: inout [Action]) -> Bool {
        guard waiters.remove(request) != nil else { return false }
        counts.cancelled += 1
        serveWaiters(now: now, &actions)
        return true
    }

    /// A borrower gives a connection back.
    ///
    /// - Returns: how long it was held, in nanoseconds; nil when the connection is gone already.
    @discardableResult
    mutating func giveBack(
        _ id: SlotID, _ condition: PhysicalConnection.Return, now: UInt64, _ actions: inout [Action]
    ) -> UInt64? {
        guard var slot = self[id] else { return nil }
        let since: UInt64
        switch slot.state {
        case .leased(let lease):
            since = lease.since
            if lease.wasReported {
                actions.append(.reportReturned(lease.site, nanoseconds: now.elapsed(since: lease.since)))
            }
        case .shared(let users, let firstSince):
            since = firstSince
            slot.isDirty = slot.isDirty || condition != .clean
            slot.state = .shared(users: users - 1, since: firstSince)
            self[id] = slot
            guard users == 1 else {
                serveWaiters(now: now, &actions)
                return now.elapsed(since: since)
            }
        case .connecting, .idle, .checking, .cleaning:
            return nil
        }
        slot.provedAliveAt = now
        self[id] = slot
        if condition == .closed {
            remove(id)
            counts.closed[CloseReason.lost, default: 0] += 1
            connectAsNeeded(now: now, &actions)
        } else if let reason = retirement(of: slot, now: now) {
            close(id, reason, &actions)
            connectAsNeeded(now: now, &actions)
        } else if condition == .dirty || slot.isDirty, let connection = slot.connection {
            self[id]?.state = .cleaning
            actions.append(.clean(id, connection))
        } else {
            makeIdle(id, now: now, &actions)
        }
        return now.elapsed(since: since)
    }

    /// Takes a connection for a borrower: an idle one, or for a statement that can share, the least used shared one.
    mutating func take(
        shared: Bool, site: AcquireSite, since: UInt64, now: UInt64
    ) -> PoolGrant<Connection>? {
        if let place = idle.popLast(), let slot = slots[place], let connection = slot.connection {
            counts.acquired += 1
            let idleSince = if case .idle(let since) = slot.state { since } else { now }
            slots[place]?.state =
                shared
                ? .shared(users: 1, since: now) : .leased(PoolLease(site: site, since: now))
            return PoolGrant(
                slot: slot.id, connection: connection, waited: now.elapsed(since: since),
                idleFor: now.elapsed(since: idleSince))
        }
        guard shared, let (slot, users) = leastShared, users < limits.sharing, let connection = slot.connection,
            case .shared(_, let firstSince) = slot.state
        else { return nil }
        counts.acquired += 1
        self[slot.id]?.state = .shared(users: users + 1, since: firstSince)
        return PoolGrant(slot: slot.id, connection: connection, waited: now.elapsed(since: since), idleFor: 0)
    }

    /// The shared connection with the fewest statements; not one that is to be closed or cleaned.
    var leastShared: (slot: Slot, users: Int)? {
        var least: (slot: Slot, users: Int)?
        for slot in slots {
            guard let slot, case .shared(let users, _) = slot.state, users < least?.users ?? .max, !slot.isDirty,
                slot.generation == generation
            else { continue }
            least = (slot, users)
        }
        return least
    }

    mutating func makeIdle(_ id: SlotID, now: UInt64, _ actions: inout [Action]) {
        self[id]?.state = .idle(since: now)
        idle.append(id.place)
        serveWaiters(now: now, &actions)
    }

    /// Hands what is free to those who wait, in their order.
    mutating func serveWaiters(now: UInt64, _ actions: inout [Action]) {
        while let waiter = waiters.first,
            let grant = take(shared: waiter.isShared, site: waiter.site, since: waiter.since, now: now)
        {
            _ = waiters.popFirst()
            actions.append(.grant(waiter.request, grant))
        }
    }
}
