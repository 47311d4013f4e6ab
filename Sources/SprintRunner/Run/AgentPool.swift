import Foundation

/// Runs all agents of a plan, so many at a time, each after those that it extends.
struct AgentPool: Sendable {
    let run: SprintRun

    /// Returns when every agent has a result.
    func gather() async throws {
        let state = await run.journal.state
        guard !state.isGathered else { return }
        var waiting = run.plan.agents.filter { state.results[$0.id] == nil }
        var done = Set(state.results.keys)
        let began = Date()
        try await withThrowingTaskGroup(of: String.self) { group in
            var running = 0
            while !waiting.isEmpty || running > 0 {
                while running < run.setup.jobs,
                    let index = waiting.firstIndex(where: { done.isSuperset(of: $0.startsAfter) })
                {
                    let agent = waiting.remove(at: index)
                    let waited = Date().timeIntervalSince(began)
                    running += 1
                    group.addTask {
                        try await start(agent, waited: waited)
                        return agent.id
                    }
                }
                guard let finished = try await group.next() else { break }
                done.insert(finished)
                running -= 1
            }
        }
    }

    private func start(_ agent: SprintPlan.Agent, waited: Double) async throws {
        let runner = AgentRunner(
            repository: run.repository, setup: run.setup, directory: run.directory, worktrees: run.worktrees,
            journal: run.journal, report: run.report)
        switch try await base(of: agent) {
        case .success(let base):
            _ = try await runner.run(agent, base: base, waited: waited)
        case .failure(let missing):
            let now = Date()
            let reason = "it starts after \(missing.agent), which did not get ready"
            try await run.journal.write(
                .ended(
                    AgentResult(
                        agent: agent.id, ending: .exited(0), head: nil, blocked: reason, started: now, ended: now,
                        waited: waited)))
            run.report(.ended(agent: agent.id, outcome: "not started: \(reason)"))
        }
    }

    private struct NotReady: Error {
        var agent: String
    }

    /// The commit that an agent starts from: the run's base, with the work of the agents that it extends.
    private func base(of agent: SprintPlan.Agent) async throws -> Result<ObjectID, NotReady> {
        guard !agent.startsAfter.isEmpty else { return .success(run.setup.base) }
        let state = await run.journal.state
        if let base = state.bases[agent.id] { return .success(base) }
        let needed = predecessors(of: agent)
        let judgements = try await run.judgements()
        if let missing = needed.first(where: { judgements[$0]?.candidate == nil }) {
            return .failure(NotReady(agent: missing))
        }
        let train = try await run.evaluation.train(
            on: run.setup.base, judgements.filter { needed.contains($0.key) }, joining: false)
        if let conflict = train.conflicts.first { return .failure(NotReady(agent: conflict.agent)) }
        return .success(train.head)
    }

    /// The agents that have to be done before, and those before them.
    private func predecessors(of agent: SprintPlan.Agent) -> [String] {
        var found: Set<String> = []
        var open = agent.startsAfter
        while let next = open.popLast() {
            guard found.insert(next).inserted else { continue }
            open += run.plan.agent(next)?.startsAfter ?? []
        }
        return run.plan.mergeOrder.joined().filter { found.contains($0) }
    }
}
