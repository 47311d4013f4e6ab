/// What a store knows of its own size.
public struct StoreStatistics: Sendable, Hashable {
    /// Bytes it takes on disk.
    public var bytes: Int = 0
    /// Bytes it may take before old data goes; nil when unbounded.
    public var budget: Int?
    /// Bytes written over the last day, or a day's worth of what was written since it began; nil before the first hour.
    public var bytesPerDay: Double?
    /// How far back it reaches.
    public var reach = MetricsReach()
    /// Histograms it met that could not be read.
    public var unreadable: Int = 0

    /// Makes statistics of an empty store.
    public init() {}
}
