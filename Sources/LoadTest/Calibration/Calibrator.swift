import Foundation
import LatencyHistogram

/// Measures the generator itself: against a null server, first as fast as it goes, then at a leisurely rate.
struct Calibrator {
    /// Seconds that each of the two measurements takes.
    private static let seconds = 1.0
    /// Slow enough that every request finds everything at rest, as in an open loop far from its limits.
    private static let leisurelyRate = 400.0

    /// A generator that waits for a processor for more of the time than this is not alone on the machine.
    private static let quietShare = 0.05

    let limits: RunLimits

    /// What the generator is able to, from the cache where machine, version and shape are the same.
    ///
    /// - Returns: The calibration, and whether the machine was quiet when it was made.
    static func calibration(for limits: RunLimits) async throws -> (calibration: Calibration, isQuiet: Bool) {
        let cache = CalibrationCache(limits: limits)
        if let known = cache.load() { return (known, true) }
        let made = try await Calibrator(limits: limits).measure()
        // What was measured while other work held the processors would be taken for the generator's own limits.
        if made.isQuiet { cache.save(made.calibration) }
        return made
    }

    /// Takes about two seconds.
    ///
    /// - Returns: What was measured, and whether the machine was quiet enough to rely on it next time.
    func measure() async throws -> (calibration: Calibration, isQuiet: Bool) {
        let server = try NullServer()
        server.start()
        defer { server.stop() }
        let full = try await run(.closed, on: server)
        let leisurely = try await run(.constant(rate: Self.leisurelyRate), on: server)
        let total = full.tallies[0]
        let seconds = Double(max(1, full.end &- full.start)) / 1e9
        let calibration = Calibration(
            ceiling: (Double(total.answered) / seconds).rounded(),
            cpuMicrosecondsPerRequest: Double(full.cpuTime) / 1e3 / Double(max(1, total.answered)),
            jitter: LatencySummary(leisurely.lag), noise: LatencySummary(leisurely.tallies[0].latency.total))
        // Alone at a leisurely rate the generator hardly ever waits for a processor.
        let waiting = Double(leisurely.processorWait) / Double(max(1, leisurely.end &- leisurely.start))
        return (calibration, waiting < Self.quietShare)
    }

    private func run(_ arrivals: Arrivals, on server: NullServer) async throws -> LoopReport {
        var limits = limits
        limits.duration = UInt64(Self.seconds * 1e9)
        limits.requests = nil
        limits.streamsPerConnection = 1
        if arrivals != .closed { limits.loops = 1 }
        let plan = try RunPlan(
            target: try Target("http://127.0.0.1:\(server.port)"),
            scenarios: [Scenario(name: "null", steps: [Step(path: "/")])], headers: [], arrivals: arrivals,
            limits: limits, transport: TransportOptions())
        let reports = try await ReadinessEngine(endpoint: server.endpoint)
            .withSession(for: plan) { try await $0.run(RunControl(loops: plan.limits.loops)) }
        guard let report = LoopReport.merged(reports) else { throw LoadError.system("no event loop ran") }
        return report
    }
}
