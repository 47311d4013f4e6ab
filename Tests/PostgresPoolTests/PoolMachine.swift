@testable import PostgresPool

/// The machine with a clock that the test turns, and a world that does what it asks for only when told to.
///
/// Connections are numbers. After every event it checks what must always hold.
final class PoolMachine {
    var machine: PoolStateMachine<Int>
    var now: UInt64 = 1_000 * .second
    /// What the machine asked for and the test has not taken yet.
    private(set) var actions: [PoolAction<Int>] = []
    private var lastConnection = 0
    /// Connections that exist.
    private(set) var open: Set<Int> = []
    /// Requests in the queue.
    private(set) var queued: Set<UInt64> = []
    private(set) var violations: [String] = []

    init(_ change: (inout PoolLimits) -> Void = { _ in }) {
        var limits = PoolLimits()
        limits.minimum = 0
        limits.maximum = 2
        change(&limits)
        machine = PoolStateMachine(limits: limits, random: { 0.5 })
    }

    // MARK: Events

    func acquire(shared: Bool = false, line: UInt = #line) -> AcquireDecision<Int> {
        event { machine, now, actions in
            machine.acquire(shared: shared, site: AcquireSite(file: "Test", line: line), now: now, &actions)
        }
    }

    func acquireImmediately(shared: Bool = false, gathers: Bool = false) -> PoolGrant<Int>? {
        event { machine, now, _ in
            machine.acquireImmediately(
                shared: shared, gathers: gathers, site: AcquireSite(file: "Test", line: 1), idleFor: .second, now: now)
        }
    }

    /// Whether it was the usual give-back; otherwise nothing has changed.
    func giveBackImmediately(_ slot: SlotID) -> Bool {
        event { machine, now, _ in machine.giveBackImmediately(slot, now: now) != nil }
    }

    func cancel(_ request: UInt64) -> Bool {
        let wasWaiting = event { machine, now, actions in machine.cancel(request, now: now, &actions) }
        if wasWaiting, queued.remove(request) == nil { violations.append("cancelled \(request), which was not queued") }
        return wasWaiting
    }

    func giveBack(_ slot: SlotID, _ condition: PhysicalConnection.Return = .clean) {
        event { machine, now, actions in _ = machine.giveBack(slot, condition, now: now, &actions) }
    }

    func connect(_ slot: SlotID) {
        lastConnection += 1
        open.insert(lastConnection)
        let connection = lastConnection
        event { machine, now, actions in machine.connected(slot, connection, now: now, &actions) }
    }

    /// A connection has been made, and has broken already.
    func connectBroken(_ slot: SlotID) {
        lastConnection += 1
        let connection = lastConnection
        event { machine, now, actions in machine.connected(slot, connection, now: now, &actions) }
    }

    func failConnect(_ slot: SlotID, sqlState: String? = nil) {
        event { machine, now, actions in
            let failure = ConnectFailure(message: "refused", sqlState: sqlState)
            machine.connectFailed(slot, failure, now: now, &actions)
        }
    }

    /// The connection has broken, and the machine has not heard of it.
    func breakSilently(_ slot: SlotID) {
        if let connection = machine[slot]?.connection { open.remove(connection) }
    }

    func lose(_ slot: SlotID, _ reason: CloseReason = .lost) {
        if let connection = machine[slot]?.connection { open.remove(connection) }
        event { machine, now, actions in machine.lost(slot, reason, now: now, &actions) }
    }

    func demote(_ slot: SlotID) {
        event { machine, now, actions in machine.demoted(slot, now: now, &actions) }
    }

    func check(_ slot: SlotID, isAlive: Bool) {
        event { machine, now, actions in machine.checked(slot, isAlive: isAlive, now: now, &actions) }
    }

    func clean(_ slot: SlotID, isClean: Bool) {
        event { machine, now, actions in machine.cleaned(slot, isClean: isClean, now: now, &actions) }
    }

    func tick(after time: UInt64 = 0) {
        now += time
        event { machine, now, actions in machine.tick(now: now, &actions) }
        if !machine.isShuttingDown, machine.nextTick <= now { violations.append("a tick that asks for one at once") }
    }

    func probe() {
        event { machine, now, actions in machine.probe(now: now, &actions) }
    }

