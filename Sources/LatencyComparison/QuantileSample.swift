import LatencyHistogram

/// The blocks of one series, made ready for finding one percentile of any selection of them quickly.
///
/// Only the buckets near the percentile matter for a selection's percentile, so each block is reduced to how many of
/// its values lie at or below each of their bounds.
struct QuantileSample {
    /// The percentile of all blocks together, in nanoseconds.
    private(set) var estimate: Double
    let blockCount: Int
    private let quantile: Double
    /// The bounds of the buckets near the percentile, rising; the first is the lower bound of the first bucket.
    private let bounds: [Double]
    /// For each block, how many values lie at or below each bound.
    private let below: [[UInt32]]
    private let counts: [UInt64]

    /// `nil` without values.
    init?(_ series: BucketedSeries, quantile: Double) {
        guard let middle = series.pooled.quantile(quantile) else { return nil }
        // Selections of blocks move the percentile; a factor of three either way holds all but absurd ones.
        let near = series.pooled.occupiedBuckets.filter {
            Double($0.upperBound) >= middle / 3 && Double($0.lowerBound) <= middle * 3
        }
        guard let lowest = near.first else { return nil }
        var bounds = [Double(lowest.lowerBound)]
        // Gaps between occupied buckets are crossed by the bound that follows them.
        for bucket in near { bounds.append(Double(bucket.upperBound)) }
        self.bounds = bounds
        self.quantile = quantile
        blockCount = series.blocks.count
        counts = series.blocks.map(\.count)
        let indices = near.map(\.index)
        below = series.blocks.map { Self.cumulative($0, lowest: lowest.index, indices: indices) }
        estimate = 0
        estimate = value(drawing: [UInt32](repeating: 1, count: series.blocks.count))
    }

    /// The percentile of a selection in which each block is as often as `weights` says.
    func value(drawing weights: [UInt32]) -> Double {
        var total = 0.0
        for block in weights.indices { total += Double(weights[block]) * Double(counts[block]) }
        let rank = quantile * total
        var low = 0
        var high = bounds.count - 1
        var atLow = sum(weights, at: low)
        var atHigh = sum(weights, at: high)
        guard rank > atLow else { return bounds[low] }
        guard rank < atHigh else { return bounds[high] }
        while high - low > 1 {
            let middle = (low + high) / 2
            let atMiddle = sum(weights, at: middle)
            if atMiddle < rank {
                (low, atLow) = (middle, atMiddle)
            } else {
                (high, atHigh) = (middle, atMiddle)
            }
        }
        let share = atHigh > atLow ? (rank - atLow) / (atHigh - atLow) : 1
        return bounds[low] + share * (bounds[high] - bounds[low])
    }

    private func sum(_ weights: [UInt32], at bound: Int) -> Double {
        var sum = 0.0
        for block in weights.indices where weights[block] > 0 {
            sum += Double(weights[block]) * Double(below[block][bound])
        }
        return sum
    }

    /// How many of a block's values lie below the first bucket, and at or below each of the buckets.
    private static func cumulative(_ block: BucketedSeries.Block, lowest: Int, indices: [Int]) -> [UInt32] {
        var result: [UInt32] = []
        result.reserveCapacity(indices.count + 1)
        let buckets = block.buckets
        var next = buckets.startIndex
        var seen = block.zeroCount
        while next < buckets.endIndex, buckets[next].index < lowest {
            seen += buckets[next].count
            next += 1
        }
        result.append(UInt32(clamping: seen))
        for index in indices {
            while next < buckets.endIndex, buckets[next].index <= index {
                seen += buckets[next].count
                next += 1
            }
            result.append(UInt32(clamping: seen))
        }
        return result
    }
}
