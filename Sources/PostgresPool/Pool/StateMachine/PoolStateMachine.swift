/// Decides everything about the pool and does nothing: an event and the time go in, actions come out.
///
/// It is a value without locks, clocks, tasks or sockets, so that every race between callers, timers and the network
/// is a sequence of calls in a plain unit test. ``PostgresPool`` holds it in a mutex and carries the actions out. An
/// event about something that is gone (a stale timer, a late give-back) changes nothing and never traps.
struct PoolStateMachine<Connection: Sendable> {
    typealias Action = PoolAction<Connection>
    typealias Slot = PoolSlot<Connection>

    let limits: PoolLimits
    /// How often idle and lent connections are looked over; kept, because it is asked for with every give-back.
    let maintenanceInterval: UInt64
    /// A random number from 0 to 1 for jitter; a constant in tests.
    let random: @Sendable () -> Double

    var slots: [Slot?]
    /// Places of the idle connections; the one used last is lent first, so that those not needed can grow old.
    var idle: [Int] = []
    var lastSerial: UInt64 = 0
    var generation = 0
    /// The last serial number of the generations before.
    var generationBegan: UInt64 = 0

    var waiters = WaiterQueue()
    var lastRequest: UInt64 = 0

    var failing: ConnectTrouble?
    var shortLived = ShortLived()
    var counts = PoolCounts()
    /// How many were served by ``acquireImmediately(shared:gathers:site:idleFor:now:)``.
    var servedAtOnce: UInt64 = 0
    var lastMaintenance: UInt64 = 0
    var lastWarning: UInt64?
    /// When a caller last got nothing in time because all connections were out, and not because the server was away.
    var lastShortage: UInt64?
    /// Requests that failed without a warning, since the last warning.
    var heldBack = 0
    var isShuttingDown = false
    var hasDrained = false

    /// Connecting fails.
    struct ConnectTrouble {
        let since: UInt64
        var attempts: Int
        var nextAttempt: UInt64
        var last: ConnectFailure
    }

    /// Connections break as soon as they are made.
    struct ShortLived {
        var inARow = 0
        var nextConnect: UInt64 = 0
    }

    init(limits: PoolLimits, random: @escaping @Sendable () -> Double = { .random(in: 0...1) }) {
        self.limits = limits
        maintenanceInterval = limits.maintenanceInterval
        self.random = random
        slots = Array(repeating: nil, count: limits.maximum)
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
