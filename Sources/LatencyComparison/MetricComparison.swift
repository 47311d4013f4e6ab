import Foundation
import LatencyHistogram

/// What one percentile of a new series is to that of an old one.
public struct MetricComparison: Codable, Sendable, Hashable {
    /// The percentile.
    public let metric: ComparisonMetric
    /// The percentile of the old series in nanoseconds; missing without values.
    public let base: Double?
    /// The percentile of the new series in nanoseconds; missing without values.
    public let new: Double?
    /// The relative change: 0.041 is 4.1 % slower, −0.02 is 2 % faster. Missing where nothing can be said.
    public let change: Double?
    /// The bounds of the change at the stated false-alarm rate; missing where nothing can be said.
    public let low: Double?
    /// The upper bound; see ``low``.
    public let high: Double?
    /// Slower, faster, equivalent or undecided.
    public let verdict: ComparisonVerdict
    /// Why it is undecided, when that is not for the interval's width.
    public let reason: String?

    init(
        _ metric: ComparisonMetric, base: BucketedSeries, new: BucketedSeries,
        pairing: LatencyComparison.Pairing, randomisation: Randomisation, options: ComparisonOptions
    ) {
        self.metric = metric
        let baseSample = QuantileSample(base, quantile: metric.quantile)
        let newSample = QuantileSample(new, quantile: metric.quantile)
        self.base = baseSample?.estimate
        self.new = newSample?.estimate
        let problem = Self.problem(metric, base, new, options)
        guard problem == nil, let baseSample, let newSample,
            let spread = LogRatioSpread(baseSample, newSample, pairing: pairing, options: options)
        else {
            reason = problem ?? "a percentile of 0 cannot be compared"
            verdict = .undecided
            change = nil
            low = nil
            high = nil
            return
        }
        let wide = spread.bounds(errorRate: options.errorRate)
        change = exp(spread.logRatio) - 1
        low = exp(wide.lowerBound) - 1
        high = exp(wide.upperBound) - 1
        let verdict = Self.verdict(spread, wide, options)
        let chance = [.slower, .faster].contains(verdict) ? Self.chance(metric, randomisation, options) : nil
        self.verdict = chance == nil ? verdict : .undecided
        reason = chance
    }

    /// Why a difference may be chance all the same; `nil` where it is not. With few blocks, all must be for it.
    private static func chance(
        _ metric: ComparisonMetric, _ randomisation: Randomisation, _ options: ComparisonOptions
    ) -> String? {
        let share = randomisation.share(quantile: metric.quantile, errorRate: options.errorRate, seed: options.seed)
        guard share > Swift.max(options.errorRate, randomisation.leastShare) else { return nil }
        return
            "a few blocks make the difference: if they change sides, \(share.percent) of the ways give as large a one"
    }

    /// Slower and faster need the margin and the interval to agree. Equivalence is two one-sided tests (TOST), so its
    /// interval leaves out the error rate on each side, not half of it.
    private static func verdict(
        _ spread: LogRatioSpread, _ wide: ClosedRange<Double>, _ options: ComparisonOptions
    ) -> ComparisonVerdict {
        let slowerBeyond = log1p(options.margin)
        let fasterBeyond = log1p(-Swift.min(options.margin, 0.99))
        if spread.logRatio > slowerBeyond, wide.lowerBound > 0 { return .slower }
        if spread.logRatio < fasterBeyond, wide.upperBound < 0 { return .faster }
        let narrow = spread.bounds(errorRate: 2 * options.errorRate)
        return narrow.lowerBound > fasterBeyond && narrow.upperBound < slowerBeyond ? .equivalent : .undecided
    }

    private static func problem(
        _ metric: ComparisonMetric, _ base: BucketedSeries, _ new: BucketedSeries, _ options: ComparisonOptions
    ) -> String? {
        let blocks = Swift.min(base.blocks.count, new.blocks.count)
        guard blocks >= Swift.max(2, options.fewestBlocks) else {
            return "\(blocks) blocks on one side; at least \(options.fewestBlocks) are needed"
        }
        let values = Swift.min(base.pooled.count, new.pooled.count)
        let beyond = Double(values) * (1 - metric.quantile)
        guard beyond >= Double(options.fewestBeyond) else {
            let needed = Int((Double(options.fewestBeyond) / (1 - metric.quantile)).rounded(.up))
            return "\(values) requests on one side; \(metric.rawValue) needs at least \(needed)"
        }
        return nil
    }
}
