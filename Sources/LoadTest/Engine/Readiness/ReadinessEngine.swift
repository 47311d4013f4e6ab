import Foundation

/// Plain HTTP/1.1 on threads of its own, one readiness loop each.
struct ReadinessEngine: LoadEngine {
    let endpoint: Endpoint

    func session(for plan: RunPlan) async throws -> any EngineSession {
        ReadinessSession(
            loops: try (0..<plan.limits.loops).map { index throws(LoadError) in
                LoopBox(try ReadinessLoop(plan: plan, loop: index, endpoint: endpoint))
            })
    }
}

/// Holds a loop that cannot be copied.
private final class LoopBox {
    var loop: ReadinessLoop

    init(_ loop: consuming ReadinessLoop) {
        self.loop = loop
    }
}

/// The loops of a plan with their connections.
///
/// Unchecked, because loops are not Sendable: each is used by one thread at a time, the one of the run under way. Runs
/// follow one another, and a run has returned only after its threads told that they are done with their loops.
private final class ReadinessSession: EngineSession, @unchecked Sendable {
    private let loops: [LoopBox]

    init(loops: [LoopBox]) {
        self.loops = loops
    }

    func run(_ control: RunControl) async throws -> [LoopReport] {
        await withTaskCancellationHandler {
            await withTaskGroup(of: LoopReport.self) { group in
                for index in loops.indices {
                    group.addTask { await self.runOnThread(index, control) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
        } onCancel: {
            control.interrupt()
        }
    }

    private func runOnThread(_ index: Int, _ control: RunControl) async -> LoopReport {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: self.loops[index].loop.run(control)) }
            thread.name = "load-\(index)"
            thread.start()
        }
    }

    func end() {
        for box in loops { box.loop.closeAll() }
    }
}
