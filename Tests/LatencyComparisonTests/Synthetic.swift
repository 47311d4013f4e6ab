import Foundation
import LatencyComparison
import LatencyHistogram

/// Series of latencies whose truth is known.
struct Synthetic {
    var random: SeededGenerator
    /// Latencies are lognormal around 20 ms.
    var sigma = 0.35
    /// Each block is as a whole slower or faster by about this much, and passes part of it on to the next.
    var blockEffect = 0.015
    var memory = 0.4
    var requests = 150

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func series(blocks: Int, factor: Double = 1, scale: Int = 7) -> [LatencyHistogram] {
        var effect = 0.0
        return (0..<blocks).map { _ in
            effect = memory * effect + normal() * blockEffect
            return block(factor: factor * exp(effect), scale: scale)
        }
    }

    /// Pairs that share what disturbs them, which is large.
    mutating func pairs(_ count: Int, factor: Double) -> (base: [LatencyHistogram], new: [LatencyHistogram]) {
        var base: [LatencyHistogram] = []
        var new: [LatencyHistogram] = []
        for _ in 0..<count {
            let shared = exp(normal() * 0.2)
            base.append(block(factor: shared, scale: 7))
            new.append(block(factor: shared * factor, scale: 7))
        }
        return (base, new)
    }

    /// Equal pairs of which each side meets something else on the machine now and then, for a whole block.
    mutating func disturbedPairs(_ count: Int) -> (base: [LatencyHistogram], new: [LatencyHistogram]) {
        func level(_ synthetic: inout Synthetic) -> Double {
            Double.random(in: 0..<1, using: &synthetic.random) < 0.3 ? exp(abs(synthetic.normal())) : 1
        }
        let base = (0..<count).map { _ in block(factor: level(&self), scale: 5) }
        return (base, (0..<count).map { _ in block(factor: level(&self), scale: 5) })
    }

    private mutating func block(factor: Double, scale: Int) -> LatencyHistogram {
        var histogram = LatencyHistogram(scale: scale)
        for _ in 0..<requests { histogram.record(UInt64(20e6 * factor * exp(normal() * sigma))) }
        return histogram
    }

    private mutating func normal() -> Double {
        let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &random))).squareRoot()
        return radius * cos(2 * Double.pi * Double.random(in: 0..<1, using: &random))
    }
}
