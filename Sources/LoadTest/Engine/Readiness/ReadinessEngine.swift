import Foundation

/// Plain HTTP/1.1 on threads of its own, one readiness loop each.
struct ReadinessEngine: LoadEngine {
    let endpoint: Endpoint

    func run(_ plan: RunPlan, control: RunControl) async throws -> [LoopReport] {
        try await withThrowingTaskGroup(of: LoopReport.self) { group in
            for loop in 0..<plan.limits.loops {
                group.addTask { try await Self.runOnThread(plan, loop: loop, endpoint: endpoint, control: control) }
            }
            return try await withTaskCancellationHandler {
                var reports: [LoopReport] = []
                for try await report in group { reports.append(report) }
                return reports
            } onCancel: {
                control.interrupt()
            }
        }
    }

    private static func runOnThread(
        _ plan: RunPlan, loop: Int, endpoint: Endpoint, control: RunControl
    ) async throws -> LoopReport {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                do throws(LoadError) {
                    let readiness = try ReadinessLoop(plan: plan, loop: loop, endpoint: endpoint, control: control)
                    continuation.resume(returning: readiness.run())
                } catch {
                    // The other loops wait for this one before they begin.
                    control.arrive()
                    control.interrupt()
                    continuation.resume(throwing: error)
                }
            }
            thread.name = "load-\(loop)"
            thread.start()
        }
    }
}
