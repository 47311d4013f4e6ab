/// When a ``MetricsDrain`` writes.
public struct DrainSettings: Sendable, Hashable {
    /// How often counts and rows go to the store. Default 10 s, at least 100 ms. What a crash loses at most.
    public var interval: Duration = .seconds(10)

    /// How long a shutdown waits for the last write. Default 5 s.
    public var shutdownLimit: Duration = .seconds(5)

    /// The release that this process runs; marked once, unless the latest mark says the same. Default none.
    public var release: String?

    /// Makes the default settings.
    public init() {}

    static let leastInterval = Duration.milliseconds(100)
}
