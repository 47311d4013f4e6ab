public import Foundation
public import LatencyComparison

/// What a new service or version is to an old one, scenario by scenario.
public struct ComparisonReport: Codable, Sendable, Hashable {
    /// The version of the report's schema.
    public var schemaVersion = 1
    /// A, what the other is measured against: a URL, and how many runs of it.
    public var base: String
    /// B, what is measured.
    public var new: String
    /// Relative differences up to this one do not matter.
    public var margin: Double
    /// How often equal services are called slower or faster at most.
    public var falseAlarmRate: Double
    /// One scenario each.
    public var scenarios: [ScenarioComparison]
    /// What to know about how the comparison was made; one sentence each.
    public var notes: [String]

    /// One scenario's comparison.
    public struct ScenarioComparison: Codable, Sendable, Hashable {
        /// The scenario.
        public var scenario: String
        /// All percentiles in one word.
        public var verdict: ComparisonVerdict
        /// One percentile each.
        public var metrics: [MetricComparison]
        /// Blocks a side that the verdict rests on.
        public var blocks: Int
        /// Seconds until it was decided, of a comparison that stops when it is.
        public var decidedAfterSeconds: Double?
    }

    /// Slower if any scenario is, else undecided if any is, else faster if any is, else equivalent.
    public var verdict: ComparisonVerdict { .overall(scenarios.map(\.verdict)) }

    /// The command's exit status: 1 when slower, else 0.
    public var exitStatus: Int32 { verdict == .slower ? 1 : 0 }

    /// The report as JSON with a line break at the end.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    /// The report for people: what A and B are, then a sentence for each scenario, its percentiles below.
    public var text: String {
        var lines = ["A  \(base)", "B  \(new)"]
        for scenario in scenarios {
            lines.append(sentence(scenario))
            for line in scenario.metrics.lines { lines.append("    " + line) }
        }
        for note in notes { lines.append("  i \(note)") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// As "B is 4.1 % slower at p99 in search, 2.9 to 5.5, decided in 41 s".
    private func sentence(_ scenario: ScenarioComparison) -> String {
        let time = scenario.decidedAfterSeconds.map { ", decided in \(Int($0.rounded())) s" } ?? ""
        switch scenario.verdict {
        case .slower, .faster:
            guard let metric = scenario.metrics.decisive(for: scenario.verdict) else {
                return "\(scenario.scenario): \(scenario.verdict.rawValue)\(time)"
            }
            return "B is \(metric.size) in \(scenario.scenario), \(metric.interval)\(time)"
        case .equivalent:
            return "B is equivalent in \(scenario.scenario), within \(margin.percent)\(time)"
        case .undecided:
            return "\(scenario.scenario): undecided after \(scenario.blocks) blocks a side; a longer run may decide"
        }
    }
}
