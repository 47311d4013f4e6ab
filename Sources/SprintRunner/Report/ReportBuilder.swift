import Foundation

/// Makes the report of a run from its journal and its branches.
struct ReportBuilder: Sendable {
    let plan: SprintPlan
    let state: RunState
    let judgements: [String: Judge.Judgement]
    let train: Train?

    func report() -> SprintReport {
        let rows = plan.agents.map(row)
        let merged = rows.count { $0.status == .merged }
        let isComplete = merged == rows.count && !(state.setup?.push == true && state.pushed == nil)
        var interruption: String?
        if case .refused(let reason) = state.ending { interruption = reason }
        if state.isStopped, state.ending != .abandoned { interruption = "stopped; go on with `pitwall sprint resume`" }
        if state.landed != nil, let refusal = state.pushRefusal { interruption = "landed but not pushed: \(refusal)" }
        return SprintReport(
            sprint: state.setup?.sprint ?? plan.sprint ?? "", title: plan.title ?? "",
            verdict: verdict(rows, interruption).printable, landed: state.landed, isPushed: state.pushed != nil,
            isComplete: isComplete, isInterrupted: interruption != nil, began: state.began,
            seconds: state.latest.flatMap { end in state.began.map { end.timeIntervalSince($0) } } ?? 0,
            testRounds: state.testRounds, rows: rows, trespasses: state.trespasses)
    }

    private func verdict(_ rows: [SprintReport.Row], _ interruption: String?) -> String {
        let merged = rows.filter { $0.status == .merged }.count
        if let landed = state.landed {
            let pushed = state.pushed != nil ? ", pushed" : ""
            let place = "\(state.setup?.branchName ?? "") at \(landed.short)\(pushed)"
            var sentence = "\(merged) of \(rows.count) agents landed on \(place)."
            let untidy = rows.filter { $0.status == .merged && $0.leftOver != nil }.map(\.agent)
            if !untidy.isEmpty {
                sentence +=
                    " Work of \(untidy.joined(separator: ", ")) that is on no branch was not merged:"
                    + " `pitwall sprint report` names it."
            }
            return interruption.map { "\(sentence) \($0)" } ?? sentence
        }
        if state.ending == .abandoned { return "Nothing landed: the run was given up." }
        if let interruption { return "Nothing landed: \(interruption)" }
        switch state.ending {
        case .testsFailed(let reason): return "Nothing landed: \(reason)"
        case .nothingToLand: return "Nothing landed: no agent has work that can land."
        default: return "In progress."
        }
    }

    private func row(_ agent: SprintPlan.Agent) -> SprintReport.Row {
        let result = state.results[agent.id]
        let judgement = judgements[agent.id]
        return SprintReport.Row(
            agent: agent.id, title: agent.title, status: status(agent), tests: judgement?.tests ?? 0,
            files: judgement?.changes.count ?? 0,
            branch: state.setup?.branches[agent.id].map { String($0.dropFirst("refs/heads/".count)) } ?? "",
            head: result?.head, seconds: result.map { $0.ended.timeIntervalSince($0.started) } ?? 0,
            waited: result?.waited ?? 0, wasLate: state.late.contains(agent.id),
            lastWords: result?.lastWords, leftOver: state.leftOvers[agent.id],
            paths: judgement?.verdicts.filter { ![.owned, .output, .append].contains($0.kind) } ?? [],
            conflicts: train?.conflicts.first { $0.agent == agent.id }?.conflicts ?? [],
            resolutions: train?.cars.first { $0.agent == agent.id }?.resolutions ?? [])
    }

    private func status(_ agent: SprintPlan.Agent) -> SprintReport.Status {
        guard state.results[agent.id] != nil else { return state.started[agent.id] == nil ? .waiting : .running }
        if let refusal = judgements[agent.id]?.refusal { return .blocked(refusal) }
        if let failed = state.uncoupled.first(where: { $0.agent == agent.id }) { return .failed(failed.reason) }
        if let conflicts = train?.conflicts.first(where: { $0.agent == agent.id })?.conflicts {
            let first = conflicts.first.map { conflict in
                "\(conflict.path)" + (conflict.agent.map { " line \($0.line)" } ?? "")
            }
            return .conflict((first ?? "") + (conflicts.count > 1 ? " (and \(conflicts.count - 1) more)" : ""))
        }
        return state.landed != nil ? .merged : .ready
    }
}
