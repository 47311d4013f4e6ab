import Foundation

/// Carries out a load test: reaches the target, measures the generator, runs the scenarios, judges the result.
///
/// ```swift
/// var options = LoadOptions(target: try Target("http://127.0.0.1:8080"), scenarios: Scenario.builtIn)
/// options.duration = .seconds(10)
/// let result = try await LoadRunner(options).run()
/// ```
public struct LoadRunner: Sendable {
    /// The version that results name.
    public static let version = "0.1.0"

    private let options: LoadOptions
    private let interruption: Interruption
    private let observe: @Sendable (LoadProgress) -> Void
    /// What an earlier run has measured; it counts where the generator has the same shape.
    var knownGenerator: CalibratedGenerator?

    /// Prepares a load test.
    ///
    /// - Parameters:
    ///   - options: What to push, how hard and for how long.
    ///   - interruption: Ends the run early when it is raised; what was measured until then is still the result.
    ///   - observe: Called about four times a second while requests are sent.
    public init(
        _ options: LoadOptions, interruption: Interruption = Interruption(),
        observe: @escaping @Sendable (LoadProgress) -> Void = { _ in }
    ) {
        self.options = options
        self.interruption = interruption
        self.observe = observe
    }

    /// A result, and what is not written into it.
    struct Outcome {
        var result: LoadResult
        let generator: CalibratedGenerator?
        /// Whether generator or machine, not the target, may have made the numbers worse.
        let hidesTarget: Bool
    }

    /// Runs all scenarios.
    ///
    /// - Throws: ``LoadError`` when the run could not be made, ``PlanError`` for scenarios that make no requests.
    ///   Failing requests are not errors: they are counted.
    public func run() async throws -> LoadResult {
        try await outcome().result
    }

    func outcome() async throws -> Outcome {
        let cores = Machine.availableCores
        let limits = options.limits(cores: cores)
        try DescriptorLimit.check(connections: limits.connections)
        let plans = try options.plans(limits)
        let endpoint = try await Reachability.firstReachable(options.target, timeout: options.connectTimeout)
        let engine = try options.transport.engine(for: options.target, at: endpoint)
        let (generator, calibrationNotes) = await calibrate(limits)
        let server = ServerWatch(options, seconds: Double(plans.count) * Double(limits.duration) / 1e9)
        await server?.begin()
        let started = Date()
        var scenarios: [ScenarioResult] = []
        var checks: [RunCheck] = []
        var stops: [String] = []
        var clients: [ClientTimes] = []
        for plan in plans where !interruption.isRaised {
            let outcome = try await engine.withSession(for: plan) { session in
                try await PhaseRunner(
                    plan: plan, session: session, interruption: interruption, observe: observe
                ).run()
            }
            scenarios += ScenarioResult.all(of: plan, from: outcome.report)
            checks.append(RunCheck(plan: plan, report: outcome.report, generator: generator))
            ClientTimes.add(outcome.report, of: plan, to: &clients)
            if let reason = outcome.stopReason { stops.append(reason) }
        }
        let finished = Date()
        let serverSide = await server?.end(clients)
        var validity = RunCheck.validity(checks, wasInterrupted: interruption.isRaised)
        validity.notes += calibrationNotes
        validity.notes += serverSide?.notes ?? []
        if let failure = ScenarioResult.failure(of: scenarios) {
            validity.stamp = .failed
            validity.reasons.insert(failure, at: 0)
        }
        let result = LoadResult(
            pitwallVersion: Self.version, startedAt: started, finishedAt: finished, target: targetRecord,
            settings: settingsRecord(limits), machine: .current, validity: validity,
            calibration: generator?.calibration,
            scenarios: scenarios, serverSide: serverSide.flatMap { $0.routes.isEmpty ? nil : $0.routes },
            stoppedEarly: stops.isEmpty ? nil : stops.joined(separator: "; "))
        return Outcome(result: result, generator: generator, hidesTarget: checks.contains(where: \.hidesTarget))
    }

    /// What the generator is able to on the way that the run's requests take. That it cannot be measured keeps no run
    /// from being made.
    private func calibrate(_ limits: RunLimits) async -> (generator: CalibratedGenerator?, notes: [String]) {
        let shape = CalibrationShape(of: options.target, transport: options.transport, limits: limits)
        var generator = knownGenerator?.shape == shape ? knownGenerator : nil
        if generator == nil, options.calibrates {
            do {
                generator = try await Calibrator.calibration(
                    for: shape, cache: CalibrationCache(shape: shape), interruption: interruption)
            } catch is CancellationError {
                return (nil, [])
            } catch {
                return (nil, ["the generator could not be calibrated: \(error)"])
            }
        }
        let wasQuiet = generator?.isQuiet ?? true
        return (
            generator,
            wasQuiet
                ? []
                : [
                    "calibrated while something else kept the machine busy: headroom and noise are worse than the "
                        + "generator's own"
                ]
        )
    }

    private var targetRecord: LoadResult.TargetRecord {
        let wire = options.transport.wire(for: options.target)
        return .init(url: options.target.url, protocol: wire.rawValue, unixSocket: options.target.unixSocket)
    }

    private func settingsRecord(_ limits: RunLimits) -> LoadResult.SettingsRecord {
        var seed: UInt64?
        var arrivals = "closed"
        switch options.arrivals {
        case .closed: break
        case .constant: arrivals = "constant"
        case .poisson(_, let drawn):
            arrivals = "poisson"
            seed = drawn
        }
        return .init(
            concurrency: limits.connections, streamsPerConnection: limits.streamsPerConnection,
            durationSeconds: Double(limits.duration) / 1e9, requests: limits.requests, arrivals: arrivals,
            rate: options.arrivals.rate, seed: seed, connectTimeoutSeconds: Double(limits.connectTimeout) / 1e9,
            requestTimeoutSeconds: Double(limits.requestTimeout) / 1e9,
            headerNames: options.headers.map(\.name).sorted(), eventLoops: limits.loops, isMix: options.isMix)
    }
}

extension LoadOptions {
    /// One plan a scenario, or one for the mix.
    func plans(_ limits: RunLimits) throws(PlanError) -> [RunPlan] {
        let groups = isMix ? [scenarios] : scenarios.map { [$0] }
        var plans: [RunPlan] = []
        for group in groups {
            plans.append(
                try RunPlan(
                    target: target, scenarios: group, headers: headers, arrivals: arrivals, limits: limits,
                    transport: transport))
        }
        return plans
    }
}
