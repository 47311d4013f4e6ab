import Foundation
import LatencyHistogram

/// How often chance alone makes a difference as large between two series of blocks.
///
/// Were both sides the same, each block could as well have been measured on the other. So blocks change sides, in all ways
/// or in many drawn ones, and the share of the ways that give as large a difference is how often chance does (Fisher's
/// randomisation test). It supposes nothing of how latencies are distributed, where the bootstrap's interval is too narrow
/// for series of which a few blocks met something else on the machine.
struct Randomisation {
    /// Which side each block is on: those of the old series first, `true` for the new side.
    private typealias Sides = [Bool]

    /// More ways than this are drawn and not all tried.
    private static let mostWays = 4_096

    private let blocks: [LatencyHistogram]
    private let baseCount: Int
    private let pairing: LatencyComparison.Pairing
    /// Without pairs, the blocks that change sides together: neighbours of a series resemble each other.
    private let runs: [Range<Int>]
    private let baseRuns: Int

    init(base: [LatencyHistogram], new: [LatencyHistogram], pairing: LatencyComparison.Pairing) {
        blocks = base + new
        baseCount = base.count
        self.pairing = pairing
        let sides = [0..<base.count, base.count..<base.count + new.count].map { side in
            let length = pairing.runLength(of: side.count)
            return stride(from: side.lowerBound, to: side.upperBound, by: length).map {
                $0..<Swift.min($0 + length, side.upperBound)
            }
        }
        runs = sides[0] + sides[1]
        baseRuns = sides[0].count
    }

    /// In how many ways the blocks can be put on the two sides.
    private var ways: Double {
        if pairing == .pairs { return pow(2, Double(baseCount)) }
        return (0..<baseRuns).reduce(1) { $0 * Double(runs.count - $1) / Double($1 + 1) }
    }

    /// The least share that so many blocks can give. With as many on both sides, exchanging the sides is a way too.
    var leastShare: Double { (pairing == .pairs || runs.count == 2 * baseRuns ? 2 : 1) / ways }

    /// The share of the ways, in 0...1, that give at least the ratio between the two percentiles that was measured, in
    /// either direction; 1 without values.
    ///
    /// - Parameters:
    ///   - errorRate: The share that it is to be compared with: so many ways are drawn that it can be told.
    ///   - seed: The seed of the draws.
    func share(quantile: Double, errorRate: Double, seed: UInt64) -> Double {
        guard let sample = QuantileSample(BucketedSeries(blocks), quantile: quantile) else { return 1 }
        let measured = size(blocks.indices.map { $0 >= baseCount }, sample)
        // Rounding must not make the measured way smaller than itself.
        func isAsLarge(_ sides: Sides) -> Bool { size(sides, sample) >= measured * (1 - 1e-9) }
        if ways <= Double(Self.mostWays) {
            let all = allWays()
            return Double(all.count(where: isAsLarge)) / Double(all.count)
        }
        var random = SeededGenerator(seed: seed)
        let draws = min(40_000, max(2_000, Int(10 / errorRate)))
        let large = (0..<draws).count { _ in isAsLarge(drawnWay(using: &random)) }
        return Double(large + 1) / Double(draws + 1)
    }

    /// The size of the difference, either way, with the blocks on these sides.
    private func size(_ sides: Sides, _ sample: QuantileSample) -> Double {
        let base = sample.value(drawing: sides.map { $0 ? 0 : 1 })
        let new = sample.value(drawing: sides.map { $0 ? 1 : 0 })
        return abs(log(max(1, new) / max(1, base)))
    }

    private func allWays() -> [Sides] {
        guard pairing == .pairs else { return Self.choices(of: runs.count - baseRuns, from: runs.count).map(way) }
        return (0..<(1 << baseCount)).map { bits in way((0..<baseCount).map { bits >> $0 & 1 == 1 }) }
    }

    /// All ways to choose some of so many.
    private static func choices(of chosen: Int, from count: Int) -> [[Bool]] {
        guard chosen > 0, chosen < count else { return [[Bool](repeating: chosen > 0, count: count)] }
        return choices(of: chosen - 1, from: count - 1).map { [true] + $0 }
            + choices(of: chosen, from: count - 1).map { [false] + $0 }
    }

    private func drawnWay(using random: inout SeededGenerator) -> Sides {
        guard pairing != .pairs else { return way((0..<baseCount).map { _ in Bool.random(using: &random) }) }
        return way(runs.indices.map { $0 >= baseRuns }.shuffled(using: &random))
    }

    /// Where the blocks are, of pairs by whether each is swapped, else by the side of each run.
    private func way(_ choice: [Bool]) -> Sides {
        if pairing == .pairs { return choice + choice.map { !$0 } }
        return zip(runs, choice).flatMap { run, side in run.map { _ in side } }
    }
}

extension LatencyComparison.Pairing {
    /// How many neighbouring blocks of a series belong together.
    func runLength(of count: Int) -> Int {
        self == .series ? max(1, Int(pow(Double(count), 1.0 / 3).rounded())) : 1
    }
}
