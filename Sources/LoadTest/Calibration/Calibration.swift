/// What the generator is able to on a machine, measured against a null server in the same process.
public struct Calibration: Codable, Sendable, Hashable {
    /// The most requests a second that the closed loop made.
    public var ceiling: Double
    /// Processor time that the generator's loops used for a request, in microseconds.
    public var cpuMicrosecondsPerRequest: Double
    /// How late requests were sent, open loop, in milliseconds: the wake-up jitter.
    public var jitter: LatencySummary
    /// What a request costs that asks nothing of the target, open loop, in milliseconds: the noise in each percentile.
    public var noise: LatencySummary
}
