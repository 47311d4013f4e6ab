import Foundation
public import LatencyComparison
import LatencyHistogram

/// Measures two targets side by side: slices of a second or more in ABBA order on one schedule, so that what disturbs
/// the machine disturbs both, until the difference is decided or the time is over.
public struct VersusRunner: Sendable {
    /// A slice of each target, as they are where nothing else is asked for.
    static let pairDuration: Duration = .seconds(2)

    private let a: LoadOptions
    private let b: LoadOptions
    private let comparison: ComparisonOptions
    private let sliceSeconds: Double
    private let interruption: Interruption
    private let observe: @Sendable (LoadProgress) -> Void

    /// Prepares a comparison.
    ///
    /// - Parameters:
    ///   - options: What to push at A and how hard; the duration bounds both targets together, for each scenario.
    ///   - other: B, which is pushed in the same way.
    ///   - comparison: How sure the comparison must be.
    ///   - sliceSeconds: How long a slice is. Less than 1 decides sooner but compares warming-up more than anything.
    ///   - interruption: Ends the comparison early.
    ///   - observe: Called about four times a second.
    public init(
        _ options: LoadOptions, versus other: Target, comparison: ComparisonOptions = ComparisonOptions(),
        sliceSeconds: Double = 1, interruption: Interruption = Interruption(),
        observe: @escaping @Sendable (LoadProgress) -> Void = { _ in }
    ) {
        a = options
        var second = options
        second.target = other
        b = second
        self.comparison = comparison
        self.sliceSeconds = sliceSeconds
        self.interruption = interruption
        self.observe = observe
    }

    /// Runs the slices.
    ///
    /// - Throws: ``LoadError`` when a target cannot be reached, ``IncomparableError`` when the generator was the limit.
    public func run() async throws -> ComparisonReport {
        let targets = [try await Pushed(a, seconds: sliceSeconds), try await Pushed(b, seconds: sliceSeconds)]
        var scenarios: [ComparisonReport.ScenarioComparison] = []
        for (planA, planB) in zip(targets[0].plans, targets[1].plans) where !interruption.isRaised {
            scenarios += try await targets[0].engine.withSession(for: planA) { sessionA in
                try await targets[1].engine.withSession(for: planB) { sessionB in
                    try await compare(
                        [Side(plan: planA, session: sessionA), Side(plan: planB, session: sessionB)],
                        among: targets[0].plans.count)
                }
            }
        }
        return ComparisonReport(
            base: a.target.url, new: b.target.url, margin: comparison.margin,
            falseAlarmRate: comparison.falseAlarmRate, scenarios: scenarios,
            notes: ["slices of \(sliceSeconds.rounded(places: 1)) s in ABBA order; the unit is the pair of slices"])
    }

    /// Pushes both sides in turn until it is decided, or time is over.
    private func compare(_ sides: [Side], among plans: Int) async throws -> [ComparisonReport.ScenarioComparison] {
        let names = sides[0].plan.journeys.map(\.name)
        let started = MonotonicClock.now()
        let most = max(1, Int(Double(nanoseconds(a.duration)) / 1e9 / sliceSeconds / 2))
        var options = comparison
        options.verdicts = names.count * plans
        var sequential = SequentialComparison(scenarios: names.count, mostPairs: most, options: options)
        var boundSlices = 0
        var failures = names.map { _ in FailureShares() }
        for pair in 0..<most where !interruption.isRaised {
            var slices: [Slice?] = [nil, nil]
            for side in pair.isMultiple(of: 2) ? [0, 1] : [1, 0] where !interruption.isRaised {
                slices[side] = try await slice(of: sides[side])
            }
            // An interrupted pair is none: one of its slices is short or missing.
            guard !interruption.isRaised, let a = slices[0], let b = slices[1] else { break }
            boundSlices += [a, b].count(where: \.isGeneratorBound)
            guard boundSlices * 5 <= 2 * max(6, pair + 1) else {
                throw IncomparableError(
                    "the generator, not the targets, was the limit in \(boundSlices) of \(2 * pair + 2) slices")
            }
            for index in names.indices {
                failures[index].add(base: a.results[index])
                failures[index].add(new: b.results[index])
            }
            sequential.add(a: a.histograms, b: b.histograms)
            if sequential.isDecided { break }
        }
        for (name, shares) in zip(names, failures) { try shares.check(name) }
        let seconds = Double(MonotonicClock.now() - started) / 1e9
        return names.indices.map { index in
            // Before the first look nothing is known.
            let outcome = sequential.outcomes.isEmpty ? nil : sequential.outcomes[index]
            let verdict = outcome?.comparison.verdict ?? .undecided
            return .init(
                scenario: names[index], verdict: verdict, metrics: outcome?.comparison.metrics ?? [],
                blocks: outcome?.pairs ?? 0,
                decidedAfterSeconds: verdict == .undecided ? nil : seconds.rounded(places: 1))
        }
    }

    private func slice(of side: Side) async throws -> Slice {
        let outcome = try await PhaseRunner(
            plan: side.plan, session: side.session, interruption: interruption, observe: observe
        ).run()
        let check = RunCheck(plan: side.plan, report: outcome.report, generator: nil)
        let results = ScenarioResult.all(of: side.plan, from: outcome.report)
        for result in results where result.count > 0 && result.errorCount == result.count && !interruption.isRaised {
            let kind = result.errors.max { $0.value < $1.value }?.key ?? "error"
            throw IncomparableError(
                "all \(result.count) requests of a slice of \(result.scenario) at \(side.plan.target.url) failed "
                    + "(\(kind))"
                    + (outcome.report.handshakeFailure.map { ": " + $0.advice(for: side.plan.target) } ?? ""))
        }
        return Slice(results: results, isGeneratorBound: !check.generatorBound.isEmpty)
    }

    /// A plan and the connections that its slices share.
    private struct Side {
        let plan: RunPlan
        let session: any EngineSession
    }

    private struct Slice {
        /// One a scenario.
        let results: [ScenarioResult]
        let isGeneratorBound: Bool

        var histograms: [LatencyHistogram] { results.map(\.histogram) }
    }

    /// One target with all that is worked out once.
    private struct Pushed {
        let plans: [RunPlan]
        let engine: any LoadEngine

        init(_ options: LoadOptions, seconds: Double) async throws {
            var limits = options.limits(cores: Machine.availableCores)
            // Both targets keep their connections.
            try DescriptorLimit.check(connections: 2 * limits.connections)
            limits.duration = UInt64(seconds * 1e9)
            limits.requests = nil
            plans = try options.plans(limits)
            let endpoint = try await Reachability.firstReachable(options.target, timeout: options.connectTimeout)
            engine = try options.transport.engine(for: options.target, at: endpoint)
        }
    }
}
