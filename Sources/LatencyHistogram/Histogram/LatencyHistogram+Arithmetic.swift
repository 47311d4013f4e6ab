extension LatencyHistogram {
    /// Adds all values of another histogram, exactly.
    ///
    /// Where the scales differ the result has the coarser one, since a fine bucket lies wholly inside a coarse one. An
    /// empty histogram has no precision to lose or to impose: it takes the other's scale, and leaves it its own.
    public mutating func merge(_ other: LatencyHistogram) {
        guard !other.isEmpty else { return }
        guard !isEmpty else {
            self = other
            return
        }
        if other.scale < scale { self = downscaled(to: other.scale) }
        let other = other.downscaled(to: scale)
        reserve(from: other.firstPosition, count: other.buckets.count)
        for (offset, occurrences) in other.buckets.enumerated() {
            buckets[other.firstPosition + offset - firstPosition].addSaturating(occurrences)
        }
        zeroCount.addSaturating(other.zeroCount)
        overflowCount.addSaturating(other.overflowCount)
        count.addSaturating(other.count)
        sum.addSaturating(other.sum)
        least = Swift.min(least, other.least)
        greatest = Swift.max(greatest, other.greatest)
    }

    /// Both histograms' values in one.
    public func merging(_ other: LatencyHistogram) -> LatencyHistogram {
        var result = self
        result.merge(other)
        return result
    }

    /// The values recorded since an earlier state of the same histogram.
    ///
    /// The extremes of a difference are not known; they are taken as the bounds of its outermost buckets, narrowed by the
    /// later histogram's own.
    ///
    /// - Parameter earlier: a histogram all of whose values are also in this one. Different scales meet at the coarser.
    /// - Throws: ``LatencyHistogramArithmeticError`` when `earlier` holds values that this one does not.
    public func subtracting(
        _ earlier: LatencyHistogram
    ) throws(LatencyHistogramArithmeticError) -> LatencyHistogram {
        let common = Swift.min(scale, earlier.scale)
        var result = downscaled(to: common)
        let earlier = earlier.downscaled(to: common)
        func difference(_ a: UInt64, _ b: UInt64) throws(LatencyHistogramArithmeticError) -> UInt64 {
            guard a >= b else { throw LatencyHistogramArithmeticError(later: a, earlier: b) }
            return a - b
        }
        for (offset, occurrences) in earlier.buckets.enumerated() where occurrences > 0 {
            let slot = earlier.firstPosition + offset - result.firstPosition
            guard result.buckets.indices.contains(slot) else {
                throw LatencyHistogramArithmeticError(later: 0, earlier: occurrences)
            }
            result.buckets[slot] = try difference(result.buckets[slot], occurrences)
        }
        result.zeroCount = try difference(zeroCount, earlier.zeroCount)
        result.overflowCount = try difference(overflowCount, earlier.overflowCount)
        result.sum = try difference(sum, earlier.sum)
        return LatencyHistogram(
            scale: common, firstPosition: result.firstPosition, buckets: result.buckets, zeroCount: result.zeroCount,
            overflowCount: result.overflowCount, sum: result.sum, least: least, greatest: greatest)
    }

    /// The same values in coarser buckets; itself when `target` is not coarser.
    ///
    /// - Parameter target: the scale wanted, 0 through 8; values outside are clamped.
    public func downscaled(to target: Int) -> LatencyHistogram {
        let target = Self.clamped(target)
        guard target < scale else { return self }
        var result = LatencyHistogram(scale: target)
        let shift = scale - target
        for (offset, occurrences) in buckets.enumerated() where occurrences > 0 {
            result.add(occurrences, atPosition: ((firstPosition + offset - 1) >> shift) + 1)
        }
        result.zeroCount = zeroCount
        result.overflowCount = overflowCount
        result.count = count
        result.sum = sum
        result.least = least
        result.greatest = greatest
        return result
    }

    /// Widens the array of buckets so that it covers the positions given.
    private mutating func reserve(from position: Int, count: Int) {
        guard count > 0 else { return }
        if buckets.isEmpty {
            firstPosition = position
            buckets = Array(repeating: 0, count: count)
            return
        }
        if position < firstPosition {
            buckets.insert(contentsOf: repeatElement(0, count: firstPosition - position), at: 0)
            firstPosition = position
        }
        let missing = position + count - firstPosition - buckets.count
        if missing > 0 { buckets.append(contentsOf: repeatElement(0, count: missing)) }
    }

    /// Puts a histogram together from counts taken elsewhere.
    ///
    /// `least` and `greatest` may come from another moment than the counts do (a recorder that is being written to), so
    /// they are held to what the outermost buckets allow: a histogram never contradicts itself.
    init(
        scale: Int, firstPosition: Int, buckets: [UInt64], zeroCount: UInt64, overflowCount: UInt64, sum: UInt64,
        least: UInt64, greatest: UInt64
    ) {
        self.init(scale: scale)
        self.firstPosition = firstPosition
        self.buckets = buckets
        self.zeroCount = zeroCount
        self.overflowCount = overflowCount
        self.sum = sum
        // Trimmed, so that a difference of equals is empty and not a row of zeros.
        let occupied = self.occupied
        let first = firstOccupied
        self.firstPosition = first
        self.buckets = Array(occupied)
        count = zeroCount
        count.addSaturating(overflowCount)
        for occurrences in occupied { count.addSaturating(occurrences) }
        guard count > 0 else {
            self.firstPosition = 0
            self.sum = 0
            return
        }
        setExtremes(least: least, greatest: greatest)
    }

    /// Sets the extremes, held to what the counts allow. The outermost buckets must not be empty.
    mutating func setExtremes(least: UInt64, greatest: UInt64) {
        let low = extremes(atPosition: firstPosition)
        let high = extremes(atPosition: firstPosition + buckets.count - 1)
        self.least = zeroCount > 0 ? 0 : hold(least, buckets.isEmpty ? Self.overflowRange : low)
        self.greatest =
            overflowCount > 0
            ? Swift.max(greatest, Self.highestTrackableValue + 1)
            : buckets.isEmpty ? 0 : hold(greatest, high)
    }

    private static let overflowRange = (low: highestTrackableValue + 1, high: UInt64.max)

    /// The integers a bucket can hold, whatever was seen.
    func extremes(atPosition position: Int) -> (low: UInt64, high: UInt64) {
        let low = BucketBoundaries.upperBound(ofIndex: position - 2, scale: scale) + 1
        return (low, Swift.max(low, BucketBoundaries.upperBound(ofIndex: position - 1, scale: scale)))
    }

    private func hold(_ value: UInt64, _ range: (low: UInt64, high: UInt64)) -> UInt64 {
        Swift.min(Swift.max(value, range.low), range.high)
    }
}

/// A subtraction that would leave fewer than no values: the minuend is not a later state of the subtrahend.
public struct LatencyHistogramArithmeticError: Error, Hashable, CustomStringConvertible {
    /// The count in the later histogram.
    public let later: UInt64
    /// The count in the earlier histogram, greater than `later`.
    public let earlier: UInt64

    /// What happened and how to mend it.
    public var description: String {
        "cannot subtract \(earlier) values from \(later): the histogram subtracted is not an earlier state of this one; "
            + "swap the two, or start again from a fresh snapshot"
    }
}
