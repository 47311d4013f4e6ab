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
            warnOfExhaustion(waited: 0, now: now, &actions)
            countRefusal(now: now)
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

    /// The same for one who can be served at once; nobody is overtaken. Nothing is lent that lay idle for so long that it
    /// should be looked at.
    ///
    /// - Parameter gathers: whether it is a statement that goes best with others like it, on a connection in use.
    mutating func acquireImmediately(
        shared: Bool, gathers: Bool = false, site: AcquireSite, idleFor longest: UInt64, now: UInt64
    ) -> PoolGrant<Connection>? {
        guard !isShuttingDown, waiters.isEmpty else { return nil }
        if gathers, let place = gatheringPlace(now: now), let grant = slots[place]?.share(since: now, now: now) {
            counts.acquired += 1
            servedAtOnce += 1
            return grant
        }
        if let place = idle.last {
            guard let since = slots[place]?.idleSince, now.elapsed(since: since) < longest else { return nil }
        } else {
            // One that shares may be a reason to make another connection, as long as there is room for one.
            guard shared, !slots.contains(where: { $0 == nil }) else { return nil }
        }
        let isAlone = shared && !idle.isEmpty
        var grant = take(shared: shared, site: site, since: now, now: now)
        if grant != nil { servedAtOnce += 1 }
        grant?.isAlone = isAlone
        return grant
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

    /// The usual give-back, of a clean connection that nobody waits for.
    ///
    /// - Returns: how long it was held; nil when there is more to do: then nothing has changed.
    mutating func giveBackImmediately(_ id: SlotID, now: UInt64) -> UInt64? {
        guard !isShuttingDown, waiters.isEmpty,
            let usual = slots[id.place]?.giveBack(id, generation: generation, now: now)
        else { return nil }
        if usual.isIdle { idle.append(id.place) }
        return usual.held
    }

    /// A borrower gives a connection back.
    ///
    /// - Returns: how long it was held, in nanoseconds; nil when the connection is gone already.
    @discardableResult
    mutating func giveBack(
        _ id: SlotID, _ condition: PhysicalConnection.Return, now: UInt64, _ actions: inout [Action]
    ) -> UInt64? {
        guard var slot = self[id] else { return nil }
        if slot.wasReported, let heldSince = slot.heldSince, let holder = slot.holder {
            slot.wasReported = false
            actions.append(.reportReturned(holder, nanoseconds: now.elapsed(since: heldSince)))
        }
        let since: UInt64
        switch slot.state {
        case .leased(let lease):
            since = lease.since
        case .shared(let users, let firstSince):
            since = firstSince
            slot.isDirty = slot.isDirty || condition != .clean
            slot.state = .shared(users: users - 1, since: firstSince)
            if condition == .clean { slot.provedAliveAt = now }
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
        if let place = idle.popLast(),
            let grant = slots[place]?.lend(shared: shared, site: site, since: since, now: now)
        {
            counts.acquired += 1
            return grant
        }
        guard shared, let (place, users) = leastShared(now: now), users < limits.sharing,
            let grant = slots[place]?.share(since: since, now: now)
        else { return nil }
        counts.acquired += 1
        return grant
    }

    /// The connection that one more read joins although others may be free, once enough are under way: of those that
    /// are shared and answer at the moment, the one with the most statements, so that the others come free.
    private func gatheringPlace(now: UInt64) -> Int? {
        var most: (place: Int, users: Int)?
        var underWay = 0
        for place in slots.indices {
            guard let users = slots[place]?.users(of: generation, answeredWithin: limits.gatheringWindow, now: now)
            else { continue }
            underWay += users
            if users < limits.sharing, users > most?.users ?? 0 { most = (place, users) }
        }
        return underWay >= limits.readsBeforeGathering ? most?.place : nil
    }

    /// The shared connection with the fewest statements; not one that is to be closed or cleaned.
    func leastShared(now: UInt64) -> (place: Int, users: Int)? {
        var least: (place: Int, users: Int)?
        for place in slots.indices {
            guard let users = slots[place]?.users(of: generation, now: now), users < least?.users ?? .max
            else { continue }
            least = (place, users)
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
