/// A percentile that is compared.
public enum ComparisonMetric: String, Codable, Sendable, Hashable, CaseIterable {
    case p50, p95, p99

    /// The share of values at or below it.
    public var quantile: Double {
        switch self {
        case .p50: 0.5
        case .p95: 0.95
        case .p99: 0.99
        }
    }
}
