/// Decides everything about the pool and does nothing: an event and the time go in, actions come out.
///
/// It is a value without locks, clocks, tasks or sockets, so that every race between callers, timers and the network
/// is a sequence of calls in a plain unit test. ``PostgresPool`` holds it in a mutex and carries the actions out. An
/// event about something that is gone (a stale timer, a late give-back) changes nothing and never traps.
struct PoolStateMachine<Connection: Sendable> {
    typealias Action = PoolAction<Connection>
    typealias Slot = PoolSlot<Connection>

    let limits: PoolLimits
    /// A random number from 0 to 1 for jitter; a constant in tests.
    private let random: @Sendable () -> Double

    var slots: [Slot?]
    /// Places of the idle connections; the one used last is lent first, so that those not needed can grow old.
    var idle: [Int] = []
    private var lastSerial: UInt64 = 0
    var generation = 0

    var waiters = WaiterQueue()
    private var lastRequest: UInt64 = 0

    var failing: ConnectTrouble?
    var counts = PoolCounts()
    private var lastMaintenance: UInt64 = 0
    private var lastWarning: UInt64?
    /// Requests that failed without a warning, since the last warning.
    private var heldBack = 0
    private(set) var isShuttingDown = false
    private var hasDrained = false

    /// Connecting fails.
    struct ConnectTrouble {
        let since: UInt64
        var attempts: Int
        var nextAttempt: UInt64
        var last: ConnectFailure
    }

    init(limits: PoolLimits, random: @escaping @Sendable () -> Double = { .random(in: 0...1) }) {
        self.limits = limits
        self.random = random
        slots = Array(repeating: nil, count: limits.maximum)
    }

    // MARK: Borrowers

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

