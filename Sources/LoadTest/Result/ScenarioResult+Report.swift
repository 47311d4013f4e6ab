import LatencyHistogram

extension ScenarioResult {
    /// The results of a plan's scenarios, in the plan's order.
    static func all(of plan: RunPlan, from report: LoopReport) -> [ScenarioResult] {
        plan.journeys.map { journey in
            ScenarioResult(journey, requests: plan.requests, report: report)
        }
    }

    private init(_ journey: Journey, requests: [PreparedRequest], report: LoopReport) {
        let tallies = report.tallies[journey.requests]
        var total = StepTally(start: report.start)
        for tally in tallies { total.merge(tally) }
        let seconds = Double(max(1, report.end &- report.start)) / 1e9
        let histogram = total.latency.total
        scenario = journey.name
        latency = LatencySummary(histogram)
        count = total.finished
        errorCount = total.errorCount
        requestsPerSecond = (Double(total.answered) / seconds * 1_000).rounded() / 1_000
        durationSeconds = (seconds * 1_000).rounded() / 1_000
        answered = total.answered
        sent = total.sent
        repeated = total.repeated
        bytesReceived = total.bytesReceived
        bytesSent = total.bytesSent
        statusClasses = [:]
        for (index, count) in total.statusClasses.enumerated() where count > 0 {
            statusClasses[index == 0 ? "other" : "\(index)xx"] = count
        }
        errors = [:]
        for kind in ErrorKind.allCases where total.errors[kind.index] > 0 {
            errors[kind.rawValue] = total.errors[kind.index]
        }
        service = LatencySummary(total.service)
        firstByte = LatencySummary(total.firstByte)
        connect = LatencySummary(report.connect)
        scheduleLag = LatencySummary(report.lag)
        steps =
            tallies.count < 2
            ? []
            : zip(requests[journey.requests], tallies).map { request, tally in
                StepResult(
                    step: request.name, latency: LatencySummary(tally.latency.total), count: tally.finished,
                    errorCount: tally.errorCount)
            }
        self.histogram = histogram
        blocks = LatencyBlocks(
            seconds: Double(total.latency.blockLength) / 1e9, histograms: total.latency.blocks,
            errors: total.latency.errors)
    }
}
