import Foundation
import LatencyComparison

/// Finds the highest rate at which a service still meets goals: doubles the rate until a goal is missed, then halves
/// the distance. Each rate is an open-loop run of its own, so the latencies are those of that rate.
public struct LimitFinder: Sendable {
    /// The search ends when the bracket is narrower than this share of the rate.
    static let precision = 0.05
    /// A run of fewer seconds has too little of a tail to judge.
    static let shortestStep = 2.0

    private let options: LoadOptions
    private let goals: [Goal]
    private let bounds: ClosedRange<Double>
    private let interruption: Interruption
    private let observe: @Sendable (LoadProgress) -> Void
    /// As ``LoadRunner``'s.
    var knownGenerator: CalibratedGenerator?

    /// Prepares a search.
    ///
    /// - Parameters:
    ///   - options: What to push. The duration is that of the whole search, for each scenario; arrivals are constant
    ///     unless they are Poisson's.
    ///   - goals: What must hold; at least one.
    ///   - bounds: The lowest and highest rate to try, in requests a second.
    ///   - interruption: Ends the search early; the bracket so far is the result.
    ///   - observe: Called about four times a second.
    public init(
        _ options: LoadOptions, goals: [Goal], within bounds: ClosedRange<Double> = 10...100_000,
        interruption: Interruption = Interruption(), observe: @escaping @Sendable (LoadProgress) -> Void = { _ in }
    ) {
        self.options = options
        self.goals = goals
        self.bounds = bounds
        self.interruption = interruption
        self.observe = observe
    }

    /// Searches for each scenario, or for the mix.
    ///
    /// - Returns: A result whose scenarios are those of the highest rate that met the goals, and one limit each.
    /// - Throws: As ``LoadRunner/run()``.
    public func run() async throws -> LoadResult {
        var found: [LoadResult] = []
        let groups = options.isMix ? [options.scenarios] : options.scenarios.map { [$0] }
        for group in groups where !interruption.isRaised {
            var options = options
            options.scenarios = group
            found.append(try await search(options))
        }
        guard var total = found.first, let last = found.last else {
            throw LoadError.system("there is no scenario to push")
        }
        for other in found.dropFirst() { total.validity.merge(other.validity) }
        total.scenarios = found.flatMap(\.scenarios)
        total.limits = found.flatMap { $0.limits ?? [] }
        total.finishedAt = last.finishedAt
        return total
    }

    private func search(_ options: LoadOptions) async throws -> LoadResult {
        let step = max(Self.shortestStep, Double(nanoseconds(options.duration)) / 1e9 / 12)
        let deadline = MonotonicClock.now() + nanoseconds(options.duration)
        var options = options
        options.duration = .nanoseconds(Int64(step * 1e9))
        var search = RateSearch(bounds: bounds, precision: Self.precision)
        var curve: [RateLimit.Point] = []
        var best: LoadResult?
        var last: LoadResult?
        var generator = knownGenerator
        var unclear: RateLimit.Unclear?
        var isGeneratorBound = false
        var hasTime: Bool { MonotonicClock.now() + UInt64(step * 1e9) <= deadline }
        while let rate = search.next, !interruption.isRaised {
            if last != nil, !hasTime { break }
            options.arrivals = arrivals(rate)
            var outcome = try await measure(options, &generator)
            // What hid the target may be over: once more, before the limit is put there.
            if try outcome.hidesTarget && !judge(outcome.result), hasTime, !interruption.isRaised {
                outcome = try await measure(options, &generator)
            }
            last = outcome.result
            // A part of a step is no verdict.
            if interruption.isRaised { break }
            let isMet = try judge(outcome.result)
            curve.append(contentsOf: RateLimit.Point.all(outcome.result, rate: rate, isMet: isMet))
            if isMet { best = outcome.result }
            if !isMet {
                let validity = outcome.result.validity
                // Where nothing was answered from the start, it is hardly the rate that was too high.
                let isUnclear = outcome.hidesTarget || validity.stamp == .failed && best == nil
                unclear = isUnclear ? .init(rate: rate, reasons: validity.reasons) : nil
                isGeneratorBound = outcome.hidesTarget && validity.stamp == .generatorBound
            }
            search.report(isMet)
        }
        guard var result = best ?? last else { throw LoadError.system("the search had no time for a single rate") }
        let names = options.scenarios.map(\.name).joined(separator: "+")
        if search.next != nil, !interruption.isRaised {
            result.validity.notes.append(
                "\(names): the time was over before the limit was known within \(Self.precision.percent); a longer "
                    + "--duration narrows it")
        }
        result.limits = [
            RateLimit(
                scenario: names, goals: goals.map(\.description), rate: search.highestMet,
                missedAt: unclear == nil ? search.lowestMissed : nil, unclear: unclear,
                isGeneratorBound: isGeneratorBound, curve: curve.sorted { $0.rate < $1.rate })
        ]
        return result
    }

    private func measure(
        _ options: LoadOptions, _ generator: inout CalibratedGenerator?
    ) async throws -> LoadRunner.Outcome {
        var runner = LoadRunner(options, interruption: interruption, observe: observe)
        // The generator is the same at every rate that has as many event loops.
        runner.knownGenerator = generator
        let outcome = try await runner.outcome()
        generator = outcome.generator
        return outcome
    }

    private func arrivals(_ rate: Double) -> Arrivals {
        if case .poisson(_, let seed) = options.arrivals { return .poisson(rate: rate, seed: seed) }
        return .constant(rate: rate)
    }

    private func judge(_ result: LoadResult) throws(GoalError) -> Bool {
        for goal in goals where try goal.judge(result.scenarios).contains(where: { !$0.isMet }) { return false }
        return true
    }
}

/// Which rate to try next. Pure: rates out, verdicts in.
struct RateSearch {
    private(set) var highestMet: Double?
    private(set) var lowestMissed: Double?
    private let bounds: ClosedRange<Double>
    private let precision: Double

    init(bounds: ClosedRange<Double>, precision: Double) {
        self.bounds = bounds
        self.precision = precision
    }

    /// The next rate to try; `nil` when the limit is known well enough.
    var next: Double? {
        switch (highestMet, lowestMissed) {
        case (nil, nil): bounds.lowerBound
        case (nil, _?): nil
        case (let met?, nil): met >= bounds.upperBound ? nil : min(bounds.upperBound, met * 2)
        case (let met?, let missed?): missed - met <= precision * missed ? nil : (met + missed) / 2
        }
    }

    /// What became of the rate that ``next`` gave.
    mutating func report(_ isMet: Bool) {
        guard let rate = next else { return }
        if isMet { highestMet = rate } else { lowestMissed = rate }
    }
}
