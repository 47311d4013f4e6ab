import Foundation
import LatencyHistogram
import Testing

@testable import PerfDashboard

@Suite struct PercentileTests {
    private func histogram(_ count: Int, seed: UInt64 = 7) -> (LatencyHistogram, [UInt64]) {
        var random = SplitMix(seed: seed)
        var histogram = LatencyHistogram()
        let values = (0..<count).map { _ in random.latency(median: 20, spread: 0.8) }
        for value in values { histogram.record(value) }
        return (histogram, values.sorted())
    }

    @Test(arguments: [0, 1, 9])
    func saysTooFewBelowTen(count: Int) {
        let percentile = Percentile(0.5, of: histogram(count).0)
        #expect(percentile.nanoseconds == nil)
        #expect(percentile.range == nil)
        #expect(percentile.quality == .tooFew)
        #expect(percentile.count == UInt64(count))
    }

    @Test func isRoughWhenNothingIsExpectedBeyondIt() {
        let few = histogram(50).0
        #expect(Percentile(0.5, of: few).quality == .good)
        #expect(Percentile(0.95, of: few).quality == .good)
        #expect(Percentile(0.99, of: few).quality == .rough)
        #expect(Percentile(0.99, of: histogram(100).0).quality == .good)
    }

    @Test(arguments: [0.5, 0.95, 0.99])
    func isWithinItsBucketErrorOfExactSorting(quantile: Double) throws {
        let (histogram, sorted) = histogram(20_000)
        let exact = Double(sorted[Int((quantile * 20_000).rounded(.up)) - 1])
        let value = try #require(Percentile(quantile, of: histogram).nanoseconds)
        #expect(abs(value / exact - 1) <= histogram.relativeError)
    }

    /// The range is to hold the true percentile 19 times in 20; over 400 draws that is 380 with a deviation of 4.4, so
    /// fewer than 360 would be a wrong formula, not bad luck. The seeds are fixed.
    @Test(arguments: [0.5, 0.95])
    func rangeHoldsTheTruePercentileAboutNineteenTimesInTwenty(quantile: Double) throws {
        let deviate = quantile == 0.5 ? 0 : 1.6448536
        let truth = 20e6 * exp(0.8 * deviate)
        let hits = (1...400).count { seed in
            Percentile(quantile, of: histogram(200, seed: UInt64(seed)).0).range?.contains(truth) ?? false
        }
        #expect(hits >= 360)
        #expect(hits < 400)
    }

    @Test func namesItself() {
        #expect(Percentile(0.5, of: LatencyHistogram()).name == "p50")
        #expect(Percentile(0.999, of: LatencyHistogram()).name == "p99.9")
    }
}
