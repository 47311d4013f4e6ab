// What is due as time passes.

extension PoolStateMachine {
    /// Time has passed. Does whatever is due; called too early, late or twice, it does the same.
    mutating func tick(now: UInt64, _ actions: inout [Action]) {
        failExpiredWaiters(now: now, &actions)
        if let first = waiters.first, now.elapsed(since: first.since) >= limits.exhaustionDelay {
            warnOfExhaustion(waited: now.elapsed(since: first.since), now: now, &actions)
        }
        if now.elapsed(since: lastMaintenance) >= maintenanceInterval {
            lastMaintenance = now
            maintain(now: now, &actions)
        }
        failWaitersIfBreakerOpen(now: now, &actions)
        connectAsNeeded(now: now, &actions)
    }

    /// When ``tick(now:_:)`` is to be called next, at the latest.
    var nextTick: UInt64 {
        var next = lastMaintenance + maintenanceInterval
        if let first = waiters.first {
            let warning = max(
                first.since + limits.exhaustionDelay, lastWarning.map { $0 + limits.warningInterval } ?? 0)
            next = min(next, first.deadline, warning)
        }
        // Only when something is to be done then: a time in the past would have the timer run without end.
        if nextConnect > 0, nextConnect < next, wantsToConnect { next = nextConnect }
        return next
    }

    mutating func failExpiredWaiters(now: UInt64, _ actions: inout [Action]) {
        guard let first = waiters.first, first.deadline <= now else { return }
        let snapshot = exhaustion(waited: now.elapsed(since: first.since), now: now)
        warnOfExhaustion(waited: now.elapsed(since: first.since), now: now, &actions)
        if failing == nil, count(.connecting) == 0, count(.all) == limits.maximum { lastShortage = now }
        let timedOutBefore = counts.timedOut
        defer { if lastWarning != now { heldBack += counts.timedOut - timedOutBefore } }
        while let waiter = waiters.first, waiter.deadline <= now {
            _ = waiters.popFirst()
            counts.timedOut += 1
            actions.append(
                .fail(waiter.request, .acquireTimeout(snapshot.waiting(for: now.elapsed(since: waiter.since)))))
        }
        serveWaiters(now: now, &actions)
    }

    mutating func warnOfExhaustion(waited: UInt64, now: UInt64, _ actions: inout [Action]) {
        if let lastWarning, now.elapsed(since: lastWarning) < limits.warningInterval { return }
        actions.append(.warnOfExhaustion(exhaustion(waited: waited, now: now), heldBack: heldBack))
        lastWarning = now
        heldBack = 0
    }

    mutating func maintain(now: UInt64, _ actions: inout [Action]) {
        for slot in slots {
            guard let slot else { continue }
            switch slot.state {
            case .idle(let since):
                if let reason = retirement(of: slot, now: now) {
                    close(slot.id, reason, &actions)
                } else if now.elapsed(since: since) >= limits.idleTimeout, count(.all) > limits.minimum {
                    close(slot.id, .idle, &actions)
                } else if now.elapsed(since: slot.provedAliveAt) >= limits.keepAlive, let connection = slot.connection {
                    idle.removeAll { $0 == slot.id.place }
                    self[slot.id]?.state = .checking
                    actions.append(.check(slot.id, connection))
                }
            case .leased, .shared:
                if limits.silence != nil, let connection = slot.connection {
                    actions.append(.closeIfSilent(connection))
                }
                guard !slot.wasReported, let since = slot.heldSince, now.elapsed(since: since) >= limits.holdThreshold,
                    let holder = slot.holder
                else { continue }
                self[slot.id]?.wasReported = true
                actions.append(.reportHeld(holder, nanoseconds: now.elapsed(since: since)))
            case .connecting, .checking, .cleaning:
                break
            }
        }
    }
}
