public import LatencyHistogram

/// How a pool of database connections is, as a host tells it: for a section of `/admin/perf`, for `/admin/perf.json` and
/// for `/metrics`.
///
/// A value of plain numbers, so that the dashboard knows no driver and a host can show any pool. Histograms are in
/// nanoseconds and cover the time since the pool was made.
public struct PoolReport: Sendable {
    /// Somebody who holds a connection.
    public struct Holder: Sendable, Hashable {
        /// The place in the source that took it, `App/Search.swift:12`.
        public let site: String
        /// For how long it has been held, in nanoseconds.
        public let heldFor: UInt64

        /// Names a holder.
        public init(site: String, heldFor: UInt64) {
            self.site = site
            self.heldFor = heldFor
        }
    }

    /// The name, a label of the metrics.
    public var name = "pool"
    /// Whether a connection was proved alive recently or one can be made.
    public var isHealthy = true
    /// How many connections are kept at least.
    public var min = 0
    /// How many there may be.
    public var max = 0
    /// How many are lent now.
    public var inUse = 0
    /// How many could be had now, by lending or making them.
    public var available = 0
    /// How many are open and free.
    public var idle = 0
    /// How many are being made.
    public var connecting = 0
    /// How many callers wait.
    public var waiting = 0
    /// How long the first of them has waited, in nanoseconds.
    public var longestWait: UInt64 = 0
    /// How often a connection was lent.
    public var acquired: UInt64 = 0
    /// How many callers got none in time.
    public var timedOut: UInt64 = 0
    /// How long ago, in nanoseconds, a caller last got none in time because all connections were out, not because the server
    /// was away; nil when that has never been so.
    public var sinceShortage: UInt64?
    /// How many callers were failed at once, because the server could not be reached.
    public var refused: UInt64 = 0
    /// How many connections were made.
    public var created: UInt64 = 0
    /// How many attempts to make one failed.
    public var connectFailures: UInt64 = 0
    /// How many were closed, by reason.
    public var closed: [String: UInt64] = [:]
    /// Who holds connections, the longest first.
    public var holders: [Holder] = []
    /// Why connecting fails, while it does.
    public var connectFailure: String?
    /// How long callers waited.
    public var waitTime = LatencyHistogram()
    /// How long they held the connection.
    public var useTime = LatencyHistogram()
    /// How long statements took.
    public var queryTime = LatencyHistogram()
    /// How long connecting took.
    public var createTime = LatencyHistogram()

    /// Makes a report of a pool that has done nothing.
    public init() {}
}

extension PoolReport {
    /// Where the trouble is, as far as the figures tell: the question of three in the morning.
    enum Trouble: String {
        /// Nobody waits and nobody was turned away.
        case none
        /// The server cannot be reached.
        case database
        /// The connections are all at work for as long as their statements run: more of them, or faster statements.
        case pool
        /// Connections are held much longer than statements run: the service keeps them while it does something else.
        case service
    }

    var trouble: Trouble {
        guard isHealthy, connectFailure == nil else { return .database }
        let isShort = waiting > 0 && inUse >= max
        guard isShort || sinceShortage.map({ $0 < Self.soonForgotten }) == true else { return .none }
        guard let held = useTime.quantile(0.95), let ran = queryTime.quantile(0.95) else { return .pool }
        return held > Self.heldTooLong * ran ? .service : .pool
    }

    /// A shortage of last week is none of tonight's: 15 minutes, in nanoseconds.
    private static let soonForgotten: UInt64 = 900_000_000_000
    /// A few statements in a row are a normal use of one connection.
    private static let heldTooLong = 10.0
}
