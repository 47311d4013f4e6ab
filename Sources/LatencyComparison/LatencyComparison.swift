public import LatencyHistogram

/// Compares the percentiles of two series of latencies, given as histograms of blocks of time.
///
/// The unit is the block (a second or more, or a whole run), never the request: requests of the same second share its
/// luck, so counting them one by one finds differences in anything. How sure a percentile is, is found by drawing
/// blocks anew with replacement (block bootstrap); the intervals use Student's distribution with as many degrees of
/// freedom as there are independent blocks. A difference must pass a second test, which supposes nothing of the
/// distribution: if the blocks change sides, hardly any way gives as large a one.
///
/// ```swift
/// let comparison = LatencyComparison(base: before, new: after)
/// print(comparison.verdict, comparison.metrics.map(\.change))
/// ```
public struct LatencyComparison: Sendable, Hashable {
    /// How the blocks of the two series belong together.
    public enum Pairing: Sendable, Hashable {
        /// Two series in order of time; neighbouring blocks resemble each other, so they are drawn in runs.
        case series
        /// Blocks that know nothing of each other, such as whole runs.
        case independent
        /// The same number of blocks on both sides, each pair measured side by side, as in ABBA slices: what disturbs
        /// both blocks of a pair cancels out.
        case pairs
    }

    /// One metric each, in the order of the options.
    public let metrics: [MetricComparison]

    /// Compares two series.
    ///
    /// - Parameters:
    ///   - base: The blocks of the old series. Empty blocks are left out.
    ///   - new: The blocks of the new series.
    ///   - pairing: How the blocks belong together. ``Pairing/pairs`` leaves out pairs with an empty block and blocks
    ///     without a partner.
    ///   - options: How sure the comparison must be.
    /// - Complexity: O(*resamples* · *blocks*) a metric, whatever the number of requests.
    public init(
        base: [LatencyHistogram], new: [LatencyHistogram], pairing: Pairing = .series,
        options: ComparisonOptions = ComparisonOptions()
    ) {
        var base = base
        var new = new
        if pairing == .pairs {
            let pairs = zip(base, new).filter { !$0.isEmpty && !$1.isEmpty }
            base = pairs.map(\.0)
            new = pairs.map(\.1)
        } else {
            base.removeAll(where: \.isEmpty)
            new.removeAll(where: \.isEmpty)
        }
        let baseSeries = BucketedSeries(base)
        let newSeries = BucketedSeries(new)
        metrics = options.metrics.map { metric in
            MetricComparison(
                metric, base: baseSeries, new: newSeries, pairing: pairing,
                randomisation: Randomisation(base: base, new: new, pairing: pairing), options: options)
        }
    }

    /// All metrics in one word: slower if any is slower, else faster if any is faster, equivalent only if all are.
    public var verdict: ComparisonVerdict {
        if metrics.contains(where: { $0.verdict == .slower }) { return .slower }
        if metrics.contains(where: { $0.verdict == .faster }) { return .faster }
        return !metrics.isEmpty && metrics.allSatisfy { $0.verdict == .equivalent } ? .equivalent : .undecided
    }
}
