import LatencyHistogram
import Testing

@testable import LatencyComparison

@Suite struct LatencyComparisonTests {
    /// A quarter of the draws: the trials are many, and each is only a little less exact.
    private var quick: ComparisonOptions {
        var options = ComparisonOptions()
        options.resamples = 100
        return options
    }

    @Test("A against A: false alarms stay within the stated rate in 200 trials")
    func falseAlarms() {
        let seed: UInt64 = 5_000
        print("LatencyComparisonTests A/A seeds \(seed)..<\(seed + 200)")
        var alarms = 0
        for trial in 0..<200 {
            var synthetic = Synthetic(seed: seed + UInt64(trial))
            synthetic.requests = 60
            let comparison = LatencyComparison(
                base: synthetic.series(blocks: 20, scale: 5), new: synthetic.series(blocks: 20, scale: 5),
                options: quick)
            if comparison.verdict == .slower || comparison.verdict == .faster { alarms += 1 }
        }
        print("LatencyComparisonTests A/A false alarms: \(alarms) of 200")
        #expect(alarms <= 10)
    }

    @Test("A planted slow-down of 10 % is found, one of 3 % mostly", arguments: [(1.10, 10, 10), (1.03, 20, 12)])
    func planted(factor: Double, trials: Int, atLeast: Int) {
        let seed: UInt64 = 9_000
        print("LatencyComparisonTests planted \(factor) seeds \(seed)..<\(seed + UInt64(trials))")
        var found = 0
        var wrong = 0
        for trial in 0..<trials {
            var synthetic = Synthetic(seed: seed + UInt64(trial))
            let base = synthetic.series(blocks: 48)
            let comparison = LatencyComparison(
                base: base, new: synthetic.series(blocks: 48, factor: factor), options: quick)
            if comparison.verdict == .slower { found += 1 }
            if comparison.verdict == .faster || comparison.verdict == .equivalent { wrong += 1 }
        }
        print("LatencyComparisonTests planted \(factor): \(found) of \(trials) found, \(wrong) wrong")
        #expect(found >= atLeast)
        #expect(wrong == 0)
    }

    @Test("Pairs cancel what disturbs both sides: 3 % are found where blocks differ by 20 %")
    func pairs() {
        var synthetic = Synthetic(seed: 77)
        let (base, new) = synthetic.pairs(40, factor: 1.03)
        let paired = LatencyComparison(base: base, new: new, pairing: .pairs)
        #expect(paired.metrics[0].verdict == .slower)
        let unpaired = LatencyComparison(base: base, new: new, pairing: .series)
        #expect(unpaired.metrics[0].verdict == .undecided)
    }

    @Test(
        "A against A where other programs disturb single blocks: false alarms stay within the stated rate",
        arguments: [8, 20], [LatencyComparison.Pairing.pairs, .series, .independent])
    func disturbed(count: Int, pairing: LatencyComparison.Pairing) {
        let trials = 200
        let alarms = (0..<trials).count { trial in
            var synthetic = Synthetic(seed: 20_000 + UInt64(trial))
            synthetic.requests = 60
            let (base, new) = synthetic.disturbedPairs(count)
            let verdict = LatencyComparison(base: base, new: new, pairing: pairing, options: quick).verdict
            return verdict == .slower || verdict == .faster
        }
        print("LatencyComparisonTests disturbed: \(alarms) of \(trials) called different, \(count) blocks, \(pairing)")
        #expect(alarms <= trials * 5 / 100)
    }

    @Test("A difference that a few blocks make is one that chance makes too")
    func fewBlocksMakeTheDifference() {
        func share(_ base: [LatencyHistogram], _ new: [LatencyHistogram], _ pairing: LatencyComparison.Pairing)
            -> Double
        {
            Randomisation(base: base, new: new, pairing: pairing).share(quantile: 0.5, errorRate: 0.001, seed: 1)
        }
        var synthetic = Synthetic(seed: 4)
        let base = synthetic.series(blocks: 8)
        var few = base
        for block in 0..<4 { few[block] = synthetic.series(blocks: 1, factor: 1.5)[0] }
        let all = synthetic.series(blocks: 8, factor: 1.5)
        #expect(share(base, few, .pairs) == 0.125, "four pairs are the same both ways round")
        #expect(share(base, all, .pairs) == 2.0 / 256)
        #expect(share(base, few, .series) > 0.05)
        #expect(share(base, all, .series) == 2.0 / 70, "four runs of two blocks a side")
        #expect(share(base, few, .independent) > 0.02)
        #expect(share(base, all, .independent) < 0.001)
        #expect(share(base, Array(all.prefix(4)), .independent) == 1.0 / 495, "the sides cannot be exchanged")
        let long = synthetic.series(blocks: 130, factor: 1.5)
        #expect(share(Array(base.prefix(6)), long, .series) == 1.0 / 3_654, "three runs among 29, not 2^29 ways")
    }

