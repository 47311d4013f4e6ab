import LatencyHistogram

/// Looks for signs that a run's numbers are not the target's own.
struct RunCheck {
    private(set) var generatorBound: [String] = []
    private(set) var unstable: [String] = []
    private(set) var notes: [String] = []

    init(plan: RunPlan, report: LoopReport, calibration: Calibration?) {
        let total = report.tallies.reduce(into: StepTally(start: report.start)) { $0.merge($1) }
        let seconds = Double(max(1, report.end &- report.start)) / 1e9
        let rate = Double(total.answered) / seconds
        let names = plan.journeys.map(\.name).joined(separator: "+")
        checkProcessor(names, report, seconds: seconds, loops: plan.limits.loops)
        checkCeiling(names, rate: rate, calibration)
        checkLag(names, report, total)
        checkRate(names, plan, total, seconds: seconds)
        checkLittle(names, plan, total, report, seconds: seconds)
        checkDrift(names, total)
    }

    /// The stamp on a result of several runs.
    static func validity(_ checks: [RunCheck], wasInterrupted: Bool) -> Validity {
        let bound = checks.flatMap(\.generatorBound)
        var unstable = checks.flatMap(\.unstable)
        if wasInterrupted { unstable.append("the run was interrupted before its end") }
        return Validity(
            stamp: !bound.isEmpty ? .generatorBound : !unstable.isEmpty ? .unstable : .valid,
            reasons: bound + unstable, notes: checks.flatMap(\.notes))
    }

    /// A loop that never rests cannot have read its responses when they came.
    private mutating func checkProcessor(_ names: String, _ report: LoopReport, seconds: Double, loops: Int) {
        let busy = Double(report.cpuTime) / 1e9 / seconds / Double(loops)
        guard busy > 0.9, seconds >= 1 else { return }
        generatorBound.append("\(names): the generator's event loops were busy \(busy.percent) of the time")
    }

    private mutating func checkCeiling(_ names: String, rate: Double, _ calibration: Calibration?) {
        guard let calibration, calibration.ceiling > 0, rate > 0.9 * calibration.ceiling else { return }
        generatorBound.append(
            "\(names): \(Int(rate)) requests a second are \((rate / calibration.ceiling).percent) of what the generator "
                + "makes against a server that does nothing")
    }

    /// Sending late is in the latency; it must be small beside it.
    private mutating func checkLag(_ names: String, _ report: LoopReport, _ total: StepTally) {
        guard let lag = report.lag.quantile(0.99), let latency = total.latency.total.quantile(0.99),
            lag > 5_000_000, lag > 0.2 * latency
        else { return }
        generatorBound.append(
            "\(names): requests were sent up to \(milliseconds(lag)) ms late at p99, where the latency is "
                + "\(milliseconds(latency)) ms")
    }

    /// A rate that was not reached with all connections in use is the target's doing, and the latencies show it.
    private mutating func checkRate(_ names: String, _ plan: RunPlan, _ total: StepTally, seconds: Double) {
        let unsent = total.errors[ErrorKind.notSent.index]
        guard let asked = plan.arrivals.rate, unsent > 0 else { return }
        notes.append(
            "\(names): \(Int((Double(total.sent) / seconds).rounded())) of \(Int(asked)) requests a second were sent; all "
                + "\(plan.limits.slots) connections waited for answers. \(unsent) requests were never sent. If the target "
                + "should bear more at once, raise --concurrency")
    }

    /// Little's law: in a closed loop, rate times latency is the number of connections. Less means that requests
    /// waited in the generator unseen.
    private mutating func checkLittle(
        _ names: String, _ plan: RunPlan, _ total: StepTally, _ report: LoopReport, seconds: Double
    ) {
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
    private mutating func checkDrift(_ names: String, _ total: StepTally) {
        let medians = total.latency.blocks.dropLast().compactMap { $0.quantile(0.5) }
        guard let trend = Trend(medians), trend.isCertain, abs(trend.relativeChange) > 0.5 else { return }
        unstable.append(
            "\(names): the median \(trend.relativeChange > 0 ? "rose" : "fell") by \(abs(trend.relativeChange).percent) "
                + "from the run's start to its end")
    }
}

extension Double {
    var percent: String { "\((self * 1_000).rounded() / 10) %" }

    func rounded(places: Int) -> Double {
        var factor = 1.0
        for _ in 0..<places { factor *= 10 }
        return (self * factor).rounded() / factor
    }
}
