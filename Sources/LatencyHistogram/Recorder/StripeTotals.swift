/// What stripes hold that only grows, added up: since they were made, or between two moments.
struct GrowingTotals {
    /// The position of `buckets[0]`.
    private var firstPosition = 0
    private var buckets: [UInt64] = []

    /// Wraps, as the stripes' own sums do: a difference is right as long as it is below 2^64 ns, or 584 years.
    var sum: UInt64 = 0

    /// Room for every bucket of a scale.
    init(scale: Int) {
        buckets = Array(repeating: 0, count: LatencyHistogram.positionLimit(scale: scale))
    }

    /// Nothing.
    init() {}

    mutating func add(_ occurrences: UInt64, atPosition position: Int) {
        buckets[position - firstPosition] &+= occurrences
    }

    /// What was added since `earlier`, as a histogram that also holds `extremes`.
    func histogram(since earlier: GrowingTotals, with extremes: Extremes, scale: Int) -> LatencyHistogram {
        var buckets = buckets
        for (offset, occurrences) in earlier.buckets.enumerated() {
            buckets[earlier.firstPosition + offset - firstPosition] &-= occurrences
        }
        var sum = sum &- earlier.sum
        sum.addSaturating(extremes.overflowSum)
        return LatencyHistogram(
            scale: scale, firstPosition: firstPosition, buckets: buckets, zeroCount: extremes.zeroCount,
            overflowCount: extremes.overflowCount, sum: sum, least: extremes.least, greatest: extremes.greatest)
    }

    /// The same without empty buckets at either end, to be kept for long.
    var compact: GrowingTotals {
        var result = self
        guard let first = buckets.firstIndex(where: { $0 > 0 }), let last = buckets.lastIndex(where: { $0 > 0 }) else {
            result.buckets = []
            return result
        }
        result.firstPosition = firstPosition + first
        result.buckets = Array(buckets[first...last])
        return result
    }
}

/// What stripes hold that a reset takes away.
struct Extremes {
    var zeroCount: UInt64 = 0
    var overflowCount: UInt64 = 0
    var overflowSum: UInt64 = 0
    var least: UInt64 = .max
    var greatest: UInt64 = 0
}
