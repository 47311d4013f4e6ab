import LatencyHistogram

/// The blocks of one series and all of them together, with their buckets taken out once for all percentiles.
struct BucketedSeries {
    struct Block {
        let count: UInt64
        let zeroCount: UInt64
        /// The occupied buckets in rising order, at the scale of ``BucketedSeries/pooled``.
        let buckets: [(index: Int, lowerBound: UInt64, upperBound: UInt64, count: UInt64)]
    }

    let pooled: LatencyHistogram
    let blocks: [Block]

    init(_ histograms: [LatencyHistogram]) {
        let pooled = histograms.dropFirst().reduce(into: histograms.first ?? LatencyHistogram()) { $0.merge($1) }
        self.pooled = pooled
        blocks = histograms.map { histogram in
            Block(
                count: histogram.count, zeroCount: histogram.zeroCount,
                buckets: histogram.downscaled(to: pooled.scale).occupiedBuckets)
        }
    }
}
