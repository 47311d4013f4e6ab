import Foundation

/// How far the logarithm of the ratio of two percentiles may be from its estimate, found by block bootstrap.
///
/// Logarithms, because latencies differ by factors: the interval of a ratio is symmetric there. Series are drawn in
/// circular runs of n^(1/3) blocks, which keeps what neighbours have in common (Politis and Romano, A circular
/// block-resampling procedure for stationary data, 1992).
struct LogRatioSpread {
    let logRatio: Double
    private let standardError: Double
    private let degreesOfFreedom: Double

    /// `nil` when a percentile is 0, whose ratio means nothing.
    init?(
        _ base: QuantileSample, _ new: QuantileSample, pairing: LatencyComparison.Pairing, options: ComparisonOptions
    ) {
        guard base.estimate > 0, new.estimate > 0 else { return nil }
        logRatio = log(new.estimate / base.estimate)
        var random = SeededGenerator(seed: options.seed)
        let resamples = max(100, options.resamples)
        if pairing == .pairs {
            let count = base.blockCount
            var draw = BlockDraw(count: count, runLength: 1)
            var ratios: [Double] = []
            for _ in 0..<resamples {
                let weights = draw.next(using: &random)
                ratios.append(log(new.value(drawing: weights) / base.value(drawing: weights)))
            }
            degreesOfFreedom = Double(count - 1)
            standardError = ratios.standardDeviation * (Double(count) / degreesOfFreedom).squareRoot()
            return
        }
        let sides = [base, new].map { sample in
            Side(sample, pairing, resamples: resamples, random: &random)
        }
        let variance = sides[0].variance + sides[1].variance
        standardError = variance.squareRoot()
        // Welch and Satterthwaite: the side that is less sure decides how many blocks count.
        let divisor = sides.reduce(0) { $0 + $1.variance * $1.variance / $1.degreesOfFreedom }
        degreesOfFreedom = divisor > 0 ? variance * variance / divisor : 1
    }

    /// The interval that leaves out the true value as often as the error rate says, both sides together.
    func bounds(errorRate: Double) -> ClosedRange<Double> {
        let reach = standardError * StudentDistribution.quantile(1 - errorRate / 2, degreesOfFreedom: degreesOfFreedom)
        return logRatio - reach...logRatio + reach
    }

    private struct Side {
        let variance: Double
        let degreesOfFreedom: Double

        init(
            _ sample: QuantileSample, _ pairing: LatencyComparison.Pairing, resamples: Int,
            random: inout SeededGenerator
        ) {
            let count = sample.blockCount
            let runLength = pairing.runLength(of: count)
            var draw = BlockDraw(count: count, runLength: runLength)
            var values: [Double] = []
            for _ in 0..<resamples { values.append(log(max(1, sample.value(drawing: draw.next(using: &random))))) }
            let independent = Double(count) / Double(runLength)
            degreesOfFreedom = max(1, independent - 1)
            variance = pow(values.standardDeviation, 2) * independent / degreesOfFreedom
        }
    }
}

/// Draws blocks with replacement, in runs of neighbours; the last block's neighbour is the first.
private struct BlockDraw {
    private let runLength: Int
    private var weights: [UInt32]

    init(count: Int, runLength: Int) {
        self.runLength = runLength
        weights = [UInt32](repeating: 0, count: count)
    }

    /// How often each block was drawn; as many in all as there are blocks.
    mutating func next(using random: inout SeededGenerator) -> [UInt32] {
        for index in weights.indices { weights[index] = 0 }
        var left = weights.count
        while left > 0 {
            let start = Int.random(in: 0..<weights.count, using: &random)
            for offset in 0..<min(runLength, left) { weights[(start + offset) % weights.count] += 1 }
            left -= min(runLength, left)
        }
        return weights
    }
}

extension [Double] {
    fileprivate var standardDeviation: Double {
        guard count > 1 else { return 0 }
        let mean = reduce(0, +) / Double(count)
        return (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot()
    }
}
