public import LatencyComparison

/// Which minutes are compared, and how sure a verdict must be.
public struct VerdictOptions: Sendable, Hashable {
    /// Seconds on each side of the mark at most; at least a minute.
    public var window: Double = 1_800
    /// Seconds after the mark that are left out, for caches to fill; rounded up to whole minutes.
    public var settling: Double = 60
    /// How sure the comparison must be; the routes share its false-alarm rate. The margin is 5 % unless it is changed:
    /// the traffic of two half-hours differs by itself.
    public var comparison: ComparisonOptions

    /// Makes options with half an hour on each side and a margin of 5 %.
    public init() {
        comparison = ComparisonOptions()
        comparison.margin = 0.05
    }
}
