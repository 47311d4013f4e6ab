import LatencyComparison

/// The highest rate at which a scenario still met its goals.
public struct RateLimit: Codable, Sendable, Hashable {
    /// The scenario, or the mix's scenarios joined by plus signs.
    public var scenario: String
    /// The goals that had to hold.
    public var goals: [String]
    /// The highest rate that met them, in requests a second; missing when even the lowest did not.
    public var rate: Double?
    /// The lowest rate that missed them; missing when none did.
    public var missedAt: Double?
    /// Whether the generator, not the target, was the limit where the goals were missed.
    public var isGeneratorBound: Bool
    /// Latency against rate, by rising rate.
    public var curve: [Point]

    /// What was measured at one rate.
    public struct Point: Codable, Sendable, Hashable {
        /// The scenario.
        public var scenario: String
        /// The asked rate in requests a second.
        public var rate: Double
        /// Responses a second.
        public var requestsPerSecond: Double
        /// Median latency in milliseconds.
        public var p50: Double?
        /// 99th percentile of the latency in milliseconds.
        public var p99: Double?
        /// Failed requests as a share of all.
        public var errors: Double
        /// Whether all goals were met.
        public var isMet: Bool

        static func all(_ result: LoadResult, rate: Double, isMet: Bool) -> [Point] {
            result.scenarios.map { scenario in
                Point(
                    scenario: scenario.scenario, rate: rate, requestsPerSecond: scenario.requestsPerSecond,
                    p50: scenario.latency.p50, p99: scenario.latency.p99,
                    errors: Double(scenario.errorCount) / Double(max(1, scenario.count)), isMet: isMet)
            }
        }
    }

    /// The limit in one sentence.
    var sentence: String {
        let goals = goals.joined(separator: " and ")
        guard let rate else {
            return "\(scenario): \(goals) is missed even at \((missedAt ?? 0).rounded(places: 1)) requests/s"
        }
        let upper = missedAt.map { ", missed at \($0.rounded(places: 1))" } ?? ", not missed at any rate tried"
        let doubt = isGeneratorBound ? "; the generator was the limit there" : ""
        return "\(scenario): \(goals) holds up to \(rate.rounded(places: 1)) requests/s\(upper)\(doubt)"
    }
}
