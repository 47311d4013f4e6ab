import Foundation
import LatencyComparison
import LatencyHistogram
import Testing

@testable import LoadTest

/// The side-by-side comparison over slices whose truth is known; what the engine adds is in ``VersusRunnerTests``.
@Suite struct SequentialComparisonTests {
    /// Slices of two targets: both share what disturbs the machine, and each has some luck of its own.
    private struct Slices {
        var random: SeededGenerator
        let factor: Double

        mutating func next() -> (a: LatencyHistogram, b: LatencyHistogram) {
            let shared = exp(normal() * 0.1)
            return (slice(shared), slice(shared * factor))
        }

        private mutating func slice(_ level: Double) -> LatencyHistogram {
            var histogram = LatencyHistogram(scale: 7)
            let own = exp(normal() * 0.01)
            for _ in 0..<200 { histogram.record(UInt64(20e6 * level * own * exp(normal() * 0.2))) }
            return histogram
        }

        private mutating func normal() -> Double {
            let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &random))).squareRoot()
            return radius * cos(2 * Double.pi * Double.random(in: 0..<1, using: &random))
        }
    }

    private func verdict(seed: UInt64, factor: Double, mostPairs: Int) -> (verdict: ComparisonVerdict, pairs: Int) {
        var slices = Slices(random: SeededGenerator(seed: seed), factor: factor)
        var options = ComparisonOptions()
        options.resamples = 100
        var sequential = SequentialComparison(scenarios: 1, mostPairs: mostPairs, options: options)
        for _ in 0..<mostPairs where !sequential.isDecided {
            let (a, b) = slices.next()
            sequential.add(a: [a], b: [b])
        }
        let outcome = sequential.outcomes.first
        return (outcome?.comparison.verdict ?? .undecided, outcome?.pairs ?? 0)
    }

    @Test("A against A: with all its looks, false alarms stay within the stated 5 % in 200 trials")
    func falseAlarms() {
        var alarms = 0
        for trial in 0..<UInt64(200)
        where [.slower, .faster].contains(verdict(seed: 100 + trial, factor: 1, mostPairs: 32).0) {
            alarms += 1
        }
        print("SequentialComparisonTests A/A: \(alarms) of 200 called different, seeds 100..<300")
        #expect(alarms <= 10)
    }

    @Test("A planted slow-down is found, 10 % sooner than 3 %", arguments: [(1.10, 20), (1.03, 14)])
    func planted(factor: Double, atLeast: Int) {
        let outcomes = (0..<20).map { verdict(seed: 700 + $0, factor: factor, mostPairs: 72) }
        let found = outcomes.count { $0.verdict == .slower }
        let pairs = outcomes.map(\.pairs).sorted()[10]
        print("SequentialComparisonTests planted \(factor): \(found) of 20 found, after \(pairs) pairs (median)")
        #expect(found >= atLeast)
        #expect(!outcomes.contains { $0.verdict == .faster || $0.verdict == .equivalent })
    }

    @Test("It looks only at the numbers of pairs that were fixed beforehand, and at the last")
    func looks() {
        var slices = Slices(random: SeededGenerator(seed: 1), factor: 1)
        var sequential = SequentialComparison(scenarios: 1, mostPairs: 10, options: ComparisonOptions())
        var seen: [Int] = []
        for _ in 1...10 {
            let (a, b) = slices.next()
            sequential.add(a: [a], b: [b])
            if let pairs = sequential.outcomes.first?.pairs, seen.last != pairs { seen.append(pairs) }
        }
        #expect(seen == [6, 9, 10])
    }
}
