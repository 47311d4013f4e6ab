public import LatencyComparison
import LatencyHistogram

/// Compares runs that were made before with runs that were made after a change.
public enum ResultComparison {
    /// From so many runs a side on, whole runs are the unit, and what differs from run to run is in the interval.
    static let fewestRuns = 5

    /// Compares results, after checking that they can be compared.
    ///
    /// - Parameters:
    ///   - base: Results of the old version; at least one.
    ///   - new: Results of the new version; at least one.
    ///   - options: How sure the comparison must be; the scenarios share its false-alarm rate.
    /// - Throws: ``IncomparableError`` where rate, connections, protocol, host or anything else that decides latencies
    ///   differs, or where a run is not valid.
    public static func compare(
        base: [LoadResult], new: [LoadResult], options: ComparisonOptions = ComparisonOptions()
    ) throws(IncomparableError) -> ComparisonReport {
        guard let first = base.first, !new.isEmpty else { throw IncomparableError("there is no result on one side") }
        for result in base + new { try check(result, against: first) }
        let names = first.scenarios.map(\.scenario)
        var options = options
        options.verdicts = max(1, names.count)
        let hasRuns = min(base.count, new.count) >= fewestRuns
        var scenarios: [ComparisonReport.ScenarioComparison] = []
        for name in names {
            let before = try results(of: name, in: base)
            let after = try results(of: name, in: new)
            var failures = FailureShares()
            for result in before { failures.add(base: result) }
            for result in after { failures.add(new: result) }
            try failures.check(name)
            let blocksBefore = hasRuns ? before.map(\.histogram) : before.flatMap(\.wholeBlocks)
            let blocksAfter = hasRuns ? after.map(\.histogram) : after.flatMap(\.wholeBlocks)
            if hasRuns { options.fewestBlocks = fewestRuns }
            let comparison = LatencyComparison(
                base: blocksBefore, new: blocksAfter, pairing: hasRuns ? .independent : .series, options: options)
            scenarios.append(
                .init(
                    scenario: name, verdict: comparison.verdict, metrics: comparison.metrics,
                    blocks: min(blocksBefore.count, blocksAfter.count)))
        }
        return ComparisonReport(
            base: name(of: base), new: name(of: new), margin: options.margin,
            falseAlarmRate: options.falseAlarmRate, scenarios: scenarios, notes: notes(hasRuns: hasRuns))
    }

    private static func name(of results: [LoadResult]) -> String {
        let url = results.first?.target.url ?? ""
        return results.count == 1 ? "\(url), 1 run" : "\(url), \(results.count) runs"
    }

    private static func notes(hasRuns: Bool) -> [String] {
        hasRuns
            ? ["the unit is the run"]
            : [
                "the unit is the second: what differs from run to run is not in the intervals; give at least "
                    + "\(fewestRuns) runs a side, or measure side by side with --versus"
            ]
    }

    private static func results(
        of name: String, in results: [LoadResult]
    ) throws(IncomparableError) -> [ScenarioResult] {
        var found: [ScenarioResult] = []
        for result in results {
            guard let scenario = result.scenarios.first(where: { $0.scenario == name }) else {
                throw IncomparableError("the scenario \(name) is not in every result")
            }
            found.append(scenario)
        }
        return found
    }

    private static func check(_ result: LoadResult, against first: LoadResult) throws(IncomparableError) {
        guard result.validity.isValid else {
            throw IncomparableError(
                "a run is \(result.validity.stamp.rawValue): \(result.validity.reasons.joined(separator: "; "))")
        }
        let settings = (result.settings, first.settings)
        let facts: [(name: String, a: String, b: String)] = [
            (
                "rates", "\(settings.0.rate.map { "\($0)/s" } ?? "closed loop")",
                "\(settings.1.rate.map { "\($0)/s" } ?? "closed loop")"
            ),
            ("arrivals", settings.0.arrivals, settings.1.arrivals),
            ("connections", "\(settings.0.concurrency)", "\(settings.1.concurrency)"),
            ("streams", "\(settings.0.streamsPerConnection)", "\(settings.1.streamsPerConnection)"),
            ("protocols", result.target.protocol, first.target.protocol),
            ("target hosts", host(result), host(first)),
            ("machines", description(result.machine), description(first.machine)),
            ("mixes", "\(settings.0.isMix)", "\(settings.1.isMix)"),
        ]
        for fact in facts where fact.a != fact.b {
            throw IncomparableError("\(fact.name) differ: \(fact.b) and \(fact.a)")
        }
    }

    /// Two versions may listen on two ports of one host.
    private static func host(_ result: LoadResult) -> String {
        (try? Target(result.target.url))?.host ?? result.target.url
    }

    private static func description(_ machine: Machine) -> String {
        "\(machine.host) (\(machine.processor), \(machine.cores) cores)"
    }
}

/// Runs that cannot be compared. The command ends with status 69.
public struct IncomparableError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Why they cannot, with both values.
    public let description: String

    init(_ problem: String) {
        description = "these runs cannot be compared: \(problem)"
    }
}

extension ScenarioResult {
    /// The blocks that lie wholly inside the run, without the first where there are enough: it holds the warming-up.
    var wholeBlocks: [LatencyHistogram] {
        let whole = blocks.whole(in: durationSeconds).histograms
        return whole.count >= 10 ? Array(whole.dropFirst()) : whole
    }
}

extension ResultComparison {
    /// Compares result files; see ``compare(base:new:options:)``.
    ///
    /// - Throws: ``ResultFileError`` for a file that is no result, ``UsageError`` for a margin that cannot be, and
    ///   ``IncomparableError``.
    public static func compare(
        files base: [String], with new: [String], marginPercent: Double
    ) throws -> ComparisonReport {
        let options = try ComparisonOptions(marginPercent: marginPercent)
        return try compare(
            base: base.map { try LoadResult(contentsOf: $0) }, new: new.map { try LoadResult(contentsOf: $0) },
            options: options)
    }
}

extension ComparisonOptions {
    init(marginPercent: Double) throws(UsageError) {
        guard marginPercent > 0, marginPercent < 100 else {
            throw UsageError("--margin is \(marginPercent); it must be above 0 and below 100 percent")
        }
        self.init()
        margin = marginPercent / 100
    }
}