    func shutDown() {
        event { machine, now, actions in machine.shutDown(now: now, &actions) }
    }

    func closeEverything() {
        event { machine, now, actions in machine.closeEverything(now: now, &actions) }
    }

    /// Takes what the machine asked for since the last call.
    func takeActions() -> [PoolAction<Int>] {
        defer { actions = [] }
        return actions
    }

    /// The connects that the machine asked for since the last call.
    func takeConnects() -> [SlotID] {
        takeActions().compactMap { if case .connect(let slot) = $0 { slot } else { nil } }
    }

    /// A pool with so many idle connections.
    func warmUp() -> [SlotID] {
        tick(after: 1)
        let slots = takeConnects()
        for slot in slots { connect(slot) }
        _ = takeActions()
        return slots
    }

    private func event<Result>(
        _ body: (inout PoolStateMachine<Int>, UInt64, inout [PoolAction<Int>]) -> Result
    ) -> Result {
        var new: [PoolAction<Int>] = []
        let result = body(&machine, now, &new)
        if let decision = result as? AcquireDecision<Int>, case .queued(let request) = decision {
            queued.insert(request)
        }
        for action in new { note(action) }
        actions += new
        checkInvariants()
        return result
    }

    private func note(_ action: PoolAction<Int>) {
        switch action {
        case .close(let connection, _):
            if open.remove(connection) == nil { violations.append("closed \(connection), which was not open") }
        case .grant(let request, let grant):
            if queued.remove(request) == nil { violations.append("granted \(request), which was not queued") }
            if !open.contains(grant.connection) { violations.append("granted \(grant.connection), which is closed") }
        case .fail(let request, _):
            if queued.remove(request) == nil { violations.append("failed \(request), which was not queued") }
        default: break
        }
    }

    private func checkInvariants() {
        func expect(_ holds: Bool, _ what: String) { if !holds { violations.append(what) } }
        let slots = machine.slots.compactMap { $0 }
        expect(slots.count <= machine.limits.maximum, "more connections than the maximum")
        let idlePlaces = slots.filter { if case .idle = $0.state { true } else { false } }.map(\.id.place)
        expect(
            Set(idlePlaces) == Set(machine.idle) && machine.idle.count == idlePlaces.count, "idle list and slots differ"
        )
        expect(Set(slots.compactMap(\.connection)) == open, "a connection was lost track of")
        if !machine.waiters.isEmpty { expect(machine.idle.isEmpty, "somebody waits although a connection is free") }
        if machine.failing != nil { expect(machine.count(.connecting) <= machine.limits.connectsAtOnce, "a storm") }
    }
}

extension UInt64 {
    static let millisecond: UInt64 = 1_000_000
    static let second: UInt64 = 1_000_000_000
}

extension AcquireDecision {
    var grant: PoolGrant<Connection>? { if case .granted(let grant) = self { grant } else { nil } }
    var request: UInt64? { if case .queued(let request) = self { request } else { nil } }
    var refusal: PostgresError? { if case .refused(let error) = self { error } else { nil } }
}

extension [PoolAction<Int>] {
    var grants: [UInt64] { compactMap { if case .grant(let request, _) = $0 { request } else { nil } } }
    var failures: [(UInt64, PostgresError)] {
        compactMap { if case .fail(let request, let error) = $0 { (request, error) } else { nil } }
    }
    var closed: [CloseReason] { compactMap { if case .close(_, let reason) = $0 { reason } else { nil } } }
    var warnings: [(PoolExhaustion, Int)] {
        compactMap { if case .warnOfExhaustion(let what, let heldBack) = $0 { (what, heldBack) } else { nil } }
    }
    var checks: [SlotID] { compactMap { if case .check(let slot, _) = $0 { slot } else { nil } } }
    var silenceChecks: [Int] {
        compactMap { if case .closeIfSilent(let connection) = $0 { connection } else { nil } }.sorted()
    }
    var cleans: [SlotID] { compactMap { if case .clean(let slot, _) = $0 { slot } else { nil } } }
    var connects: [SlotID] { compactMap { if case .connect(let slot) = $0 { slot } else { nil } } }
    var isDrained: Bool { contains { if case .drained = $0 { true } else { false } } }
}
