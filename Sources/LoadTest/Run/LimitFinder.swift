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
        var isGeneratorBound = false
        var calibration: Calibration?
        while let rate = search.next, !interruption.isRaised {
            if last != nil, MonotonicClock.now() + nanoseconds(options.duration) > deadline { break }
            options.arrivals = arrivals(rate)
            var runner = LoadRunner(options, interruption: interruption, observe: observe)
            // The generator is the same at every rate.
            runner.knownCalibration = calibration
            let result = try await runner.run()
            let isMet = try judge(result)
            curve.append(contentsOf: RateLimit.Point.all(result, rate: rate, isMet: isMet))
            calibration = result.calibration
            last = result
            if isMet { best = result }
            if !isMet { isGeneratorBound = result.validity.stamp == .generatorBound }
            search.report(isMet)
        }
        guard var result = best ?? last else { throw LoadError.system("the search had no time for a single rate") }
        if search.next != nil, !interruption.isRaised {
            result.validity.notes.append(
                "\(options.scenarios.map(\.name).joined(separator: "+")): the time was over before the limit was known "
                    + "within \(Self.precision.percent); a longer --duration narrows it")
        }
        result.limits = [
            RateLimit(
                scenario: options.scenarios.map(\.name).joined(separator: "+"), goals: goals.map(\.description),
                rate: search.highestMet, missedAt: search.lowestMissed,
                isGeneratorBound: isGeneratorBound, curve: curve.sorted { $0.rate < $1.rate })
        ]
        return result
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
