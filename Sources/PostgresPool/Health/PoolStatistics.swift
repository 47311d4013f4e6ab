public import LatencyHistogram

/// What the pool has done since it was made, and how it is.
public struct PoolStatistics: Sendable {
    /// The health at the same moment.
    public let health: PoolHealth
    /// Connections that are open and free.
    public let idle: Int
    /// Connections being made.
    public let connecting: Int
    /// Callers waiting for a connection.
    public let waiting: Int
    /// How long the first of them has waited.
    public let longestWait: Duration
    /// How long ago a caller last got nothing in time because all connections were out, not because the server was away;
    /// nil when that has never been so.
    public let sinceShortage: Duration?
    /// What happened how often.
    public let counts: PoolCounts
    /// Who holds connections, the longest first.
    public let holders: [PoolHolder]
    /// Why connecting fails, while it does.
    public let connectFailure: ConnectFailure?
    /// How long callers waited for a connection. OpenTelemetry: `db.client.connection.wait_time`.
    public let waitTime: LatencyHistogram
    /// How long they held it. OpenTelemetry: `db.client.connection.use_time`.
    public let useTime: LatencyHistogram
    /// How long connecting took. OpenTelemetry: `db.client.connection.create_time`.
    public let createTime: LatencyHistogram
    /// How long statements took, from being sent to the complete answer. OpenTelemetry:
    /// `db.client.operation.duration`.
    public let queryTime: LatencyHistogram
}

/// Counters of a pool.
public struct PoolCounts: Sendable, Hashable {
    /// Connections lent.
    public internal(set) var acquired = 0
    /// Callers that got nothing within the acquire timeout. OpenTelemetry: `db.client.connection.timeouts`.
    public internal(set) var timedOut = 0
    /// Callers whose task was cancelled while they waited.
    public internal(set) var cancelled = 0
    /// Callers that were failed at once because the server could not be reached.
    public internal(set) var refused = 0
    /// Connections made.
    public internal(set) var created = 0
    /// Attempts to connect that failed.
    public internal(set) var connectFailures = 0
    /// Connections closed, by reason.
    public internal(set) var closed: [CloseReason: Int] = [:]
}

/// Somebody who holds a connection.
public struct PoolHolder: Sendable, Hashable, CustomStringConvertible {
    /// The `#fileID` of the call that took it; of the first, when statements share it.
    public let file: String
    /// The line of that call.
    public let line: UInt
    /// For how long it has been held; when statements share it, since when none of them was answered.
    public let heldFor: Duration
    /// How many statements share it; 1 for a connection of its own.
    public let statements: Int

    /// `App/Search.swift:12 for 3.2 s`, and `(8 statements)` when it is shared by some.
    public var description: String {
        "\(file):\(line) for \(heldFor.inSeconds)" + (statements > 1 ? " (\(statements) statements)" : "")
    }

    init(_ site: AcquireSite, since: UInt64, statements: Int = 1, now: UInt64) {
        file = site.file
        line = site.line
        heldFor = .nanoseconds(Int64(clamping: now.elapsed(since: since)))
        self.statements = statements
    }
}
