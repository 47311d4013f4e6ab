import Foundation
public import LatencyComparison
import LatencyHistogram

/// Measures two targets side by side: slices of a second or more in ABBA order on one schedule, so that what disturbs
/// the machine disturbs both, until the difference is decided or the time is over.
public struct VersusRunner: Sendable {
    /// Looks at the data after so many pairs of slices; each look has its share of the false-alarm rate.
    private static let looks = [6, 9, 14, 21, 32, 48, 72, 108, 162, 243, 364, 546, 819, 1_229, 1_843]

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
        let sides = [try await Side(a, seconds: sliceSeconds), try await Side(b, seconds: sliceSeconds)]
        var scenarios: [ComparisonReport.ScenarioComparison] = []
        for index in sides[0].plans.indices where !interruption.isRaised {
            scenarios += try await compare(sides, plan: index)
        }
        return ComparisonReport(
            base: a.target.url, new: b.target.url, margin: comparison.margin,
            falseAlarmRate: comparison.falseAlarmRate, scenarios: scenarios,
            notes: ["slices of \(sliceSeconds.rounded(places: 1)) s in ABBA order; the unit is the pair of slices"])
    }

    private func compare(_ sides: [Side], plan index: Int) async throws -> [ComparisonReport.ScenarioComparison] {
        let names = sides[0].plans[index].journeys.map(\.name)
        let started = MonotonicClock.now()
        let most = max(1, Int(Double(nanoseconds(a.duration)) / 1e9 / sliceSeconds / 2))
        let looks = Self.looks.filter { $0 < most } + [most]
        var options = comparison
        options.verdicts = looks.count * names.count * sides[0].plans.count
        // blocks[scenario][side]
        var blocks = names.map { _ in [[LatencyHistogram](), [LatencyHistogram]()] }
        var boundSlices = 0
        var decided: [ComparisonReport.ScenarioComparison] = []
        for pair in 0..<most where !interruption.isRaised {
            for side in pair.isMultiple(of: 2) ? [0, 1] : [1, 0] {
                let slice = try await sides[side].slice(index, interruption, observe)
                if slice.isGeneratorBound { boundSlices += 1 }
                for scenario in names.indices { blocks[scenario][side].append(slice.histograms[scenario]) }
            }
            guard looks.contains(pair + 1) else { continue }
            decided = names.indices.map { scenario in
                let result = LatencyComparison(
                    base: blocks[scenario][0], new: blocks[scenario][1], pairing: .pairs, options: options)
                let seconds = Double(MonotonicClock.now() - started) / 1e9
                return .init(
                    scenario: names[scenario], verdict: result.verdict, metrics: result.metrics, blocks: pair + 1,
                    decidedAfterSeconds: result.verdict == .undecided ? nil : seconds.rounded(places: 1))
            }
            if decided.allSatisfy({ $0.verdict != .undecided }) { break }
        }
        let slices = blocks[0][0].count + blocks[0][1].count
        guard boundSlices * 5 <= slices else {
            throw IncomparableError(
                "the generator, not the targets, was the limit in \(boundSlices) of \(slices) slices")
        }
        return decided
    }

    /// One target with all that is worked out once.
    private struct Side {
        let plans: [RunPlan]
        let engine: any LoadEngine

        init(_ options: LoadOptions, seconds: Double) async throws {
            var limits = options.limits(cores: ProcessInfo.processInfo.activeProcessorCount)
            try DescriptorLimit.check(connections: limits.connections)
            limits.duration = UInt64(seconds * 1e9)
            limits.requests = nil
            plans = try options.plans(limits)
            let endpoint = try await Reachability.firstReachable(options.target, timeout: options.connectTimeout)
            engine = try options.engine(endpoint)
        }

        func slice(
            _ index: Int, _ interruption: Interruption, _ observe: @escaping @Sendable (LoadProgress) -> Void
        ) async throws -> (histograms: [LatencyHistogram], isGeneratorBound: Bool) {
            let plan = plans[index]
            let outcome = try await PhaseRunner(
                plan: plan, engine: engine, interruption: interruption, observe: observe
            ).run()
            let check = RunCheck(plan: plan, report: outcome.report, calibration: nil)
            let results = ScenarioResult.all(of: plan, from: outcome.report)
            return (results.map(\.histogram), !check.generatorBound.isEmpty)
        }
    }
}
