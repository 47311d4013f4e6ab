public import LatencyHistogram

/// Percentiles of a latency in milliseconds; all of them are missing when nothing was measured.
public struct LatencySummary: Sendable, Hashable {
    /// The median.
    public var p50: Double?
    /// 95 % are at or below it.
    public var p95: Double?
    /// 99 % are at or below it.
    public var p99: Double?
    /// 99.9 % are at or below it.
    public var p999: Double?
    /// The longest, exactly.
    public var max: Double?
    /// The shortest, exactly.
    public var min: Double?
    /// The arithmetic mean, exactly.
    public var mean: Double?

    /// Sums up a histogram of nanoseconds.
    public init(_ histogram: LatencyHistogram) {
        p50 = histogram.quantile(0.5).map(milliseconds)
        p95 = histogram.quantile(0.95).map(milliseconds)
        p99 = histogram.quantile(0.99).map(milliseconds)
        p999 = histogram.quantile(0.999).map(milliseconds)
        max = histogram.max.map { milliseconds(Double($0)) }
        min = histogram.min.map { milliseconds(Double($0)) }
        mean = histogram.mean.map(milliseconds)
    }
}

/// Nanoseconds as milliseconds, to a tenth of a microsecond.
func milliseconds(_ nanoseconds: Double) -> Double {
    (nanoseconds / 100).rounded() / 10_000
}

extension LatencySummary: Codable {
    private enum CodingKeys: String, CodingKey {
        case p50, p95, p99, p999, max, min, mean
    }

    /// Writes every key, `null` where nothing was measured, so that readers find what they look for.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(p50, forKey: .p50)
        try container.encode(p95, forKey: .p95)
        try container.encode(p99, forKey: .p99)
        try container.encode(p999, forKey: .p999)
        try container.encode(max, forKey: .max)
        try container.encode(min, forKey: .min)
        try container.encode(mean, forKey: .mean)
    }
}
