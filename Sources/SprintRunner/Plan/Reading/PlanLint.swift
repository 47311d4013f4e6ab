/// Looks for what is allowed and yet costs conflicts later.
///
/// Nothing here refuses a plan.
struct PlanLint {
    private(set) var diagnostics: [SprintPlan.Diagnostic] = []
    private let plan: SprintPlan

    init(_ plan: SprintPlan, parts: [AgentPart], lines: ArraySlice<SourceLine>) {
        self.plan = plan
        findTwoOwners()
        findDeniedOwnership()
        findSharedAppends(lines)
        for (agent, part) in zip(plan.agents, parts) {
            if agent.owned.isEmpty {
                warn(
                    .nothingOwned, agent.line, "agent \(agent.id) owns no file: list its files below \"Files You Own\"")
            }
            for outline in part.outlines { findTasks(outline, agent) }
        }
    }

    private mutating func warn(_ code: SprintPlan.Diagnostic.Code, _ line: Int, _ message: String) {
        diagnostics.append(.init(line: line, severity: .warning, code: code, message: message))
    }

    // MARK: Ownership

    private mutating func findTwoOwners() {
        var owners: [OwnedPath: [(agent: String, line: Int)]] = [:]
        var order: [OwnedPath] = []
        var wide: [(path: OwnedPath, agent: String, line: Int)] = []
        for agent in plan.agents {
            for file in agent.owned {
                if owners[file.path] == nil { order.append(file.path) }
                owners[file.path, default: []].append((agent.id, file.line))
                if file.path.kind != .exact { wide.append((file.path, agent.id, file.line)) }
            }
        }
        for path in order {
            guard let entries = owners[path], let last = entries.last, entries.count > 1 else { continue }
            let names = entries.map(\.agent)
            warn(
                .twoOwners,
                last.line,
                "\(path) is owned by agents \(names.joined(separator: " and ")): \(mend(for: names))"
            )
        }
        // A directory or pattern may hold what another agent owns; pairs are few unless a plan is made to hurt.
        guard wide.count * order.count < 4_000_000 else { return }
        for entry in wide {
            for path in order where path != entry.path && path.overlaps(entry.path) {
                for other in owners[path] ?? [] where other.agent != entry.agent {
                    warn(
                        .twoOwners,
                        max(entry.line, other.line),
                        "\(path) of agent \(other.agent) lies in \(entry.path) of agent \(entry.agent): "
                            + mend(for: [other.agent, entry.agent])
                    )
                }
            }
        }
    }

    private func mend(for names: [String]) -> String {
        let isInTurn = names.dropFirst().allSatisfy { name in
            plan.agent(name)?.startsAfter.contains { names.contains($0) } == true
        }
        return isInTurn
            ? "each starts after the one before, so that both may change it"
            : "give it to one, or let one start after the other"
    }

    private mutating func findDeniedOwnership() {
        for agent in plan.agents {
            // A file taken out of a pattern or a directory contradicts nothing.
            for file in agent.owned
            where agent.deny.contains(where: {
                $0.overlaps(file.path) && !($0.kind == .exact && file.path.kind != .exact)
            }) {
                let isDenied = agent.deny.contains { $0.kind >= file.path.kind && $0.overlaps(file.path) }
                let holds = isDenied ? "the denial holds" : "ownership holds"
                warn(
                    .ownedAndDenied,
                    file.line,
                    "agent \(agent.id) owns \(file.path) and must not touch it; \(holds): take it from one of the lists"
                )
            }
        }
    }

    private mutating func findSharedAppends(_ lines: ArraySlice<SourceLine>) {
        guard plan.agents.count > 1, let first = plan.agents.first else { return }
        for path in first.append + first.outputs
        where plan.agents.dropFirst().allSatisfy({ ($0.append + $0.outputs).contains(path) }) {
            let line = lines.first { $0.text.contains(path.description) }?.number ?? first.line
            warn(
                .sharedAppend,
                line,
                "all agents append to \(path): a file for each agent, joined after the merge, cannot conflict"
            )
        }
    }

    // MARK: Tasks

    /// Tasks that name a file which is not the agent's.
    private mutating func findTasks(_ outline: PlanOutline, _ agent: SprintPlan.Agent) {
        var named: Set<String> = []
        for (index, block) in outline.blocks.enumerated() {
            let isTask = outline.nearestRoles(above: index).contains(.tasks)
            switch block.kind {
            case .heading(let level, let text)
            where TaskLine.isTask(text[...]) || (level == .plain && TaskLine.startsWithVerb(text[...])):
                check(text, agent, line: block.line, &named)
            case .item(_, let indent, let text) where (isTask && indent == 0) || TaskLine.isTask(text[...]):
                check(text, agent, line: block.line, &named)
            case .paragraph(let lines):
                for line in lines where TaskLine.isTask(line.text) || TaskLine.startsWithVerb(line.text) {
                    check(String(line.text), agent, line: line.number, &named)
                }
            default: break
            }
        }
    }

    private mutating func check(_ text: String, _ agent: SprintPlan.Agent, line: Int, _ named: inout Set<String>) {
        for path in TaskLine.objects(in: text) where named.insert(path.description).inserted {
            let name = path.description
            switch agent.claim(on: name) {
            case .owned, .output, .append: continue
            case .denied, .unclaimed: break
            }
            // A bare name or the end of a path may mean a file that is owned.
            let owned = agent.owned.map(\.path) + agent.outputs + agent.append
            if owned.contains(where: { $0.description.hasSuffix("/" + name) || $0.overlaps(path) }) { continue }
            let owner = plan.agents.first { $0.id != agent.id && $0.claim(on: name) == .owned }
            let whose = owner.map { "agent \($0.id) owns" } ?? "agent \(agent.id) does not own"
            warn(
                .taskOutsideOwnership,
                line,
                "a task of agent \(agent.id) names \(name), which \(whose): add it to the agent's files or drop the task"
            )
        }
    }
}
