extension LatencyHistogram {
    /// Whether nothing was recorded.
    public var isEmpty: Bool { count == 0 }

    /// The least value in nanoseconds, exact unless the histogram came from ``subtracting(_:)``; nil when empty.
    public var min: UInt64? { isEmpty ? nil : least }

    /// The greatest value in nanoseconds, exact unless the histogram came from ``subtracting(_:)``; nil when empty.
    public var max: UInt64? { isEmpty ? nil : greatest }

    /// The arithmetic mean in nanoseconds, exact while ``sum`` is not full; nil when empty.
    public var mean: Double? { isEmpty ? nil : Double(sum) / Double(count) }

    /// The greatest relative error of a quantile, as a fraction: 0.0108 at scale 5.
    public var relativeError: Double {
        let growth = Double(BucketBoundaries.upperBound(ofIndex: (62 << scale), scale: scale)) / 0x1p62
        return (growth - 1) / (growth + 1)
    }

    /// The value at a quantile in nanoseconds, nil when empty or when `q` is not a number.
    ///
    /// The rank is the nearest-rank one, ⌈q · count⌉, as in exact sorting. Within its bucket the value is taken to be
    /// 2ab / (a + b) of the least and greatest integer that the bucket can hold, which is the point whose relative error
    /// is least at worst. A `Double`, because below 100 ns rounding to whole nanoseconds would cost more than the bucket
    /// does.
    ///
    /// - Parameter q: 0 through 1; values outside are clamped.
    public func quantile(_ q: Double) -> Double? {
        guard !isEmpty, !q.isNaN else { return nil }
        let rank = rank(ofQuantile: Swift.min(Swift.max(q, 0), 1))
        if rank <= zeroCount { return 0 }
        if rank == count { return Double(greatest) }
        var seen = zeroCount
        for (offset, occurrences) in buckets.enumerated() where occurrences > 0 {
            seen.addSaturating(occurrences)
            if rank <= seen {
                let (low, high) = valueRange(atPosition: firstPosition + offset)
                return 2 * Double(low) * Double(high) / (Double(low) + Double(high))
            }
        }
        return Double(greatest)
    }

    /// How many values are at or below a threshold.
    ///
    /// Exact where the threshold is a bucket's boundary, as every power of two is at every scale; elsewhere values are
    /// taken to be spread evenly in the bucket that the threshold divides.
    ///
    /// - Parameter nanoseconds: the threshold, itself included.
    public func count(below nanoseconds: UInt64) -> UInt64 {
        if isEmpty || nanoseconds < least { return 0 }
        if nanoseconds >= greatest { return count }
        var total = zeroCount
        for (offset, occurrences) in buckets.enumerated() where occurrences > 0 {
            let (low, high) = valueRange(atPosition: firstPosition + offset)
            if nanoseconds >= high {
                total.addSaturating(occurrences)
            } else if nanoseconds < low {
                break
            } else {
                let share = Double(nanoseconds - low + 1) / Double(high - low + 1)
                total.addSaturating(UInt64(exactly: (Double(occurrences) * share).rounded(.down)) ?? occurrences)
                break
            }
        }
        return total
    }

    /// The buckets that are not empty, in rising order: OpenTelemetry's index, the values it covers and its count.
    ///
    /// Zeros and overflows are not among them; see ``zeroCount`` and ``overflowCount``.
    public var occupiedBuckets: [(index: Int, lowerBound: UInt64, upperBound: UInt64, count: UInt64)] {
        buckets.enumerated().compactMap { offset, occurrences in
            guard occurrences > 0 else { return nil }
            let index = firstPosition + offset - 1
            return (
                index, BucketBoundaries.upperBound(ofIndex: index - 1, scale: scale),
                BucketBoundaries.upperBound(ofIndex: index, scale: scale), occurrences
            )
        }
    }

    /// The least and greatest integer that the bucket can hold, narrowed by the extremes that were seen.
    func valueRange(atPosition position: Int) -> (low: UInt64, high: UInt64) {
        let low = BucketBoundaries.upperBound(ofIndex: position - 2, scale: scale) + 1
        let high = Swift.max(low, BucketBoundaries.upperBound(ofIndex: position - 1, scale: scale))
        let narrowLow = Swift.min(Swift.max(low, least), high)
        return (narrowLow, Swift.max(narrowLow, Swift.min(high, greatest)))
    }

    private func rank(ofQuantile q: Double) -> UInt64 {
        let exact = q * Double(count)
        // 0.07 · 100 is 7.000000000000001 in binary; without this the ceiling would be one rank too high.
        let nearest = exact.rounded()
        let rank = abs(exact - nearest) <= exact * 1e-12 ? nearest : exact.rounded(.up)
        return Swift.min(Swift.max(UInt64(exactly: rank) ?? count, 1), count)
    }
}