    @Test("The same data are equivalent, and exchanged sides are faster")
    func equivalentAndFaster() {
        var synthetic = Synthetic(seed: 3)
        synthetic.sigma = 0.05
        synthetic.blockEffect = 0.001
        let series = synthetic.series(blocks: 40)
        #expect(LatencyComparison(base: series, new: series).verdict == .equivalent)
        let slow = synthetic.series(blocks: 40, factor: 1.2)
        #expect(LatencyComparison(base: slow, new: series).verdict == .faster)
        #expect(LatencyComparison(base: series, new: slow).verdict == .slower)
    }

    @Test("The change is what was planted, and its interval holds it")
    func size() throws {
        var synthetic = Synthetic(seed: 11)
        let base = synthetic.series(blocks: 60)
        let metric = LatencyComparison(base: base, new: synthetic.series(blocks: 60, factor: 1.25)).metrics[0]
        let change = try #require(metric.change)
        #expect(abs(change - 0.25) < 0.03)
        #expect(try #require(metric.low) < 0.25)
        #expect(try #require(metric.high) > 0.25)
    }

    @Test("A difference below the margin is never called slower, however sure it is")
    func margin() {
        var synthetic = Synthetic(seed: 4)
        synthetic.sigma = 0.02
        synthetic.blockEffect = 0.001
        let base = synthetic.series(blocks: 40)
        let new = synthetic.series(blocks: 40, factor: 1.015)
        #expect(LatencyComparison(base: base, new: new).verdict == .equivalent)
        var strict = ComparisonOptions()
        strict.margin = 0.005
        #expect(LatencyComparison(base: base, new: new, options: strict).verdict == .slower)
    }

    @Test("Too few blocks or requests decide nothing and say why")
    func tooFew() {
        var synthetic = Synthetic(seed: 4)
        let three = synthetic.series(blocks: 3)
        let comparison = LatencyComparison(base: three, new: synthetic.series(blocks: 30))
        #expect(comparison.verdict == .undecided)
        #expect(comparison.metrics[0].reason == "3 blocks on one side; at least 6 are needed")
        synthetic.requests = 20
        let few = LatencyComparison(base: synthetic.series(blocks: 10), new: synthetic.series(blocks: 10))
        #expect(few.metrics[2].reason == "200 requests on one side; p99 needs at least 1000")
        #expect(few.metrics[2].verdict == .undecided)
        #expect(LatencyComparison(base: [], new: []).verdict == .undecided)
        let zeros = (0..<10).map { _ in
            var histogram = LatencyHistogram()
            histogram.record(0, count: 1_000)
            return histogram
        }
        #expect(LatencyComparison(base: zeros, new: zeros).verdict == .undecided)
    }

    @Test("The same data and seed give the same answer")
    func repeatable() {
        var synthetic = Synthetic(seed: 8)
        let base = synthetic.series(blocks: 20)
        let new = synthetic.series(blocks: 20)
        #expect(LatencyComparison(base: base, new: new) == LatencyComparison(base: base, new: new))
    }

    @Test("Series of different scales are compared at the coarser")
    func scales() throws {
        var synthetic = Synthetic(seed: 8)
        let base = synthetic.series(blocks: 30, scale: 5)
        let metric = LatencyComparison(base: base, new: synthetic.series(blocks: 30, factor: 1.3, scale: 8)).metrics[0]
        #expect(metric.verdict == .slower)
    }

    @Test(
        "Student's quantiles agree with the tables",
        arguments: [
            (0.975, 1.0, 12.706), (0.975, 10, 2.228), (0.995, 5, 4.032), (0.95, 30, 1.697), (0.975, 1e6, 1.960),
        ])
    func student(share: Double, degreesOfFreedom: Double, expected: Double) {
        let quantile = StudentDistribution.quantile(share, degreesOfFreedom: degreesOfFreedom)
        #expect(abs(quantile - expected) < 0.001 * expected)
    }
}
