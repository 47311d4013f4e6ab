import LatencyHistogram

/// Runs one plan, watches it, and stops it early when there is no use in going on.
struct PhaseRunner {
    struct Outcome {
        let report: LoopReport
        let stopReason: String?
    }

    /// A run in which everything failed is given up after so many seconds and requests.
    private static let patience: UInt64 = 3_000_000_000
    private static let patientRequests: UInt64 = 10

    let plan: RunPlan
    let session: any EngineSession
    let interruption: Interruption
    let observe: @Sendable (LoadProgress) -> Void

    func run() async throws -> Outcome {
        let control = RunControl(loops: plan.limits.loops)
        return try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask { try await watch(control) }
            let reports = try await session.run(control)
            group.cancelAll()
            let reason = try await group.next() ?? nil
            guard let report = LoopReport.merged(reports) else { throw LoadError.system("no event loop ran") }
            return Outcome(report: report, stopReason: reason)
        }
    }

    /// Looks at the run four times a second until it is cancelled; tells why it was stopped, if it was.
    private func watch(_ control: RunControl) async throws -> String? {
        var reason: String?
        var last = (time: UInt64(0), finished: UInt64(0))
        while !Task.isCancelled {
            if interruption.isRaised {
                control.interrupt()
                reason = reason ?? "interrupted"
            }
            // Throws when the run is over, which ends the watch.
            guard (try? await Task.sleep(for: .milliseconds(interruption.isRaised ? 50 : 250))) != nil else { break }
            guard let start = control.start else { continue }
            let now = MonotonicClock.now()
            let snapshot = control.snapshot()
            if last.time == 0 { last.time = start }
            if now > last.time { observe(progress(snapshot, start: start, now: now, last: last)) }
            last = (now, snapshot.finished)
            if reason == nil, now > start, now - start > Self.patience, let failure = hopeless(snapshot) {
                reason = "\(names): stopped early, all \(snapshot.finished) requests failed (\(failure))"
                control.interrupt()
            }
        }
        return reason
    }

    private func progress(
        _ snapshot: LoopSnapshot, start: UInt64, now: UInt64, last: (time: UInt64, finished: UInt64)
    ) -> LoadProgress {
        let elapsed = now > start ? now - start : 0
        let remaining = plan.limits.duration > elapsed ? plan.limits.duration - elapsed : 0
        let finished = snapshot.finished >= last.finished ? snapshot.finished - last.finished : 0
        return LoadProgress(
            scenario: names, elapsedSeconds: Double(elapsed) / 1e9, remainingSeconds: Double(remaining) / 1e9,
            rate: Double(finished) * 1e9 / Double(now - last.time),
            p50: snapshot.recent.quantile(0.5).map(milliseconds), p99: snapshot.recent.quantile(0.99).map(milliseconds),
            count: snapshot.finished, errorCount: snapshot.errors)
    }

    private var names: String { plan.journeys.map(\.name).joined(separator: "+") }

    private func hopeless(_ snapshot: LoopSnapshot) -> String? {
        guard snapshot.finished >= Self.patientRequests, snapshot.errors >= snapshot.finished else { return nil }
        let kinds = ErrorKind.allCases.max { snapshot.errorsByKind[$0.index] < snapshot.errorsByKind[$1.index] }
        return kinds == .status ? "unexpected status" : kinds?.rawValue
    }
}
