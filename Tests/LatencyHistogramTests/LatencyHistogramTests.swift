import Foundation
import Testing

@testable import LatencyHistogram

@Suite struct LatencyHistogramTests {
    @Test func emptyAnswersNothing() {
        let empty = LatencyHistogram()
        #expect(empty.isEmpty)
        #expect(empty.quantile(0.5) == nil)
        #expect(empty.mean == nil)
        #expect(empty.min == nil)
        #expect(empty.max == nil)
        #expect(empty.count(below: .max) == 0)
    }

    @Test func zeroAndOverflowAreCountedAndNeverTrap() {
        var histogram = LatencyHistogram(scale: 8)
        for value in [0, 1, .max, UInt64.max - 1, LatencyHistogram.highestTrackableValue] { histogram.record(value) }
        histogram.record(.max, count: .max)
        histogram.record(.seconds(-3))
        #expect(histogram.zeroCount == 2)
        #expect(histogram.overflowCount == .max)
        #expect(histogram.count == .max)
        #expect(histogram.sum == .max)
        #expect(histogram.min == 0)
        #expect(histogram.max == .max)
        #expect(histogram.quantile(1) == Double(UInt64.max))
    }

    @Test func scaleIsClamped() {
        #expect(LatencyHistogram(scale: -4).scale == 0)
        #expect(LatencyHistogram(scale: 99).scale == 8)
    }

    @Test func oneValueIsExact() {
        var histogram = LatencyHistogram()
        histogram.record(123_456_789)
        for q in [0, 0.5, 0.99, 1] { #expect(histogram.quantile(q) == 123_456_789) }
        #expect(histogram.mean == 123_456_789)
    }

    @Test func ranksAreNearestRanks() {
        var histogram = LatencyHistogram()
        for value in 1...40 { histogram.record(UInt64(value)) }
        // Integers below 46 have a bucket each at scale 5, so the rank shows plainly.
        #expect(histogram.quantile(0.5) == 20)
        #expect(histogram.quantile(0.51) == 21)
        #expect(histogram.quantile(0.025) == 1)
        #expect(histogram.quantile(-1) == 1)
        #expect(histogram.quantile(7) == 40)
        #expect(histogram.quantile(.nan) == nil)
    }

    /// 0.07 · 100 is a little over 7 in binary.
    @Test func ranksAreNotPushedUpByRounding() {
        var histogram = LatencyHistogram()
        for value in 1...100 { histogram.record(UInt64(value < 8 ? 1 : 1_000)) }
        #expect(histogram.quantile(0.07) == 1)
    }

    @Test func countBelowIsExactOnBoundaries() {
        var histogram = LatencyHistogram()
        var random = SplitMix(seed: 11)
        let values = (0..<20_000).map { _ in random.next() >> (20 + random.next() % 40) }
        for value in values { histogram.record(value) }
        for exponent in 0..<44 {
            let bound = UInt64(1) << UInt64(exponent)
            #expect(histogram.count(below: bound) == UInt64(values.count { $0 <= bound }))
        }
    }

    /// The bound is of the bucket, so it must hold for any distribution; these five have little in common.
    @Test(arguments: [5, 8], Distribution.allCases)
    func quantilesStayWithinTheirError(scale: Int, distribution: Distribution) throws {
        var histogram = LatencyHistogram(scale: scale)
        let values = distribution.sample(20_000, seed: 42)
        for value in values { histogram.record(value) }
        let sorted = values.sorted()
        let allowed = scale == 5 ? 0.011 : 0.0014
        #expect(histogram.relativeError <= allowed)
        for q in [0.0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1] {
            let exact = Double(sorted[Swift.max(1, Int((q * Double(sorted.count)).rounded(.up))) - 1])
            let estimate = try #require(histogram.quantile(q))
            #expect(abs(estimate - exact) <= allowed * exact, "\(distribution) at \(q): \(estimate) for \(exact)")
        }
        let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
        let recorded = try #require(histogram.mean)
        #expect(abs(recorded - mean) <= mean * 1e-9, "\(recorded) for \(mean)")
    }

    enum Distribution: CaseIterable {
        case uniform, lognormal, pareto, twoPeaks, smallIntegers

        func sample(_ count: Int, seed: UInt64) -> [UInt64] {
            var random = SplitMix(seed: seed)
            return (0..<count).map { _ in
                switch self {
                case .uniform: UInt64.random(in: 1...1_000_000_000, using: &random)
                case .lognormal: UInt64(exp(random.normal() * 1.2 + 15))
                case .pareto: UInt64(Swift.min(200_000 / pow(random.unit(), 1 / 1.1), 1e14))
                case .twoPeaks: UInt64(exp(random.normal() * 0.05) * (random.unit() < 0.9 ? 2e6 : 5e8))
                case .smallIntegers: UInt64.random(in: 0...300, using: &random)
                }
            }
        }
    }
}
