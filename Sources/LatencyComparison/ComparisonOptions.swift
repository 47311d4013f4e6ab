/// How sure a comparison must be, and how large a difference matters.
public struct ComparisonOptions: Sendable, Hashable {
    /// Relative differences up to this one do not matter: 0.02 is 2 %. Above 0.
    public var margin = 0.02
    /// How often two equal series may be called slower or faster at most, over all metrics and looks together.
    public var falseAlarmRate = 0.05
    /// How many verdicts share the false-alarm rate (Bonferroni): scenarios, or looks at a growing series.
    public var verdicts = 1
    /// How often the blocks are drawn anew. At least 100.
    public var resamples = 400
    /// The seed of the draws: the same data give the same verdict.
    public var seed: UInt64 = 1
    /// What is compared.
    public var metrics = ComparisonMetric.allCases
    /// Fewer blocks a side than this decide nothing.
    public var fewestBlocks = 6
    /// A percentile with fewer values beyond it on either side than this is not judged: it would be an extreme.
    public var fewestBeyond: UInt64 = 10

    /// Makes options with a margin of 2 % and a false-alarm rate of 5 %.
    public init() {}

    /// The false-alarm rate of a single metric in a single verdict.
    var errorRate: Double {
        Swift.min(Swift.max(falseAlarmRate, 0.000_1), 0.5) / Double(Swift.max(1, metrics.count * verdicts))
    }
}
