import Foundation
public import LatencyHistogram

/// A percentile that knows how far to trust it.
///
/// Two errors are told apart. The *bucket error* comes from the histogram and is the same however many requests there
/// are. The *range* comes from chance: with few requests a percentile is one of a handful of values, and the next
/// hour's would be another. It holds the true percentile 19 times in 20, by the binomial distribution of its rank
/// (Conover, *Practical Nonparametric Statistics*, section 3.2).
public struct Percentile: Sendable, Hashable {
    /// How far a percentile can be trusted.
    public enum Quality: String, Sendable, Hashable {
        /// Fewer than ``Percentile/fewest`` requests: there is no number.
        case tooFew = "too_few"
        /// Not one request is expected beyond it, so that it is hardly more than the slowest one seen.
        case rough
        /// Good.
        case good
    }

    /// Fewer requests than this give no percentile at all.
    public static let fewest: UInt64 = 10

    /// Which percentile, 0 through 1.
    public let quantile: Double
    /// How many requests it is of: those really seen.
    public let count: UInt64
    /// The latency in nanoseconds; nil with fewer than ``fewest`` requests.
    public let nanoseconds: Double?
    /// The greatest relative error that the histogram's buckets add, as a fraction.
    public let bucketError: Double
    /// From where to where chance may have moved it, in nanoseconds, bucket error included; nil where `nanoseconds` is.
    public let range: ClosedRange<Double>?

    /// Reads a percentile out of a histogram.
    ///
    /// - Parameter seen: how many requests its counts stand on; all of them when not said.
    public init(_ quantile: Double, of histogram: LatencyHistogram, seen: UInt64? = nil) {
        self.quantile = quantile
        count = min(seen ?? histogram.count, histogram.count)
        bucketError = histogram.relativeError
        guard count >= Self.fewest, let value = histogram.quantile(quantile) else {
            nanoseconds = nil
            range = nil
            return
        }
        nanoseconds = value
        let count = Double(count)
        let margin = 1.96 * (count * quantile * (1 - quantile)).squareRoot()
        let low = histogram.quantile((count * quantile - margin) / count) ?? value
        let high = histogram.quantile((count * quantile + margin + 1) / count) ?? value
        range = min(low, value) * (1 - bucketError)...max(high, value) * (1 + bucketError)
    }

    /// How far to trust it.
    public var quality: Quality {
        if nanoseconds == nil { return .tooFew }
        return Double(count) * (1 - quantile) < 1 ? .rough : .good
    }

    /// The latency in milliseconds.
    public var milliseconds: Double? { nanoseconds.map { $0 / 1e6 } }

    /// Its usual name: `p95`.
    public var name: String { "p\(Format.digits(quantile * 100))" }
}
