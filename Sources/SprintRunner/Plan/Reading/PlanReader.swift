/// Reads one plan: blocks first, then the agents, then each part of the sprint by a reader of its own.
struct PlanReader {
    private let outline: PlanOutline
    private var plan = SprintPlan()

    static func read(_ text: String) -> SprintPlan {
        var reader = PlanReader(outline: PlanOutline(MarkdownDocument(text)))
        reader.read()
        return reader.plan
    }

    private init(outline: PlanOutline) {
        self.outline = outline
    }

    private mutating func read() {
        defer { plan.diagnostics.sort { ($0.line, $1.severity) < ($1.line, $0.severity) } }
        let header = HeaderReader(outline)
        plan.sprint = header.sprint
        plan.title = header.title
        reportProblems()
        let finder = AgentFinder(outline)
        let (parts, duplicates) = AgentPart.parts(of: finder.definitions)
        plan.diagnostics += finder.diagnostics + duplicates
        let blocks = ownBlocks(without: finder.claimed)
        let roster = AgentRoster(agents: parts.map { ($0.id, $0.title) }, nouns: finder.nouns)
        checkCount(parts)
        guard parts.count <= SprintPlan.mostAgents else { return }
        readAgents(parts, blocks: blocks, roster: roster, finder: finder)
    }

    /// The blocks that belong to no agent.
    private func ownBlocks(without claimed: [Range<Int>]) -> [Int] {
        let claimed = claimed.sorted { $0.lowerBound < $1.lowerBound }
        var next = 0
        var end = 0
        return outline.blocks.indices.filter { index in
            let line = outline.blocks[index].line
            while next < claimed.count, claimed[next].lowerBound <= line {
                end = max(end, claimed[next].upperBound)
                next += 1
            }
            return line >= end
        }
    }

    private mutating func readAgents(_ parts: [AgentPart], blocks: [Int], roster: AgentRoster, finder: AgentFinder) {
        let preamble = PreambleReader(
            outline,
            blocks: blocks,
            firstAgent: parts.map(\.line).min() ?? .max,
            hasCalls: finder.definitions.contains { $0.source == .call }
        )
        plan.preamble = preamble.text
        guard checkSize(of: preamble, for: parts) else { return }
        let inPreamble = Set(preamble.lines.map(\.number))
        let own = blocks.filter { index in
            guard case .fence(let fence) = outline.blocks[index].kind else {
                return !inPreamble.contains(outline.blocks[index].line)
            }
            return !inPreamble.contains(fence.lines.first?.number ?? 0)
        }
        let ownership = PlanOwnershipReader(outline, blocks: own, roster: roster, nouns: finder.nouns)
        let denials = DenialReader(outline, blocks: own)
        plan.diagnostics += preamble.diagnostics + ownership.diagnostics + denials.diagnostics
        let shared = PlanOutline(MarkdownDocument(lines: preamble.lines[...]))
        let sharedDenials = DenialReader(shared, blocks: shared.blocks.indices)
        plan.rules.ownedFilesOnly = denials.forbidsOthers || sharedDenials.forbidsOthers
        plan.diagnostics += sharedDenials.diagnostics
        for line in outline.document.lines { plan.rules.read(line.text) }
        let builder = AgentBuilder(preamble: preamble, planOwnership: ownership, planDenials: denials.paths)
        for part in parts {
            let (agent, diagnostics) = builder.build(part)
            plan.agents.append(agent)
            plan.diagnostics += diagnostics
        }
        readCommands(own)
        readOrder(parts, blocks: own, roster: roster, ownership: ownership)
        plan.diagnostics += PlanLint(plan, parts: parts, lines: outline.document.lines).diagnostics
    }

    /// Every agent gets the preamble, so that a long one for many agents is more than memory holds.
    private mutating func checkSize(of preamble: PreambleReader, for parts: [AgentPart]) -> Bool {
        let size = (preamble.text?.utf8.count ?? 0) * parts.count
        guard size > SprintPlan.largestPrompts else { return true }
        plan.diagnostics.append(
            .init(
                line: preamble.lines.first?.number ?? 1,
                severity: .error,
                code: .tooLarge,
                message: "the preamble for \(parts.count) agents makes \(size) bytes, more than "
                    + "\(SprintPlan.largestPrompts): shorten it"
            )
        )
        return false
    }

