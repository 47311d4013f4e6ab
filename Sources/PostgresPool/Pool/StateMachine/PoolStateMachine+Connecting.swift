// When connections are made, and what happens while that fails.

extension PoolStateMachine {
    /// A connect has succeeded.
    mutating func connected(_ id: SlotID, _ connection: Connection, now: UInt64, _ actions: inout [Action]) {
        guard let slot = self[id], case .connecting = slot.state else {
            actions.append(.close(connection, .shutDown))
            return
        }
        counts.created += 1
        if failing != nil { actions.append(.reportConnecting(nil)) }
        failing = nil
        let lifetime = Double(limits.maximumLifetime) * (1 - limits.lifetimeJitter * random())
        self[id]?.connection = connection
        self[id]?.createdAt = now
        self[id]?.provedAliveAt = now
        self[id]?.expiresAt = now.addingReportingOverflow(UInt64(max(0, lifetime))).partialValue
        if slot.isLost {
            self[id]?.state = .idle(since: now)
            return lost(id, now: now, &actions)
        }
        if let reason = retirement(of: slot, now: now) {
            close(id, reason, &actions)
        } else {
            makeIdle(id, now: now, &actions)
        }
        connectAsNeeded(now: now, &actions)
    }

    /// A connect has failed. One connection goes on trying; when that has lasted and nothing is left, nobody waits on.
    mutating func connectFailed(_ id: SlotID, _ failure: ConnectFailure, now: UInt64, _ actions: inout [Action]) {
        guard let slot = self[id], case .connecting = slot.state else { return }
        remove(id)
        counts.connectFailures += 1
        if failing == nil { actions.append(.reportConnecting(failure)) }
        var trouble = failing ?? ConnectTrouble(since: now, attempts: 0, nextAttempt: now, last: failure)
        trouble.last = failure
        // Several connects that were under way fail together: they count as one.
        if trouble.nextAttempt <= now {
            let cap = failure.needsMending ? limits.longestBackoffNeedingMending : limits.longestBackoff
            let backoff = backoff(after: trouble.attempts, atMost: cap)
            trouble.attempts += 1
            trouble.nextAttempt = now + jittered(backoff)
        }
        failing = trouble
        failWaitersIfBreakerOpen(now: now, &actions)
        connectAsNeeded(now: now, &actions)
    }

    /// An idle connection has broken. Where that happens as soon as it is made, by a proxy that lets callers in while its
    /// server is away, the next is made after a pause that grows, or the minimum would be connected for without end.
    mutating func noteLossOfIdle(_ slot: Slot, now: UInt64) {
        guard now.elapsed(since: slot.createdAt) < limits.shortLife, nextConnect <= now else { return }
        if slot.createdAt.elapsed(since: shortLived.nextConnect) > limits.breakerDelay { shortLived.inARow = 0 }
        shortLived.nextConnect = now + jittered(backoff(after: shortLived.inARow, atMost: limits.longestBackoff))
        shortLived.inARow += 1
    }

    private func backoff(after attempts: Int, atMost cap: UInt64) -> UInt64 {
        min(cap, limits.firstBackoff << UInt64(min(attempts, 16)))
    }

    private func jittered(_ backoff: UInt64) -> UInt64 { UInt64(Double(backoff) * (0.8 + 0.4 * random())) }

    /// No connect starts before this.
    var nextConnect: UInt64 { max(failing?.nextAttempt ?? 0, shortLived.nextConnect) }

    /// Whether a connect is needed that is not under way, and there is room for it.
    var wantsToConnect: Bool {
        let atOnce = failing == nil ? limits.connectsAtOnce : 1
        return count(.connecting) < min(atOnce, connectionsNeeded) && slots.contains { $0 == nil }
    }

    /// Starts the connects that are needed now: for those who wait and for the minimum, not more.
    mutating func connectAsNeeded(now: UInt64, _ actions: inout [Action]) {
        guard !isShuttingDown else { return noteDrained(&actions) }
        guard nextConnect <= now else { return }
        while wantsToConnect, let place = slots.firstIndex(where: { $0 == nil }) {
            startConnect(at: place, now: now, &actions)
        }
    }

    private mutating func startConnect(at place: Int, now: UInt64, _ actions: inout [Action]) {
        lastSerial += 1
        let id = SlotID(place: place, serial: lastSerial)
        slots[place] = Slot(
            id: id, generation: generation, connection: nil, state: .connecting, createdAt: now, expiresAt: .max,
            provedAliveAt: 0
        )
        actions.append(.connect(id))
    }

    /// Whether nobody will find out that the server is back: without a minimum and without callers no connect is tried, and
    /// a service that gets no calls because it is unhealthy would stay so.
    func needsProbe(now: UInt64) -> Bool {
        failing != nil && count(.all) == 0 && !isShuttingDown && nextConnect <= now
    }

    /// Somebody wants to know whether the server is back.
    mutating func probe(now: UInt64, _ actions: inout [Action]) {
        if needsProbe(now: now) { startConnect(at: 0, now: now, &actions) }
    }

    /// How many connects should be under way.
    var connectionsNeeded: Int {
        let sharing = waiters.count - waiters.exclusiveCount
        var forWaiters = waiters.exclusiveCount + (sharing + limits.sharing - 1) / limits.sharing
        // At the beginning of time no lifetime has ended: one at its end is as much a reason as any.
        if forWaiters == 0, let users = leastShared(now: 0)?.users, users >= limits.sharingBeforeGrowth {
            forWaiters = 1
        }
        let forMinimum = limits.minimum - (count(.all) - count(.connecting))
        return max(forWaiters, forMinimum)
    }

    /// Whether waiting is pointless: connecting has failed for some time, or in a way that time does not mend, and
    /// nothing is left that could come back.
    func isBreakerOpen(now: UInt64) -> Bool {
        guard let failing, count(.all) == count(.connecting) else { return false }
        return failing.last.needsMending || now.elapsed(since: failing.since) >= limits.breakerDelay
    }

    mutating func failWaitersIfBreakerOpen(now: UInt64, _ actions: inout [Action]) {
        guard isBreakerOpen(now: now), let first = waiters.first else { return }
        let snapshot = exhaustion(waited: now.elapsed(since: first.since), now: now)
        warnOfExhaustion(waited: now.elapsed(since: first.since), now: now, &actions)
        while let waiter = waiters.popFirst() {
            countRefusal(now: now)
            actions.append(.fail(waiter.request, .unavailable(snapshot.waiting(for: now.elapsed(since: waiter.since)))))
        }
    }

    /// Counts a caller who is failed at once, and what the log did not say about it.
    mutating func countRefusal(now: UInt64) {
        counts.refused += 1
        if lastWarning != now { heldBack += 1 }
    }
}
