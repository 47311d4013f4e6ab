/// The exact boundaries of OpenTelemetry's base-2 exponential buckets, as integers.
///
/// Bucket `index` at `scale` covers `(2^(index / 2^scale), 2^((index + 1) / 2^scale)]`: the lower boundary is outside,
/// the upper one inside. See "ExponentialHistogram" in the OpenTelemetry metrics data model:
/// <https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram>.
///
/// One table at scale 8 serves every scale, since a bucket at a coarser scale is the exact union of two neighbours at
/// the next finer one: an arithmetic shift of the index. Comparing integers instead of taking logarithms is both exact
/// and quick: one load, one comparison, no floating point.
package enum BucketBoundaries {
    /// The finest scale the table holds: 256 buckets an octave.
    package static let finestScale = 8

    /// 2^(k / 256) · 2^63, rounded down, for k in 0..<256, and one sentinel that nothing exceeds.
    ///
    /// An integer is above the real boundary exactly when it is above this floor: all but k = 0 are irrational.
    private static let boundaries = ImmortalTable(octave() + [.max])

    /// For each of 512 equal slices of an octave, how many boundaries lie below its start.
    ///
    /// Two boundaries are at least 0.0027 of an octave's start apart and a slice is 0.00195 wide, so a slice holds at
    /// most one: the count is off by one at most, and a single comparison mends that.
    private static let boundariesBelowSlice = ImmortalTable(slices(of: octave()))

    /// The OpenTelemetry index of the bucket at scale 8 that holds `value`.
    ///
    /// - Parameter value: at least 1.
    /// - Returns: −1 for 1, and up to 16,383 for the largest integers.
    @inline(__always)
    package static func finestIndex(of value: UInt64) -> Int {
        let leadingZeros = value.leadingZeroBitCount
        // Normalised to [2^63, 2^64): the top bit is the octave's start, the nine bits after it choose the slice.
        let mantissa = value &<< UInt64(leadingZeros)
        let slice = Int(truncatingIfNeeded: (mantissa &>> 54) & 511)
        let below = Int(truncatingIfNeeded: boundariesBelowSlice[slice])
        let passed = below &+ (mantissa > boundaries[below] ? 1 : 0)
        return ((63 &- leadingZeros) &<< 8) &+ passed &- 1
    }

    /// The largest integer inside the bucket `index` at `scale`, that is, its upper boundary rounded down.
    package static func upperBound(ofIndex index: Int, scale: Int) -> UInt64 {
        let finest = (index + 1) << (finestScale - scale)
        let octave = finest >> 8
        guard octave < 64 else { return .max }
        guard octave >= 0 else { return 0 }
        return boundaries[finest & 255] >> UInt64(63 - octave)
    }

    // MARK: Making the tables

    private static func octave() -> [UInt64] {
        // roots[n] is 2^(1 / 2^n) in fixed point with 126 fractional bits; the bits of k choose which to multiply.
        var roots = [two]
        for _ in 1...8 { roots.append(squareRoot(roots[roots.count - 1])) }
        return (0..<256).map { k in
            var product = one
            for bit in 0..<8 where k & (1 << bit) != 0 { product = multiply(product, roots[8 - bit]) }
            return UInt64(truncatingIfNeeded: product >> 63)
        }
    }

    private static func slices(of octave: [UInt64]) -> [UInt64] {
        (0..<512).map { slice in
            let start = (UInt64(1) << 63) + UInt64(slice) << 54
            return UInt64(octave.count { $0 < start })
        }
    }

    private static let one = UInt128(1) << 126
    private static let two = UInt128(1) << 127

    private static func multiply(_ a: UInt128, _ b: UInt128) -> UInt128 {
        let (high, low) = a.multipliedFullWidth(by: b)
        return high << 2 | low >> 126
    }

    /// The square root of a fixed-point number in [1, 4), rounded down, one binary digit at a time.
    private static func squareRoot(_ value: UInt128) -> UInt128 {
        var root: UInt128 = 0
        for bit in (0...127).reversed() {
            let candidate = root | UInt128(1) << UInt128(bit)
            let (high, low) = candidate.multipliedFullWidth(by: candidate)
            // candidate² carries 252 fractional bits; value shifted by 126 more is the same scale.
            let target = (high: value >> 2, low: value << 126)
            if high < target.high || high == target.high && low <= target.low { root = candidate }
        }
        return root
    }
}

/// A table that is never freed and never written again.
///
/// `Sendable` although it holds a pointer: the memory is filled before the `static let` that holds the table is
/// published. Unchecked indices: every index used is masked to, or counted within, the table's length. An array would
/// cost a bounds check and a reference to its buffer on the path of every recorded value.
private struct ImmortalTable: @unchecked Sendable {
    private let memory: UnsafePointer<UInt64>

    init(_ values: [UInt64]) {
        let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: values.count)
        memory.initialize(from: values, count: values.count)
        self.memory = UnsafePointer(memory)
    }

    @inline(__always)
    subscript(index: Int) -> UInt64 { memory[index] }
}
