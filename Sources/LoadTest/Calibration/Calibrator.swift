import Foundation
import LatencyHistogram

/// Measures the generator itself: against a null server, first as fast as it goes, then at a leisurely rate; with the
/// engine, the protocol and the connections of the run that it is for.
struct Calibrator {
    /// Seconds that each of the two measurements takes.
    private static let seconds = 1.0
    /// Slow enough that every request finds everything at rest, as in an open loop far from its limits.
    private static let leisurelyRate = 400.0

    /// A generator that waits for a processor for more of the time than this is not alone on the machine: what came
    /// due meanwhile was sent late, and a hundredth of the requests is what p99 tells of.
    private static let quietShare = 0.01
    /// While something else keeps the machine busy it is measured anew, unless so many nanoseconds have passed.
    private static let patience: UInt64 = 5_000_000_000

    let shape: CalibrationShape
    /// Ends the measurement early.
    var interruption = Interruption()

    /// What the generator is able to, from the cache where machine, version and shape are the same.
    ///
    /// - Returns: The calibration; on a busy machine the least disturbed of some.
    /// - Throws: `CancellationError` when it was interrupted: what was measured until then tells nothing.
    static func calibration(
        for shape: CalibrationShape, cache: CalibrationCache, interruption: Interruption = Interruption()
    ) async throws -> CalibratedGenerator {
        if let known = cache.load() { return CalibratedGenerator(shape: shape, calibration: known, isQuiet: true) }
        let start = MonotonicClock.now()
        let calibrator = Calibrator(shape: shape, interruption: interruption)
        var best = try await calibrator.measure()
        while best.waiting >= quietShare, MonotonicClock.now() - start < patience {
            let made = try await calibrator.measure()
            if made.waiting < best.waiting { best = made }
        }
        // What was measured while other work held the processors would be taken for the generator's own limits.
        if best.waiting < quietShare { cache.save(best.calibration) }
        return CalibratedGenerator(
            shape: shape, calibration: best.calibration, isQuiet: best.waiting < quietShare)
    }

    /// Takes about two seconds.
    ///
    /// - Returns: What was measured, and for which share of the time the generator had work and no processor.
    func measure() async throws -> (calibration: Calibration, waiting: Double) {
        try Self.calibration(try await run(.closed), try await run(.constant(rate: Self.leisurelyRate)))
    }

    private static func calibration(
        _ full: LoopReport, _ leisurely: LoopReport
    ) throws(LoadError) -> (calibration: Calibration, waiting: Double) {
        let total = full.tallies[0]
        let failed = [total, leisurely.tallies[0]].reduce(0) { $0 + $1.errorCount - $1.errors[ErrorKind.notSent.index] }
        guard failed == 0, total.answered > 0 else {
            throw .system("\(failed) requests to the null server failed")
        }
        let seconds = Double(max(1, full.end &- full.start)) / 1e9
        let calibration = Calibration(
            ceiling: (Double(total.answered) / seconds).rounded(),
            cpuMicrosecondsPerRequest: Double(full.cpuTime) / 1e3 / Double(max(1, total.answered)),
            jitter: LatencySummary(leisurely.lag), noise: LatencySummary(leisurely.tallies[0].latency.total))
        // Alone at a leisurely rate the generator hardly ever waits for a processor.
        let waiting = Double(leisurely.processorWait) / Double(max(1, leisurely.end &- leisurely.start))
        return (calibration, waiting)
    }

    private func run(_ arrivals: Arrivals) async throws -> LoopReport {
        if interruption.isRaised { throw CancellationError() }
        let server = try await shape.startNullServer(isPrompt: arrivals != .closed)
        do {
            let report = try await run(arrivals, on: server)
            await server.stop()
            return report
        } catch {
            await server.stop()
            throw error
        }
    }

    private func run(_ arrivals: Arrivals, on server: any NullServer) async throws -> LoopReport {
        let target = server.target
        // Hundreds of handshakes at once take their time at both ends, which are in this process.
        let limits = RunLimits(
            connections: shape.connections, streamsPerConnection: shape.streamsPerConnection,
            duration: UInt64(Self.seconds * 1e9), connectTimeout: 60_000_000_000, requestTimeout: 10_000_000_000,
            loops: arrivals == .closed ? shape.eventLoops : 1)
        // The null server's certificate is its own; the connection never leaves this process.
        let transport = TransportOptions(usesHTTP2: shape.wire.usesHTTP2, isInsecure: true)
        let plan = try RunPlan(
            target: target, scenarios: [Scenario(name: "null", steps: [Step(path: "/")])], headers: [],
            arrivals: arrivals, limits: limits, transport: transport)
        let endpoints = try Endpoint.resolve(target)
        guard let endpoint = endpoints.first else { throw LoadError.system("loopback has no address") }
        let control = RunControl(loops: limits.loops)
        let reports = try await transport.engine(for: target, at: endpoint).withSession(for: plan) { session in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await interrupt(control) }
                let reports = try await session.run(control)
                group.cancelAll()
                return reports
            }
        }
        if interruption.isRaised { throw CancellationError() }
        guard let report = LoopReport.merged(reports) else { throw LoadError.system("no event loop ran") }
        return report
    }

    /// Hands an interruption on to the loops, until it is cancelled.
    private func interrupt(_ control: RunControl) async throws {
        while !interruption.isRaised { try await Task.sleep(for: .milliseconds(50)) }
        control.interrupt()
    }
}

/// What a run is judged beside.
struct CalibratedGenerator: Sendable {
    let shape: CalibrationShape
    let calibration: Calibration
    /// Whether the generator had the machine to itself when it was measured.
    let isQuiet: Bool
}
