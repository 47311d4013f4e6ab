import LatencyComparison
import LatencyHistogram

/// Looks for signs that a run's numbers are not the target's own.
struct RunCheck {
    /// Loops that are busy for more of the time than this cannot have read every response when it came.
    private static let busyShare = 0.9
    /// Near its calibrated ceiling and this busy, the generator is the limit.
    private static let ceilingShare = 0.9
    private static let busyAtCeiling = 0.7
    /// Threads that wait for a processor for more of the time than this share the machine with other work.
    private static let waitShare = 0.02
    /// A percentile of which the generator's own noise is more than this share is not the target's; noise of less than
    /// a millisecond condemns nothing.
    private static let noiseShare = 0.5
    private static let smallNoise = 1.0

    /// Signs that the generator was the limit.
    private(set) var generatorBound: [String] = []
    /// Signs that something else on the machine was.
    private(set) var disturbed: [String] = []
    /// Signs that another run would give other numbers, which may be the target's doing.
    private(set) var unstable: [String] = []
    private(set) var notes: [String] = []
    private let names: String
    private let isCalibrated: Bool
    private let seconds: Double
    /// The shares of the time that the loops were busy, and ready without a processor.
    private let busy: Double
    private let waiting: Double

    init(plan: RunPlan, report: LoopReport, generator: CalibratedGenerator?) {
        let total = report.tallies.reduce(into: StepTally(start: report.start)) { $0.merge($1) }
        names = plan.journeys.map(\.name).joined(separator: "+")
        isCalibrated = generator != nil
        seconds = Double(max(1, report.end &- report.start)) / 1e9
        let time = seconds * 1e9 * Double(plan.limits.loops)
        busy = Double(report.cpuTime) / time
        waiting = Double(report.processorWait) / time
        checkProcessor()
        checkCeiling(rate: Double(total.answered) / seconds, generator?.calibration)
        checkNoise(total, generator)
        checkLag(report, total)
        checkRate(plan, total)
        checkLittle(plan, total)
        checkDrift(total)
        checkCount(total)
        if let most = report.streamLimit {
            notes.append(
                "\(names): the target takes \(most) \(most == 1 ? "request" : "requests") at once on a connection, not "
                    + "\(plan.limits.streamsPerConnection); the others waited for their turn, and that is in their "
                    + "latency. Lower --streams")
        }
        // A connection that ended before it was needed is no request that failed.
        let failed = total.errors[ErrorKind.tlsFailed.index] + total.errors[ErrorKind.malformed.index]
        if let failure = report.handshakeFailure, failed > 0 {
            notes.append("\(names): \(failure.advice(for: plan.target))")
        }
    }

    /// Whether the numbers are worse than the target's own.
    var hidesTarget: Bool { !generatorBound.isEmpty || !disturbed.isEmpty }

    /// The stamp on a result of several runs.
    static func validity(_ checks: [RunCheck], wasInterrupted: Bool) -> Validity {
        let bound = checks.flatMap(\.generatorBound)
        var unstable = checks.flatMap { $0.disturbed + $0.unstable }
        if wasInterrupted { unstable.append("the run was interrupted before its end") }
        let isCalibrated = checks.allSatisfy(\.isCalibrated)
        return Validity(
            stamp: !bound.isEmpty ? .generatorBound : !unstable.isEmpty ? .unstable : .valid,
            reasons: bound + unstable,
            notes: (isCalibrated
                ? [] : ["not calibrated: what the generator itself adds to these numbers is not known"])
                + checks.flatMap(\.notes))
    }

    private mutating func checkProcessor() {
        guard busy > Self.busyShare, seconds >= 1 else { return }
        generatorBound.append("\(names): the generator's event loops were busy \(busy.percent) of the time")
    }

    /// The ceiling was measured on a machine that may have been busier then: it counts only where the loops are busy too.
    private mutating func checkCeiling(rate: Double, _ calibration: Calibration?) {
        guard let calibration, calibration.ceiling > 0, rate > Self.ceilingShare * calibration.ceiling,
            busy > Self.busyAtCeiling
        else { return }
        generatorBound.append(
            "\(names): \(Int(rate)) requests a second are \((rate / calibration.ceiling).percent) of what the generator "
                + "makes against a server that does nothing, and its event loops were busy \(busy.percent) of the time")
    }

