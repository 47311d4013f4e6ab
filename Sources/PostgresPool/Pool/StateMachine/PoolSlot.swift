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
    /// Whether a shared user left it unfit for others.
    var isDirty = false
}

/// Who has a connection, and since when.
struct PoolLease {
    let site: AcquireSite
    let since: UInt64
    /// Whether it was reported as held too long.
    var wasReported = false
}

/// Why a connection was closed. The raw values are the labels of the statistics and metrics.
public enum CloseReason: String, Sendable, CaseIterable {
    /// It had not been used for the idle timeout.
    case idle
    /// It had reached its maximum lifetime.
    case lifetime
    /// The link broke or the server ended it.
    case lost
    /// It did not answer a keep-alive in time.
    case keepAlive = "keep_alive"
    /// It could not be made clean after a borrower.
    case unclean
    /// Another connection of its generation had met a fatal error or a demoted primary.
    case generation
    /// The pool shut down.
    case shutDown = "shut_down"
}
