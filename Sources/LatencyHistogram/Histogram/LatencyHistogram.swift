/// A histogram of durations in nanoseconds with a fixed relative error.
///
/// Buckets are base-2 exponential, mapped exactly as OpenTelemetry does (see ``BucketBoundaries``), so that histograms
/// of other minutes, processes and machines merge without loss, and export to OTLP and Prometheus needs no conversion.
///
/// ```swift
/// var histogram = LatencyHistogram()
/// histogram.record(1_500_000)
/// histogram.quantile(0.99)  // 1.5 ms, at most 1.1 % off
/// ```
///
/// - Complexity: recording is O(1); queries, merging and encoding are O(buckets between the least and the greatest
///   value), at most 48 · 2^scale.
public struct LatencyHistogram: Sendable {
    /// Buckets an octave as a power of two, 0 through 8. A quantile is off by at most
    /// (2^(2^−scale) − 1) / (2^(2^−scale) + 1): 1.1 % at 5, 0.14 % at 8.
    public let scale: Int

    /// How many values were 0 ns.
    public internal(set) var zeroCount: UInt64 = 0

    /// How many values were above ``highestTrackableValue``.
    public internal(set) var overflowCount: UInt64 = 0

    /// The sum of all values in nanoseconds. Stays at `UInt64.max` once it would exceed it.
    public internal(set) var sum: UInt64 = 0

    /// How many values were recorded, zeros and overflows included. Stays at `UInt64.max` once it would exceed it.
    public internal(set) var count: UInt64 = 0

    /// The least and greatest value, meaningful only when `count` is not zero.
    var least: UInt64 = .max
    var greatest: UInt64 = 0

    /// Counts of neighbouring buckets; `buckets[0]` is the one at `firstPosition`.
    ///
    /// A *position* is OpenTelemetry's index plus one, which makes the least one, that of 1 ns, zero.
    var buckets: [UInt64] = []
    var firstPosition = 0

    /// The greatest value that has a bucket: 2^48 ns, a little over three days. Anything longer is counted in
    /// ``overflowCount``.
    public static let highestTrackableValue: UInt64 = 1 << 48

    /// Scales that a histogram can have.
    public static let scales = 0...BucketBoundaries.finestScale

    /// Makes an empty histogram.
    ///
    /// - Parameter scale: buckets an octave as a power of two; clamped to 0 through 8.
    public init(scale: Int = 5) {
        self.scale = Self.clamped(scale)
    }

    static func clamped(_ scale: Int) -> Int {
        Swift.min(Swift.max(scale, scales.lowerBound), scales.upperBound)
    }

    /// Records a duration.
    ///
    /// - Parameters:
    ///   - nanoseconds: any value; 0 and very long ones have counters of their own.
    ///   - count: how often it occurred; 0 records nothing.
    @inline(__always)
    public mutating func record(_ nanoseconds: UInt64, count occurrences: UInt64 = 1) {
        guard occurrences > 0 else { return }
        if nanoseconds &- 1 < Self.highestTrackableValue {
            let position = Self.position(of: nanoseconds, scale: scale)
            let slot = position &- firstPosition
            if slot >= 0, slot < buckets.count {
                buckets[slot].addSaturating(occurrences)
            } else {
                add(occurrences, atPosition: position)
            }
        } else if nanoseconds == 0 {
            zeroCount.addSaturating(occurrences)
        } else {
            overflowCount.addSaturating(occurrences)
        }
        count.addSaturating(occurrences)
        let product = nanoseconds.multipliedReportingOverflow(by: occurrences)
        sum.addSaturating(product.overflow ? .max : product.partialValue)
        if nanoseconds < least { least = nanoseconds }
        if nanoseconds > greatest { greatest = nanoseconds }
    }

    /// Records a duration; a negative one counts as zero.
    public mutating func record(_ duration: Duration) {
        record(duration.nanosecondsClamped)
    }

    /// - Parameter nanoseconds: 1 through ``highestTrackableValue``.
    @inline(__always)
    static func position(of nanoseconds: UInt64, scale: Int) -> Int {
        // Adding one after the shift: an index of −1 stays −1 at every scale.
        (BucketBoundaries.finestIndex(of: nanoseconds) &>> (BucketBoundaries.finestScale &- scale)) &+ 1
    }

    /// One more than the last position at `scale`.
    static func positionLimit(scale: Int) -> Int { (48 << scale) + 1 }

    mutating func add(_ occurrences: UInt64, atPosition position: Int) {
        if buckets.isEmpty {
            firstPosition = position
            buckets = [occurrences]
        } else if position < firstPosition {
            buckets.insert(contentsOf: repeatElement(0, count: firstPosition - position), at: 0)
            firstPosition = position
            buckets[0] = occurrences
        } else {
            let missing = position - firstPosition - buckets.count + 1
            if missing > 0 { buckets.append(contentsOf: repeatElement(0, count: missing)) }
            buckets[position - firstPosition].addSaturating(occurrences)
        }
    }
}

extension LatencyHistogram: Hashable {
    /// Whether both hold the same counts in the same buckets, at the same scale.
    public static func == (a: Self, b: Self) -> Bool {
        a.scale == b.scale && a.count == b.count && a.sum == b.sum && a.zeroCount == b.zeroCount
            && a.overflowCount == b.overflowCount && a.least == b.least && a.greatest == b.greatest
            && a.occupied == b.occupied && (a.occupied.isEmpty || a.firstOccupied == b.firstOccupied)
    }

    /// Feeds what equality compares into `hasher`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(scale)
        hasher.combine(count)
        hasher.combine(sum)
        hasher.combine(occupied)
    }

    /// The buckets without empty ones at either end, so that equality does not depend on how the array grew.
    var occupied: ArraySlice<UInt64> {
        guard let first = buckets.firstIndex(where: { $0 > 0 }), let last = buckets.lastIndex(where: { $0 > 0 })
        else { return [] }
        return buckets[first...last]
    }

    /// The position of the first bucket that is not empty; `firstPosition` when all are.
    var firstOccupied: Int { firstPosition + occupied.startIndex }
}

extension LatencyHistogram: CustomStringConvertible {
    /// The count and the usual percentiles, for logs and failed tests: "1000 values, p50 1200 µs, p95 …".
    public var description: String {
        func microseconds(_ q: Double) -> String {
            "\((quantile(q) ?? 0) / 1e3)".prefix { $0 != "." } + " µs"
        }
        guard !isEmpty else { return "no values (scale \(scale))" }
        return "\(count) values, p50 \(microseconds(0.5)), p95 \(microseconds(0.95)), p99 \(microseconds(0.99)), "
            + "max \(microseconds(1)) (scale \(scale))"
    }
}
