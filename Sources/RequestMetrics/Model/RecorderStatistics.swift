public import Foundation

/// What a recorder knows of itself: the overhead receipt at the foot of the dashboard.
public struct RecorderStatistics: Sendable, Hashable {
    /// Requests recorded since the start, both surfaces.
    public var recorded: UInt64 = 0
    /// Requests that a store has confirmed.
    public var drained: UInt64 = 0
    /// Requests that wait in memory for a store.
    public var pending: UInt64 { recorded >= drained ? recorded - drained : 0 }
    /// Rows kept as examples since the start.
    public var keptRows: UInt64 = 0
    /// Rows dropped because the bounded buffer was full.
    public var droppedRows: UInt64 = 0
    /// Requests counted under ``SeriesKey/overflowRoute``.
    public var overflowed: UInt64 = 0
    /// Routes the recorder holds.
    public var routes: Int = 0
    /// Series (route, method, status) the recorder holds.
    public var series: Int = 0
    /// When a store last confirmed a batch.
    public var lastDrain: Date?
    /// How long that took, in seconds.
    public var lastDrainSeconds: Double?
    /// Writes that failed since the start.
    public var storeErrors: UInt64 = 0
    /// What the last write said if it failed; nil once one succeeds.
    public var lastStoreError: String?
    /// Mean time that recording one request took, in nanoseconds; measured on one request in 1,024. Nil until the first.
    public var nanosecondsPerRequest: Double?
    /// How many requests that mean is of.
    public var measuredRequests: UInt64 = 0
    /// When the recorder was made.
    public var startedAt: Date = .distantPast

    /// Makes statistics of a recorder that has done nothing yet.
    public init() {}
}
