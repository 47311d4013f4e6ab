import LatencyComparison

/// A bound that a run must keep, such as `search.p95<150ms`, `errors<0.1%` or `rps>200`.
public struct Goal: Sendable, Hashable, CustomStringConvertible {
    /// What is bounded.
    public enum Metric: String, Sendable, CaseIterable {
        case p50, p95, p99, p999, max, min, mean
        /// Failed requests as a share of all.
        case errors
        /// Responses a second.
        case rps
    }

    /// The scenario that must keep the bound; `nil` for each of them.
    public let scenario: String?
    /// What is bounded.
    public let metric: Metric
    /// Whether the value must be below the bound rather than above it.
    public let isUpperBound: Bool
    /// Whether the bound itself is good enough (`<=`, `>=`).
    public let isInclusive: Bool
    /// The bound: milliseconds for times, a share of 1 for errors, responses a second for `rps`.
    public let bound: Double
    /// The goal as it was written.
    public let description: String

    /// Reads a goal: `[scenario.]metric`, one of `<`, `<=`, `>`, `>=`, and a number with its unit: `ms`, `s` or `us`
    /// for times (`ms` when it is left out), `%` or none for errors, none for `rps`.
    ///
    /// - Throws: ``GoalError`` that names what cannot be read.
    public init(_ text: String) throws(GoalError) {
        guard let sign = text.firstIndex(where: { $0 == "<" || $0 == ">" }) else {
            throw GoalError(goal: text, problem: "it has no < or >")
        }
        let afterSign = text.index(after: sign)
        isInclusive = afterSign < text.endIndex && text[afterSign] == "="
        isUpperBound = text[sign] == "<"
        let left = text[..<sign].trimmed
        let right = text[(isInclusive ? text.index(after: afterSign) : afterSign)...].trimmed
        let dot = left.lastIndex(of: ".")
        scenario = dot.map { String(left[..<$0]) }
        let name = dot.map { String(left[left.index(after: $0)...]) } ?? left
        guard let metric = Metric(rawValue: name == "p99_9" || name == "p99.9" ? "p999" : name) else {
            let known = Metric.allCases.map(\.rawValue).joined(separator: ", ")
            throw GoalError(goal: text, problem: "\"\(name)\" is no metric; known are \(known)")
        }
        self.metric = metric
        bound = try Self.bound(right, of: metric, goal: text)
        description = text
    }

    private static func bound(_ text: String, of metric: Metric, goal: String) throws(GoalError) -> Double {
        let units: [(suffix: String, factor: Double)] =
            switch metric {
            case .rps: [("/s", 1), ("", 1)]
            case .errors: [("%", 0.01), ("", 1)]
            default: [("us", 0.001), ("µs", 0.001), ("ms", 1), ("s", 1_000), ("", 1)]
            }
        for unit in units where text.hasSuffix(unit.suffix) {
            let number = String(text.dropLast(unit.suffix.count)).trimmed
            guard let value = Double(number), value.isFinite, value >= 0 else { break }
            return value * unit.factor
        }
        let example = metric == .errors ? "0.1%" : metric == .rps ? "200" : "150ms"
        throw GoalError(
            goal: goal, problem: "\"\(text)\" is no bound for \(metric.rawValue); write one like \(example)")
    }

    /// Judges the goal by a run. Where no request was answered as it should be, a goal on times or rates is missed: an
    /// error may come faster than any answer.
    ///
    /// - Returns: One record for each scenario that the goal is about.
    /// - Throws: ``GoalError`` when the goal names a scenario that did not run.
    public func judge(_ scenarios: [ScenarioResult]) throws(GoalError) -> [GoalRecord] {
        let judged = scenarios.filter { scenario == nil || $0.scenario == scenario }
        guard !judged.isEmpty else {
            throw GoalError(goal: description, problem: "there is no scenario \(scenario ?? "") in this run")
        }
        return judged.map { result in
            let value = value(in: result)
            let isMet = value.map { isUpperBound ? $0 < bound : $0 > bound } ?? false
            return GoalRecord(
                goal: description, scenario: result.scenario, value: value,
                isMet: isMet || isInclusive && value == bound)
        }
    }

    private func value(in result: ScenarioResult) -> Double? {
        if metric != .errors, result.count == result.errorCount { return nil }
        return switch metric {
        case .p50: result.latency.p50
        case .p95: result.latency.p95
        case .p99: result.latency.p99
        case .p999: result.latency.p999
        case .max: result.latency.max
        case .min: result.latency.min
        case .mean: result.latency.mean
        case .errors: result.count == 0 ? nil : Double(result.errorCount) / Double(result.count)
        case .rps: result.requestsPerSecond
        }
    }
}

/// What became of a goal in one scenario.
public struct GoalRecord: Codable, Sendable, Hashable {
    /// The goal as it was written.
    public var goal: String
    /// The scenario that was judged.
    public var scenario: String
    /// What was measured, in the goal's unit: milliseconds, a share of 1, or responses a second.
    public var value: Double?
    /// Whether the goal was met.
    public var isMet: Bool

    /// What was measured, with its unit.
    var measured: String {
        guard let value else { return "nothing" }
        return switch (try? Goal(goal))?.metric {
        case .errors: value.percent
        case .rps: "\(value.rounded(places: 1)) requests/s"
        default: "\(value.rounded(places: 3)) ms"
        }
    }
}

/// A goal that cannot be read or judged.
public struct GoalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The goal as it was written.
    public let goal: String
    /// What is wrong with it.
    public let problem: String

    /// The problem in a sentence, with the value at fault and how to mend it.
    public var description: String { "goal \"\(goal)\": \(problem). Example: search.p95<150ms" }
}

extension StringProtocol {
    var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
