/// What the machine wants done.
enum PoolAction<Connection: Sendable>: Sendable {
    /// The waiter gets the connection.
    case grant(UInt64, PoolGrant<Connection>)
    /// The waiter gets an error.
    case fail(UInt64, PostgresError)
    /// Connect, then call `connected` or `connectFailed`.
    case connect(SlotID)
    /// Close it; the machine has forgotten it.
    case close(Connection, CloseReason)
    /// Ask for a sign of life, then call `checked`.
    case check(SlotID, Connection)
    /// Close it if the server has owed an answer for too long; then call `lost`.
    case closeIfSilent(Connection)
    /// Make it clean, then call `cleaned`.
    case clean(SlotID, Connection)
    /// Say that connections are short, and how often that was not said since the last time.
    case warnOfExhaustion(PoolExhaustion, heldBack: Int)
    /// Say that a connection is held for long.
    case reportHeld(AcquireSite, nanoseconds: UInt64)
    /// Say that one reported before has come back.
    case reportReturned(AcquireSite, nanoseconds: UInt64)
    /// Say that connecting has begun to fail, or works again.
    case reportConnecting(ConnectFailure?)
    /// Shut-down is complete.
    case drained
}

/// A connection for a borrower.
struct PoolGrant<Connection: Sendable>: Sendable {
    let slot: SlotID
    let connection: Connection
    /// How long the borrower waited, in nanoseconds.
    let waited: UInt64
    /// How long the connection had not been used, in nanoseconds.
    let idleFor: UInt64
    /// Whether nobody else had it when it was lent to be shared.
    var isAlone = false
}

/// The answer to a request for a connection.
enum AcquireDecision<Connection: Sendable>: Sendable {
    case granted(PoolGrant<Connection>)
    case queued(UInt64)
    case refused(PostgresError)
}