    // MARK: Connections

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
            let backoff = min(cap, limits.firstBackoff << UInt64(min(trouble.attempts, 16)))
            trouble.attempts += 1
            trouble.nextAttempt = now + UInt64(Double(backoff) * (0.8 + 0.4 * random()))
        }
        failing = trouble
        failWaitersIfBreakerOpen(now: now, &actions)
        connectAsNeeded(now: now, &actions)
    }

    /// An open connection has broken, whoever had it. Those of its generation are not trusted any more.
    mutating func lost(_ id: SlotID, now: UInt64, _ actions: inout [Action]) {
        guard let slot = self[id] else { return }
        remove(id)
        counts.closed[CloseReason.lost, default: 0] += 1
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

    private mutating func finishBackground(_ slot: Slot, now: UInt64, _ actions: inout [Action]) {
        if let reason = retirement(of: slot, now: now) {
            close(slot.id, reason, &actions)
            connectAsNeeded(now: now, &actions)
        } else {
            makeIdle(slot.id, now: now, &actions)
        }
    }

    // MARK: Time

    /// Time has passed. Does whatever is due; called too early, late or twice, it does the same.
    mutating func tick(now: UInt64, _ actions: inout [Action]) {
        failExpiredWaiters(now: now, &actions)
        if let first = waiters.first, now.elapsed(since: first.since) >= limits.exhaustionDelay {
            warnOfExhaustion(waited: now.elapsed(since: first.since), now: now, &actions)
        }
        if now.elapsed(since: lastMaintenance) >= limits.maintenanceInterval {
            lastMaintenance = now
            maintain(now: now, &actions)
        }
        failWaitersIfBreakerOpen(now: now, &actions)
        connectAsNeeded(now: now, &actions)
    }

    /// When ``tick(now:_:)`` is to be called next, at the latest.
    var nextTick: UInt64 {
        var next = lastMaintenance + limits.maintenanceInterval
        if let first = waiters.first {
            let warning = max(
                first.since + limits.exhaustionDelay, lastWarning.map { $0 + limits.warningInterval } ?? 0)
            next = min(next, first.deadline, warning)
        }
        if let failing, count(.connecting) == 0 { next = min(next, failing.nextAttempt) }
        return next
    }

    private mutating func failExpiredWaiters(now: UInt64, _ actions: inout [Action]) {
        guard let first = waiters.first, first.deadline <= now else { return }
        let snapshot = exhaustion(waited: now.elapsed(since: first.since), now: now)
        warnOfExhaustion(waited: now.elapsed(since: first.since), now: now, &actions)
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

    private mutating func warnOfExhaustion(waited: UInt64, now: UInt64, _ actions: inout [Action]) {
        if let lastWarning, now.elapsed(since: lastWarning) < limits.warningInterval { return }
        actions.append(.warnOfExhaustion(exhaustion(waited: waited, now: now), heldBack: heldBack))
        lastWarning = now
        heldBack = 0
    }

    private mutating func maintain(now: UInt64, _ actions: inout [Action]) {
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
            case .leased(var lease) where !lease.wasReported && now.elapsed(since: lease.since) >= limits.holdThreshold:
                lease.wasReported = true
                self[slot.id]?.state = .leased(lease)
                actions.append(.reportHeld(lease.site, nanoseconds: now.elapsed(since: lease.since)))
            case .connecting, .leased, .shared, .checking, .cleaning:
                break
            }
        }
    }

    // MARK: Shut-down

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

    private mutating func noteDrained(_ actions: inout [Action]) {
        guard isShuttingDown, !hasDrained, count(.all) == 0 else { return }
        hasDrained = true
        actions.append(.drained)
    }

    // MARK: Lending

    /// Takes a connection for a borrower: an idle one, or for a statement that can share, the least used shared one.
    private mutating func take(
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
    private var leastShared: (slot: Slot, users: Int)? {
        var least: (slot: Slot, users: Int)?
        for slot in slots {
            guard let slot, case .shared(let users, _) = slot.state, users < least?.users ?? .max, !slot.isDirty,
                slot.generation == generation
            else { continue }
            least = (slot, users)
        }
        return least
    }

    private mutating func makeIdle(_ id: SlotID, now: UInt64, _ actions: inout [Action]) {
        self[id]?.state = .idle(since: now)
        idle.append(id.place)
        serveWaiters(now: now, &actions)
    }

    /// Hands what is free to those who wait, in their order.
    private mutating func serveWaiters(now: UInt64, _ actions: inout [Action]) {
        while let waiter = waiters.first,
            let grant = take(shared: waiter.isShared, site: waiter.site, since: waiter.since, now: now)
        {
            _ = waiters.popFirst()
            actions.append(.grant(waiter.request, grant))
        }
    }

    // MARK: Making and closing

    /// Starts the connects that are needed now: for those who wait and for the minimum, not more.
    private mutating func connectAsNeeded(now: UInt64, _ actions: inout [Action]) {
        guard !isShuttingDown else { return noteDrained(&actions) }
        if let failing, failing.nextAttempt > now { return }
        let atOnce = failing == nil ? limits.connectsAtOnce : 1
        while count(.connecting) < min(atOnce, connectionsNeeded), let place = slots.firstIndex(where: { $0 == nil }) {
            lastSerial += 1
            let id = SlotID(place: place, serial: lastSerial)
            slots[place] = Slot(
                id: id, generation: generation, connection: nil, state: .connecting, createdAt: now, expiresAt: .max,
                provedAliveAt: 0
            )
            actions.append(.connect(id))
        }
    }

    /// How many connects should be under way.
    private var connectionsNeeded: Int {
        let sharing = waiters.count - waiters.exclusiveCount
        var forWaiters = waiters.exclusiveCount + (sharing + limits.sharing - 1) / limits.sharing
        if forWaiters == 0, let users = leastShared?.users, users >= limits.sharingBeforeGrowth { forWaiters = 1 }
        let forMinimum = limits.minimum - (count(.all) - count(.connecting))
        return max(forWaiters, forMinimum)
    }

    private mutating func close(_ id: SlotID, _ reason: CloseReason, _ actions: inout [Action]) {
        guard let connection = self[id]?.connection else { return }
        remove(id)
        counts.closed[reason, default: 0] += 1
        actions.append(.close(connection, reason))
        noteDrained(&actions)
    }

    private mutating func remove(_ id: SlotID) {
        slots[id.place] = nil
        idle.removeAll { $0 == id.place }
    }

    /// Why a connection is not to be lent again, if so.
    private func retirement(of slot: Slot, now: UInt64) -> CloseReason? {
        if isShuttingDown { return .shutDown }
        if slot.generation < generation { return .generation }
        return slot.expiresAt <= now ? .lifetime : nil
    }

    /// Begins a new generation, unless the fault is an older one's, and closes the idle of the old; the lent ones
    /// follow as they come back.
    private mutating func dropGeneration(_ faulty: Int, _ actions: inout [Action]) {
        guard faulty == generation else { return }
        generation += 1
        for slot in slots {
            guard let slot, case .idle = slot.state else { continue }
            close(slot.id, .generation, &actions)
        }
    }

    /// Whether waiting is pointless: connecting has failed for some time and nothing is left that could come back.
    func isBreakerOpen(now: UInt64) -> Bool {
        guard let failing else { return false }
        return now.elapsed(since: failing.since) >= limits.breakerDelay && count(.all) == count(.connecting)
    }

    private mutating func failWaitersIfBreakerOpen(now: UInt64, _ actions: inout [Action]) {
        guard isBreakerOpen(now: now), let first = waiters.first else { return }
        let snapshot = exhaustion(waited: now.elapsed(since: first.since), now: now)
        warnOfExhaustion(waited: now.elapsed(since: first.since), now: now, &actions)
        while let waiter = waiters.popFirst() {
            counts.refused += 1
            if lastWarning != now { heldBack += 1 }
            actions.append(.fail(waiter.request, .unavailable(snapshot.waiting(for: now.elapsed(since: waiter.since)))))
        }
    }

    /// The slot, unless it is gone.
    subscript(id: SlotID) -> Slot? {
        get {
            guard let slot = slots[id.place], slot.id == id else { return nil }
            return slot
        }
        set { if slots[id.place]?.id == id { slots[id.place] = newValue } }
    }
}
