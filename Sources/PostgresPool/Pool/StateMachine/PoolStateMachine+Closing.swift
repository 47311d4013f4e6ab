// Which connections are not to be lent again, and the end of the pool.

extension PoolStateMachine {
    /// An open connection has broken, whoever had it. Those of its generation are not trusted any more.
    mutating func lost(
        _ id: SlotID, _ reason: CloseReason = .lost, now: UInt64, _ actions: inout [Action]
    ) {
        guard let slot = self[id] else {
            // A borrower who found it closed gave it back before the loss was told: his slot is gone, the reason is not.
            guard id.serial > generationBegan else { return }
            dropGeneration(generation, &actions)
            return connectAsNeeded(now: now, &actions)
        }
        if case .connecting = slot.state {
            // Its connect is not over, but sets it up: how that went is still to be told, and decides when the next is made.
            self[id]?.isLost = true
            return
        }
        if slot.idleSince != nil { noteLossOfIdle(slot, now: now) }
        remove(id)
        counts.closed[reason, default: 0] += 1
        dropGeneration(slot.generation, &actions)
        connectAsNeeded(now: now, &actions)
    }

    /// A write was refused because the server has become read-only: alive, but of no use.
    mutating func demoted(_ id: SlotID, now: UInt64, _ actions: inout [Action]) {
        guard let slot = self[id], now.elapsed(since: slot.createdAt) >= limits.demotionGrace else { return }
        dropGeneration(slot.generation, &actions)
        connectAsNeeded(now: now, &actions)
    }

    /// The keep-alive has been answered, or not.
    mutating func checked(_ id: SlotID, isAlive: Bool, now: UInt64, _ actions: inout [Action]) {
        guard let slot = self[id], case .checking = slot.state else { return }
        if isAlive {
            self[id]?.provedAliveAt = now
            finishBackground(slot, now: now, &actions)
        } else {
            close(id, .keepAlive, &actions)
            dropGeneration(slot.generation, &actions)
            connectAsNeeded(now: now, &actions)
        }
    }

    /// A connection has been made clean, or could not be.
    mutating func cleaned(_ id: SlotID, isClean: Bool, now: UInt64, _ actions: inout [Action]) {
        guard let slot = self[id], case .cleaning = slot.state else { return }
        if isClean {
            self[id]?.provedAliveAt = now
            self[id]?.isDirty = false
            finishBackground(slot, now: now, &actions)
        } else {
            close(id, .unclean, &actions)
            connectAsNeeded(now: now, &actions)
        }
    }

    mutating func finishBackground(_ slot: Slot, now: UInt64, _ actions: inout [Action]) {
        if let reason = retirement(of: slot, now: now) {
            close(slot.id, reason, &actions)
            connectAsNeeded(now: now, &actions)
        } else {
            makeIdle(slot.id, now: now, &actions)
        }
    }

    /// Why a connection is not to be lent again, if so.
    func retirement(of slot: Slot, now: UInt64) -> CloseReason? {
        if isShuttingDown { return .shutDown }
        if slot.generation < generation { return .generation }
        return slot.expiresAt <= now ? .lifetime : nil
    }

    /// Begins a new generation, unless the fault is an older one's, and closes the idle of the old; the lent ones
    /// follow as they come back.
    mutating func dropGeneration(_ faulty: Int, _ actions: inout [Action]) {
        guard faulty == generation else { return }
        generation += 1
        generationBegan = lastSerial
        for slot in slots {
            guard let slot, case .idle = slot.state else { continue }
            close(slot.id, .generation, &actions)
        }
    }

    mutating func close(_ id: SlotID, _ reason: CloseReason, _ actions: inout [Action]) {
        guard let connection = self[id]?.connection else { return }
        remove(id)
        counts.closed[reason, default: 0] += 1
        actions.append(.close(connection, reason))
        noteDrained(&actions)
    }

    mutating func remove(_ id: SlotID) {
        slots[id.place] = nil
        idle.removeAll { $0 == id.place }
    }

    /// No more borrowers. Those that have a connection may end; ``drained`` comes when the last is back.
    mutating func shutDown(now: UInt64, _ actions: inout [Action]) {
        isShuttingDown = true
        while let waiter = waiters.popFirst() { actions.append(.fail(waiter.request, .shutDown)) }
        for slot in slots {
            guard let slot, case .idle = slot.state else { continue }
            close(slot.id, .shutDown, &actions)
        }
        noteDrained(&actions)
    }

    /// The time to drain is over: everything is closed, lent or not.
    mutating func closeEverything(now: UInt64, _ actions: inout [Action]) {
        shutDown(now: now, &actions)
        for slot in slots {
            guard let slot else { continue }
            if slot.connection == nil { remove(slot.id) } else { close(slot.id, .shutDown, &actions) }
        }
        noteDrained(&actions)
    }

    mutating func noteDrained(_ actions: inout [Action]) {
        guard isShuttingDown, !hasDrained, count(.all) == 0 else { return }
        hasDrained = true
        actions.append(.drained)
    }
}
