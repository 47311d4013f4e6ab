import LatencyComparison

/// The highest rate at which a scenario still met its goals.
public struct RateLimit: Codable, Sendable, Hashable {
    /// The scenario, or the mix's scenarios joined by plus signs.
    public var scenario: String
    /// The goals that had to hold.
    public var goals: [String]
    /// The highest rate that met them, in requests a second; missing when even the lowest did not.
    public var rate: Double?
    /// The lowest rate that missed them; missing when none did, or when it is not known whose doing that was.
    public var missedAt: Double?
    /// Where the limit is not known, although goals were missed.
    public var unclear: Unclear?
    /// Whether the generator, not the target, was the limit where the goals were missed.
    public var isGeneratorBound: Bool
    /// Latency against rate, by rising rate.
    public var curve: [Point]

    /// A rate that missed goals, twice if there was time, while the generator or the machine hid the target.
    public struct Unclear: Codable, Sendable, Hashable {
        /// The rate in requests a second.
        public var rate: Double
        /// What hid the target; one sentence each.
        public var reasons: [String]
    }

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
        let doubt = unclear.map {
            "not known \(rate == nil ? "at" : "above, since at") \($0.rate.rounded(places: 1)): "
                + $0.reasons.joined(separator: "; ")
        }
        guard let rate else {
            if let missedAt {
                return "\(scenario): \(goals) is missed even at \(missedAt.rounded(places: 1)) requests/s"
            }
            return "\(scenario): whether \(goals) holds is \(doubt ?? "not known: no rate was tried to its end")"
        }
        let upper = doubt ?? missedAt.map { "missed at \($0.rounded(places: 1))" } ?? "not missed at any rate tried"
        return "\(scenario): \(goals) holds up to \(rate.rounded(places: 1)) requests/s, \(upper)"
    }

    /// The command's exit status: 0 found, 1 missed even at the lowest rate, 69 not known.
    var exitStatus: Int32 { rate != nil ? 0 : missedAt != nil ? 1 : 69 }
}