    private mutating func readCommands(_ blocks: [Int]) {
        let tests = TestCommandReader(outline, blocks: blocks)
        plan.tests = tests.tests
        let release = ReleaseReader(outline, blocks: blocks)
        plan.tag = release.tag
        plan.push = release.push
        plan.concatenations = release.concatenations
        plan.conflictPolicies = ConflictPolicyReader(outline, blocks: blocks).policies
        plan.diagnostics += tests.diagnostics + release.diagnostics
    }

    private mutating func readOrder(
        _ parts: [AgentPart],
        blocks: [Int],
        roster: AgentRoster,
        ownership: PlanOwnershipReader
    ) {
        let list = MergeListReader(outline, blocks: blocks, roster: roster)
        var prose = ProseOrderReader(roster: roster)
        var dependencies = DependencyReader(roster: roster)
        for (agent, text, line) in ownership.dependencies { dependencies.read(text, of: agent, line: line) }
        for part in parts { dependencies.read(part) }
        plan.diagnostics += dependencies.diagnostics
        prose.readWaves(outline, agents: parts.map { ($0.id, $0.line) })
        for index in blocks {
            for (text, number) in outline.textLines(of: index) { prose.read(text, line: number) }
        }
        let order = OrderReader(
            ids: parts.map(\.id), list: list, dependencies: dependencies.starts, prose: prose)
        plan.mergeOrder = order.mergeOrder
        plan.diagnostics += order.diagnostics
        plan.diagnostics += list.strangers.map { stranger in
            .init(
                line: stranger.line, severity: .warning, code: .unknownAgent,
                message: "the order of merging names \(stranger.name), and the plan has no such agent: "
                    + "give it a heading, or take it out of the order")
        }
        for index in plan.agents.indices {
            plan.agents[index].startsAfter = order.startsAfter[plan.agents[index].id] ?? []
        }
    }

    private mutating func reportProblems() {
        for problem in outline.document.problems {
            let (line, code, message): (Int, SprintPlan.Diagnostic.Code, String) =
                switch problem {
                case .unclosedFence(let line):
                    (line, .unclosedFence, "this fence is never closed, and swallows the rest of the plan: close it")
                case .unclosedPrompt(let line):
                    (line, .unclosedPrompt, "this prompt is never closed: end it with \"\"\" and the call with )")
                case .unclosedComment(let line):
                    (line, .unclosedComment, "this comment is never closed, and hides the rest of the plan: add -->")
                }
            plan.diagnostics.append(.init(line: line, severity: .error, code: code, message: message))
        }
    }

    private mutating func checkCount(_ parts: [AgentPart]) {
        guard parts.count < 2 else {
            guard parts.count > SprintPlan.mostAgents else { return }
            plan.diagnostics.append(
                .init(
                    line: parts[SprintPlan.mostAgents].line,
                    severity: .error,
                    code: .tooManyAgents,
                    message: "the plan has \(parts.count) agents, more than \(SprintPlan.mostAgents): "
                        + "split it into several sprints"
                )
            )
            return
        }
        let isEmpty = outline.document.lines.allSatisfy { $0.text.trimmed.isEmpty }
        let message =
            if isEmpty {
                "the plan is empty: write a heading such as \"### Agent 1: …\" for each of two agents or more"
            } else if let only = parts.first {
                "agent \(only.id) is the only one: a parallel sprint needs two or more; add one, or do without a sprint"
            } else {
                "no agents are found: write a heading such as \"### Agent 1: …\" for each of two agents or more"
            }
        plan.diagnostics.append(
            .init(
                line: parts.first?.line ?? 1,
                severity: .error,
                code: isEmpty ? .empty : .tooFewAgents,
                message: message
            )
        )
    }
}
