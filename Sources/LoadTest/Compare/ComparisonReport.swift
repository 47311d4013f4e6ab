public import Foundation
public import LatencyComparison

/// What a new service or version is to an old one, scenario by scenario.
public struct ComparisonReport: Codable, Sendable, Hashable {
    /// The version of the report's schema.
    public var schemaVersion = 1
    /// What was measured first: a URL, or result files.
    public var base: String
    /// What was measured against it.
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
    public var verdict: ComparisonVerdict {
        for verdict in [ComparisonVerdict.slower, .undecided, .faster]
        where scenarios.contains(where: { $0.verdict == verdict }) {
            return verdict
        }
        return scenarios.isEmpty ? .undecided : .equivalent
    }

    /// The command's exit status: 1 when slower, else 0.
    public var exitStatus: Int32 { verdict == .slower ? 1 : 0 }

    /// The report as JSON with a line break at the end.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    /// The report for people: a sentence for each scenario, its percentiles below.
    public var text: String {
        var lines: [String] = []
        for scenario in scenarios {
            lines.append(sentence(scenario))
            for metric in scenario.metrics { lines.append("    " + describe(metric)) }
        }
        for note in notes { lines.append("  i \(note)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private func sentence(_ scenario: ScenarioComparison) -> String {
        let time = scenario.decidedAfterSeconds.map { ", decided in \(Int($0.rounded())) s" } ?? ""
        switch scenario.verdict {
        case .slower, .faster:
            let decisive = scenario.metrics.filter { $0.verdict == scenario.verdict }
            guard let metric = decisive.max(by: { abs($0.change ?? 0) < abs($1.change ?? 0) }),
                let change = metric.change, let low = metric.low, let high = metric.high
            else { return "\(scenario.scenario): \(scenario.verdict.rawValue)\(time)" }
            let bounds = [abs(low), abs(high)].sorted()
            return "\(new) is \(abs(change).percent) \(scenario.verdict.rawValue) at \(metric.metric.rawValue) in "
                + "\(scenario.scenario), \((bounds[0] * 100).fixed(1)) to \((bounds[1] * 100).fixed(1))\(time)"
        case .equivalent:
            return "\(scenario.scenario): equivalent within \(margin.percent)\(time)"
        case .undecided:
            return "\(scenario.scenario): undecided after \(scenario.blocks) blocks a side; a longer run may decide"
        }
    }

    private func describe(_ metric: MetricComparison) -> String {
        let base = metric.base.map { "\(milliseconds($0).fixed(3)) ms" } ?? "-"
        let new = metric.new.map { "\(milliseconds($0).fixed(3)) ms" } ?? "-"
        let values = "\(metric.metric.rawValue)  \(base) -> \(new)  \(metric.verdict.rawValue)"
        guard let change = metric.change, let low = metric.low, let high = metric.high else {
            return values + (metric.reason.map { ": \($0)" } ?? "")
        }
        return values + "  \(change.signedPercent) (\(low.signedPercent) to \(high.signedPercent))"
    }
}

extension Double {
    fileprivate var signedPercent: String { (self < 0 ? "-" : "+") + "\((abs(self) * 100).fixed(1)) %" }
}
