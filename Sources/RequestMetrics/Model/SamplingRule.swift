/// Which requests are kept as rows: every slow one, and a random draw of the others.
public struct SamplingRule: Sendable, Hashable {
    /// A request that took longer is always kept. Default 200 ms.
    public var slowThreshold: Duration

    /// The share of the other requests that is kept, 0 through 1. Default 0.1.
    public var drawRate: Double

    /// Makes draws repeatable when set. A recorder with a seed uses one stream of random numbers for all threads.
    public var seed: UInt64?

    /// Makes a rule.
    ///
    /// - Parameters:
    ///   - slowThreshold: a request that took longer is always kept; a negative one counts as zero.
    ///   - drawRate: the share of the others that is kept; clamped to 0 through 1.
    ///   - seed: makes draws repeatable.
    public init(slowThreshold: Duration = .milliseconds(200), drawRate: Double = 0.1, seed: UInt64? = nil) {
        self.slowThreshold = max(slowThreshold, .zero)
        self.drawRate = drawRate.isNaN ? 0 : min(max(drawRate, 0), 1)
        self.seed = seed
    }

    /// How many requests a kept row stands for: 1 for a slow one, else one over the draw rate (0 when nothing is drawn).
    public func weight(ofMilliseconds milliseconds: Double) -> Double {
        if milliseconds > slowThreshold / .milliseconds(1) { return 1 }
        return drawRate > 0 ? 1 / drawRate : 0
    }
}
