/// What a run's journal and its branches come to: a judgement of each agent, and the train of those that may land.
struct RunEvaluation: Sendable {
    let plan: SprintPlan
    let setup: RunSetup
    let store: ObjectStore
    let state: RunState

    /// What may land of each agent that has ended.
    func judgements() async throws -> [String: Judge.Judgement] {
        try await store.open { objects in
            let judge = Judge(plan: plan, objects: objects, setup: setup)
            var judgements: [String: Judge.Judgement] = [:]
            for agent in plan.agents {
                guard let result = state.results[agent.id] else { continue }
                let base = state.bases[agent.id] ?? setup.base
                judgements[agent.id] = try await judge.judge(
                    agent, result, base: base, trespasses: state.trespasses, leftOver: state.leftOvers[agent.id])
            }
            return judgements
        }
    }

    /// Merges what may land, in the plan's order, without the agents whose merges broke the tests.
    ///
    /// - Parameter joining: whether the plan's concatenations are made too.
    func train(
        on target: ObjectID, _ judgements: [String: Judge.Judgement], joining: Bool = true
    ) async throws -> Train {
        let left = Set(state.uncoupled.map(\.agent))
        let candidates = plan.mergeOrder.joined().compactMap { left.contains($0) ? nil : judgements[$0]?.candidate }
        return try await store.open { objects in
            let builder = TrainBuilder(
                objects: objects, signature: setup.signature, sprint: setup.sprint,
                concatenations: joining ? plan.concatenations.map(Concatenation.init) : [])
            return try await builder.build(on: target, candidates)
        }
    }
}
