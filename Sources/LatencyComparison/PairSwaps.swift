import Foundation
import LatencyHistogram

/// How often chance alone makes a difference as large between two series of pairs.
///
/// Were both sides the same, each pair could as well have been measured the other way round. So the sides of some pairs
/// are swapped, in all ways or in many drawn ones, and the share of the ways that give as large a difference is how often
/// chance does (Fisher's randomisation test). It supposes nothing of how latencies are distributed, where the bootstrap's
/// interval is too narrow for a few pairs of which one or two met a disturbance.
struct PairSwaps {
    let base: [LatencyHistogram]
    let new: [LatencyHistogram]

    /// The least share that so many pairs can give, both directions together.
    var leastShare: Double { 2 * pow(0.5, Double(base.count)) }

    /// The share of the ways, in 0...1, that give at least the ratio between the two percentiles that was measured, in
    /// either direction; 1 without values.
    ///
    /// - Parameters:
    ///   - errorRate: The share that it is to be compared with: so many ways are drawn that it can be told.
    ///   - seed: The seed of the draws; up to 12 pairs all ways are tried.
    func share(quantile: Double, errorRate: Double, seed: UInt64) -> Double {
        guard let sample = QuantileSample(BucketedSeries(base + new), quantile: quantile) else { return 1 }
        let measured = size([Bool](repeating: false, count: base.count), sample)
        // Rounding must not make the measured way smaller than itself.
        func isAsLarge(_ ways: [Bool]) -> Bool { size(ways, sample) >= measured * (1 - 1e-9) }
        if base.count <= 12 {
            // All pairs swapped is the same difference in the other direction: half of the ways tells all.
            let ways = 1 << (base.count - 1)
            let large = (0..<ways).count { way in isAsLarge(base.indices.map { way >> $0 & 1 == 1 }) }
            return Double(large) / Double(ways)
        }
        var random = SeededGenerator(seed: seed)
        let draws = min(40_000, max(2_000, Int(10 / errorRate)))
        let large = (0..<draws).count { _ in isAsLarge(base.indices.map { _ in Bool.random(using: &random) }) }
        return Double(large + 1) / Double(draws + 1)
    }

    /// The size of the difference, either way, when the pairs that are told are swapped.
    private func size(_ swapped: [Bool], _ sample: QuantileSample) -> Double {
        let left = swapped.map { $0 ? 0 : 1 as UInt32 }
        let right = swapped.map { $0 ? 1 : 0 as UInt32 }
        return abs(log(max(1, sample.value(drawing: right + left)) / max(1, sample.value(drawing: left + right))))
    }
}
