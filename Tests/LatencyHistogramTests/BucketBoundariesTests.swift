import Testing

@testable import LatencyHistogram

/// The mapping is OpenTelemetry's; its data model publishes these boundaries and formulas.
@Suite struct BucketBoundariesTests {
    /// The boundary between two octaves belongs to the lower bucket, at every scale.
    @Test(arguments: 0...8) func powersOfTwoCloseTheBucketBelow(scale: Int) {
        for exponent in 0..<64 {
            let power = UInt64(1) << UInt64(exponent)
            #expect(index(power, scale) == exponent << scale - 1)
            if exponent > 0, exponent < 53 { #expect(index(power + 1, scale) >= exponent << scale) }
        }
    }

    /// The table in the data model: at scale 0 the bounds are powers of two, at −1 of four; for positive scales
    /// `base = 2^(2^−scale)`: 1.41421 at 1, 1.18921 at 2, 1.09051 at 3.
    @Test func publishedBases() {
        let unit = UInt64(1) << 40
        let bases: [(scale: Int, base: Double)] = [
            (1, 1.41421), (2, 1.18921), (3, 1.09051), (4, 1.04427), (5, 1.02190),
        ]
        for (scale, base) in bases {
            let bound = BucketBoundaries.upperBound(ofIndex: 40 << scale, scale: scale)
            #expect(abs(Double(bound) / Double(unit) - base) < 0.000006)
        }
    }

    @Test(arguments: 0...8) func boundsAndIndexAgree(scale: Int) {
        for bucket in 0..<(48 << scale) {
            let upper = BucketBoundaries.upperBound(ofIndex: bucket, scale: scale)
            let lower = BucketBoundaries.upperBound(ofIndex: bucket - 1, scale: scale)
            guard upper > lower else { continue }
            #expect(index(upper, scale) == bucket)
            #expect(index(lower + 1, scale) == bucket)
        }
    }

    /// b is the floor of 2^(63 + k/256) exactly when b^256 ≤ 2^(63·256 + k) < (b+1)^256, checked in whole numbers.
    @Test func everyBoundaryIsExact() {
        // Every seventeenth, which varies all eight bits of k; whole-number powers of all 256 take half a minute.
        for k in stride(from: 0, to: 256, by: 17) {
            let bound = BucketBoundaries.upperBound(ofIndex: 63 << 8 + k - 1, scale: 8)
            let exponent = 63 * 256 + k
            #expect(bitWidthOfPower(bound, 256) <= exponent + 1)
            #expect(k == 0 || bitWidthOfPower(bound, 256) == exponent, "k = \(k)")
            #expect(bitWidthOfPower(bound + 1, 256) > exponent, "k = \(k)")
        }
    }

    /// Where the logarithm is far enough from a whole number for floating point to be right, both must agree.
    @Test func agreesWithTheLogarithm() {
        var random = SplitMix(seed: 7)
        for _ in 0..<100_000 {
            let value = max(1, random.next() >> UInt64(random.next() % 63))
            let logarithm = log2(Double(value)) * 32
            guard abs(logarithm - logarithm.rounded()) > 1e-6 else { continue }
            #expect(index(value, 5) == Int(logarithm.rounded(.up)) - 1)
        }
    }

    private func index(_ value: UInt64, _ scale: Int) -> Int {
        BucketBoundaries.finestIndex(of: value) >> (8 - scale)
    }

    /// How many bits base^(2^n) has, by schoolbook squaring.
    private func bitWidthOfPower(_ base: UInt64, _ power: Int) -> Int {
        var digits = [UInt32(truncatingIfNeeded: base), UInt32(truncatingIfNeeded: base >> 32)]
        for _ in 0..<power.trailingZeroBitCount { digits = square(digits) }
        while let last = digits.last, last == 0 { digits.removeLast() }
        return digits.count * 32 - (digits.last?.leadingZeroBitCount ?? 0)
    }

    private func square(_ digits: [UInt32]) -> [UInt32] {
        var result = [UInt32](repeating: 0, count: digits.count * 2)
        for (i, a) in digits.enumerated() {
            var carry: UInt64 = 0
            for (j, b) in digits.enumerated() {
                let sum = UInt64(a) * UInt64(b) + UInt64(result[i + j]) + carry
                result[i + j] = UInt32(truncatingIfNeeded: sum)
                carry = sum >> 32
            }
            result[i + digits.count] = UInt32(truncatingIfNeeded: carry)
        }
        return result
    }
}
