/// Decides from an agent's branch alone, never from its words, whether it may land.
struct Judge {
    /// The outcome for one agent.
    struct Judgement: Sendable {
        var changes: [TreeChange] = []
        var verdicts: [PathVerdict] = []
        var tests = 0
        /// Why the agent does not land; `nil` when it does.
        var refusal: String?
        var candidate: MergeCandidate?
    }

    let plan: SprintPlan
    let objects: ObjectSession
    let setup: RunSetup

    func judge(
        _ agent: SprintPlan.Agent, _ result: AgentResult, base: ObjectID, trespasses: [Trespass],
        leftOver: LeftOver? = nil
    ) async throws -> Judgement {
        var judgement = Judgement()
        guard let head = result.head else {
            judgement.refusal = result.blocked ?? "its branch is gone"
            return judgement
        }
        guard head != base else {
            judgement.refusal =
                result.blocked ?? Self.failure(of: result)
                ?? "it made no commit" + (leftOver.map { ", and left \($0.description)" } ?? "")
            return judgement
        }
        guard try await objects.git.isAncestor(base, of: head) else {
            judgement.refusal = "its branch no longer holds the commit it started from, \(base.short)"
            return judgement
        }
        judgement.changes = try await objects.changes(
            from: objects.tree(of: base), to: objects.tree(of: head))
        judgement.verdicts = try await Ownership(plan: plan, objects: objects).judge(
            agent, judgement.changes, base: base)
        judgement.tests = try await TestCaseCounter.added(by: judgement.changes, in: objects)
        if let reason = result.blocked ?? Self.failure(of: result) {
            judgement.refusal = reason
        } else if let damage = try await BranchObjects(git: objects.git).damage(from: base, to: head) {
            judgement.refusal = "its commits are damaged: \(damage)"
        } else if !setup.allow.contains(agent.id) {
            let violations = judgement.verdicts.filter { $0.kind == .violation }
                .map { "\($0.path): \($0.reason ?? "against the rules")" }
            let broken = trespasses.filter { $0.agent == agent.id && $0.isViolation }.map(\.text)
            if let first = (violations + broken).first {
                let more = violations.count + broken.count - 1
                judgement.refusal = "violation: \(first)" + (more > 0 ? " (and \(more) more)" : "")
            }
        }
        guard judgement.refusal == nil else { return judgement }
        guard !judgement.changes.isEmpty else {
            judgement.refusal = "its commits change nothing"
            return judgement
        }
        judgement.candidate = MergeCandidate(
            agent: agent.id, title: agent.title, base: base, head: head, changes: judgement.changes,
            appendPaths: Set(judgement.changes.map(\.path).filter { path in isAppended(path, by: agent) }),
            keepsBothAdditions: Policy(plan).keepsBoth)
        return judgement
    }

    private func isAppended(_ path: TreePath, by agent: SprintPlan.Agent) -> Bool {
        agent.claim(on: path.text) == .append
            || agent.owned.contains { $0.isAppendOnly && $0.path.matches(path.text) }
    }

    private static func failure(of result: AgentResult) -> String? {
        result.ending == .exited(0) ? nil : "\(result.ending)"
    }
}

/// What the plan says about conflicts that it foresees.
private struct Policy: Sendable {
    private let policies: [SprintPlan.ConflictPolicy]

    init(_ plan: SprintPlan) {
        policies = plan.conflictPolicies
    }

    /// Whether additions of two agents at one place of a file are both kept.
    ///
    /// A policy that names a file holds for that file; one that names a symbol, or nothing, holds for every file, as
    /// the symbol's file is not told.
    @Sendable func keepsBoth(_ path: TreePath) -> Bool {
        policies.contains { policy in
            guard policy.resolution != .described else { return false }
            guard let subject = policy.subject, let owned = OwnedPath(subject), subject.contains(".") else {
                return true
            }
            return owned.matches(path.text) || path.name == subject
        }
    }
}
