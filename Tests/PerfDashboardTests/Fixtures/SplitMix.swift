import Foundation

/// SplitMix64: the same numbers from the same seed on every machine.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A log-normal duration in nanoseconds: most near the median, some far above.
    mutating func latency(median milliseconds: Double, spread: Double) -> UInt64 {
        let u = Double.random(in: 1e-12..<1, using: &self)
        let v = Double.random(in: 0..<1, using: &self)
        let normal = (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
        return UInt64(min(milliseconds * 1e6 * exp(spread * normal), 1e12))
    }
}