    /// What is more the generator's than the target's says nothing of the target. A calibration that was disturbed may
    /// make the noise too large; then it is not known how large it is.
    private mutating func checkNoise(_ total: StepTally, _ generator: CalibratedGenerator?) {
        guard let generator else { return }
        let (latency, noise) = (LatencySummary(total.latency.total), generator.calibration.noise)
        let drowned = [
            ("p50", latency.p50, noise.p50), ("p95", latency.p95, noise.p95), ("p99", latency.p99, noise.p99),
        ]
        .compactMap { name, value, noise -> String? in
            guard let value, let noise, noise > Self.smallNoise, noise > Self.noiseShare * value else { return nil }
            return "\(noise.fixed(2)) of \(value.fixed(2)) ms at \(name)"
        }
        guard !drowned.isEmpty else { return }
        let share = "\(names): the generator's own noise is \(drowned.joined(separator: ", "))"
        if generator.isQuiet {
            generatorBound.append(share)
        } else {
            disturbed.append("\(share); it was calibrated while something else kept the machine busy")
        }
    }

    /// Sending late is in the latency; it must be small beside it. Late for want of a processor is not the generator's
    /// limit but the machine's: another run, on a quieter machine, would give other numbers.
    private mutating func checkLag(_ report: LoopReport, _ total: StepTally) {
        guard let lag = report.lag.quantile(0.99), let latency = total.latency.total.quantile(0.99),
            lag > 5_000_000, lag > 0.2 * latency
        else { return }
        let late =
            "\(names): requests were sent up to \(milliseconds(lag)) ms late at p99, where the latency is "
            + "\(milliseconds(latency)) ms"
        if waiting > Self.waitShare, busy < Self.busyAtCeiling {
            disturbed.append(
                "\(late); the generator had work and no processor \(waiting.percent) of the time: something else keeps "
                    + "the machine busy")
        } else {
            generatorBound.append(late)
        }
    }

    /// A rate that was not reached with all connections in use is the target's doing, and the latencies show it.
    private mutating func checkRate(_ plan: RunPlan, _ total: StepTally) {
        let unsent = total.errors[ErrorKind.notSent.index]
        guard let asked = plan.arrivals.rate, unsent > 0 else { return }
        notes.append(
            "\(names): \(Int((Double(total.sent) / seconds).rounded())) of \(Int(asked)) requests a second were sent; all "
                + "\(plan.limits.slots) connections waited for answers. \(unsent) requests were never sent. If the target "
                + "should bear more at once, raise --concurrency")
    }

    /// Little's law: in a closed loop, rate times latency is the number of connections. Less means that requests
    /// waited in the generator unseen.
    private mutating func checkLittle(_ plan: RunPlan, _ total: StepTally) {
        guard plan.arrivals == .closed, plan.limits.requests == nil, seconds >= 1, total.answered >= 100,
            total.errorCount * 100 <= total.finished
        else { return }
        let inside = Double(total.latency.total.sum) / 1e9 / seconds
        let expected = Double(plan.limits.slots)
        guard inside < 0.8 * expected else { return }
        unstable.append(
            "\(names): by Little's law \(inside.rounded(places: 1)) of \(plan.limits.slots) connections were in use; the "
                + "rest of the time was lost between requests")
    }

    /// Latencies that rise or fall all along: the numbers depend on how long the run was.
    private mutating func checkDrift(_ total: StepTally) {
        let medians = total.latency.blocks.dropLast().compactMap { $0.quantile(0.5) }
        guard let trend = Trend(medians), trend.isCertain, abs(trend.relativeChange) > 0.5 else { return }
        unstable.append(
            "\(names): the median \(trend.relativeChange > 0 ? "rose" : "fell") by \(abs(trend.relativeChange).percent) "
                + "from the run's start to its end")
    }

    /// A percentile that fewer requests than one lie beyond is the slowest request, and no percentile.
    private mutating func checkCount(_ total: StepTally) {
        let few = [("p95", 20), ("p99", 100)].filter { total.answered < $0.1 }.map(\.0)
        guard total.answered > 0, !few.isEmpty else { return }
        notes.append(
            "\(names): \(total.answered) \(total.answered == 1 ? "answer is" : "answers are") too few for \(few.joined(separator: " and ")); what stands there is "
                + "the slowest of them")
    }
}
