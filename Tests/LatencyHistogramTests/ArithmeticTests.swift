import Testing

@testable import LatencyHistogram

@Suite struct ArithmeticTests {
    private func sample(_ seed: UInt64, scale: Int = 5, count: Int = 2_000) -> LatencyHistogram {
        var random = SplitMix(seed: seed)
        var histogram = LatencyHistogram(scale: scale)
        for _ in 0..<count { histogram.record(random.next() >> (10 + random.next() % 54)) }
        return histogram
    }

    @Test func mergingEqualsRecordingAll() {
        var random = SplitMix(seed: 3)
        var all = LatencyHistogram()
        var parts = Array(repeating: LatencyHistogram(), count: 7)
        for index in 0..<10_000 {
            let value = random.next() >> (random.next() % 64)
            all.record(value)
            parts[index % 7].record(value)
        }
        var merged = LatencyHistogram()
        for part in parts.shuffled() { merged.merge(part) }
        #expect(merged == all)
        #expect(merged.hashValue == all.hashValue)
    }

    @Test func scalesMeetAtTheCoarser() {
        let fine = sample(1, scale: 8)
        let coarse = sample(1, scale: 3)
        #expect(fine.downscaled(to: 3) == coarse)
        #expect(fine.merging(coarse) == coarse.merging(fine))
        #expect(fine.merging(coarse).scale == 3)
        #expect(LatencyHistogram(scale: 8).merging(coarse) == coarse)
    }

    @Test func subtractingTakesBackAMerge() throws {
        let earlier = sample(5)
        let later = earlier.merging(sample(6))
        let difference = try later.subtracting(earlier)
        #expect(difference.count == 2_000)
        #expect(difference.sum == later.sum - earlier.sum)
        for exponent in 0..<48 {
            let bound = UInt64(1) << UInt64(exponent)
            #expect(difference.count(below: bound) == sample(6).count(below: bound))
        }
        #expect(try later.subtracting(later) == LatencyHistogram())
        #expect(try later.subtracting(later).isEmpty)
    }

    @Test func subtractingWhatIsNotThereIsAnError() {
        var small = LatencyHistogram()
        small.record(5)
        #expect(throws: LatencyHistogramArithmeticError.self) { try LatencyHistogram().subtracting(small) }
        var other = LatencyHistogram()
        other.record(5_000_000)
        let error = #expect(throws: LatencyHistogramArithmeticError.self) { try small.subtracting(other) }
        #expect(
            error?.description
                == "cannot subtract 1 values from 0: the histogram subtracted is not an earlier state of this one; "
                + "swap the two, or start again from a fresh snapshot")
    }

    @Test func equalityIgnoresHowTheArrayGrew() {
        var rising = LatencyHistogram()
        var falling = LatencyHistogram()
        let values: [UInt64] = [1, 900, 40_000, 7_000_000, 1 << 48]
        for value in values { rising.record(value) }
        for value in values.reversed() { falling.record(value) }
        #expect(rising == falling)
        #expect(rising.hashValue == falling.hashValue)
    }
}
