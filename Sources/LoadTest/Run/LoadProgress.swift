/// How far a run is.
public struct LoadProgress: Sendable, Hashable {
    /// The scenarios of the phase, joined by plus signs in a mix.
    public var scenario: String
    /// Seconds since the first request.
    public var elapsedSeconds: Double
    /// Seconds until the phase ends by time.
    public var remainingSeconds: Double
    /// Requests a second that ended since the last report.
    public var rate: Double
    /// Latency of the last second or so, in milliseconds.
    public var p50: Double?
    /// Latency of the last second or so, in milliseconds.
    public var p99: Double?
    /// Requests that ended so far.
    public var count: UInt64
    /// Requests that failed so far.
    public var errorCount: UInt64
}
