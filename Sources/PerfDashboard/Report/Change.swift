/// A figure beside the one of the window before.
///
/// A change is called better or worse only where chance does not explain it: percentiles when their ranges do not
/// overlap, error rates when they differ by more than 2.6 standard errors, both when the difference is worth a word.
public struct Change: Sendable, Hashable {
    /// Which way it went.
    public enum Trend: String, Sendable, Hashable {
        case better
        case worse
        /// No change that chance would not explain.
        case same
        /// Too few requests on one side to tell.
        case unknown
    }

    /// The figure before; nil when there was none.
    public let before: Double?
    /// The figure now; nil when there is none.
    public let now: Double?
    /// Which way it went.
    public let trend: Trend

    /// The relative change, 0.12 for 12 % more; nil without both figures or from nothing.
    public var relative: Double? {
        guard let before, let now, before > 0 else { return nil }
        return now / before - 1
    }

    /// Compares a percentile with the one before.
    public init(from before: Percentile, to now: Percentile) {
        self.before = before.nanoseconds
        self.now = now.nanoseconds
        guard let earlier = before.range, let later = now.range, let old = before.nanoseconds, let new = now.nanoseconds
        else {
            trend = .unknown
            return
        }
        if later.lowerBound > earlier.upperBound, new > old * Self.worthAWord {
            trend = .worse
        } else if later.upperBound < earlier.lowerBound, old > new * Self.worthAWord {
            trend = .better
        } else {
            trend = .same
        }
    }

    /// Compares the error rates of two stretches of time by the test of two proportions.
    public init(ofErrorRateFrom before: Figures, to now: Figures) {
        self.before = before.requests > 0 ? before.errorRate : nil
        self.now = now.requests > 0 ? now.errorRate : nil
        guard before.seen >= Percentile.fewest, now.seen >= Percentile.fewest else {
            trend = .unknown
            return
        }
        let (old, new) = (Double(before.seen), Double(now.seen))
        let pooled = (before.errorRate * old + now.errorRate * new) / (old + new)
        let deviation = (pooled * (1 - pooled) * (1 / old + 1 / new)).squareRoot()
        let score = deviation > 0 ? (now.errorRate - before.errorRate) / deviation : 0
        trend = score > 2.6 ? .worse : score < -2.6 ? .better : .same
    }

    /// Compares amounts that are neither good nor bad.
    public init(from before: UInt64, to now: UInt64) {
        self.before = Double(before)
        self.now = Double(now)
        trend = .same
    }

    /// With very many requests any difference is certain; below this ratio none is worth a word.
    private static let worthAWord = 1.05
}
