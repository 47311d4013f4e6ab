import Foundation

/// Student's t distribution, as far as intervals need it.
enum StudentDistribution {
    /// The value that the given share of the distribution lies below.
    ///
    /// - Parameters:
    ///   - share: above 0.5, below 1.
    ///   - degreesOfFreedom: at least 1, not necessarily whole.
    static func quantile(_ share: Double, degreesOfFreedom: Double) -> Double {
        // The distribution function rises everywhere, so halving finds the value; 1e6 is beyond any share in use.
        var low = 0.0
        var high = 1e6
        for _ in 0..<120 {
            let middle = (low + high) / 2
            if cumulative(middle, max(1, degreesOfFreedom)) < share { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The share of the distribution below a value that is not negative: 1 − I(ν / (ν + t²); ν/2, 1/2) / 2
    /// (Abramowitz and Stegun, 26.7.1 and 26.5.27).
    static func cumulative(_ value: Double, _ degreesOfFreedom: Double) -> Double {
        let x = degreesOfFreedom / (degreesOfFreedom + value * value)
        return 1 - regularizedBeta(x, degreesOfFreedom / 2, 0.5) / 2
    }

    /// The regularised incomplete beta function by its continued fraction (Abramowitz and Stegun, 26.5.8), evaluated
    /// with Lentz's method.
    private static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        // The fraction converges fast on this side only; the other follows from the symmetry.
        if x > (a + 1) / (a + b + 2) { return 1 - regularizedBeta(1 - x, b, a) }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
        let tiny = 1e-300
        var c = 1.0
        var d = 1 / max(tiny, abs(1 - (a + b) * x / (a + 1))) * (1 - (a + b) * x / (a + 1) < 0 ? -1 : 1)
        var fraction = d
        for step in 1...300 {
            let m = Double(step)
            for numerator in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 + numerator * d
                d = 1 / (abs(d) < tiny ? tiny : d)
                c = 1 + numerator / c
                if abs(c) < tiny { c = tiny }
                fraction *= d * c
            }
            if abs(d * c - 1) < 1e-14 { break }
        }
        return front * fraction
    }
}
