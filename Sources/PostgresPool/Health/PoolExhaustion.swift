/// The pool at a moment when it had no connection to give.
public struct PoolExhaustion: Error, Sendable, Hashable, CustomStringConvertible {
    /// How long the caller had waited.
    public let waited: Duration
    /// Connections lent, or shared by statements.
    public let inUse: Int
    /// Open connections that were free.
    public let idle: Int
    /// Connections being made.
    public let connecting: Int
    /// The most there may be.
    public let max: Int
    /// Callers waiting, this one included.
    public let waiting: Int
    /// How long the first of them had waited.
    public let longestWait: Duration
    /// Those who held connections, the longest first; at most five.
    public let holders: [PoolHolder]
    /// Why connecting failed, where that was the cause.
    public let connectFailure: ConnectFailure?
    /// Whether somebody runs the pool; else no connection is ever made.
    public internal(set) var isRunning = true

    /// All of it in one line.
    public var description: String {
        var text = "\(inUse) of \(max) in use, \(idle) idle, \(connecting) connecting, \(waiting) waiting"
        text += " (longest \(longestWait.inSeconds))"
        if !holders.isEmpty { text += "; held by " + holders.map(\.description).joined(separator: ", ") }
        if !isRunning { text += "; nobody runs the pool: call run(), as a service does, or use withPool" }
        if let connectFailure { text += "; connecting fails: \(connectFailure)" }
        return text
    }

    /// The same for another caller.
    func waiting(for nanoseconds: UInt64) -> PoolExhaustion {
        PoolExhaustion(
            waited: .nanoseconds(Int64(clamping: nanoseconds)), inUse: inUse, idle: idle, connecting: connecting,
            max: max, waiting: waiting, longestWait: longestWait, holders: holders, connectFailure: connectFailure
        )
    }
}
