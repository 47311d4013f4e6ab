/// Puts one agent together from its own part, the preamble and what the plan says elsewhere.
struct AgentBuilder {
    let preamble: PreambleReader
    let planOwnership: PlanOwnershipReader
    /// What the plan forbids every agent.
    let planDenials: [SprintPlan.OwnedFile]

    /// An agent with what the reader doubts about it.
    func build(_ part: AgentPart) -> (agent: SprintPlan.Agent, diagnostics: [SprintPlan.Diagnostic]) {
        var agent = SprintPlan.Agent(id: part.id, title: part.title, line: part.line)
        var diagnostics: [SprintPlan.Diagnostic] = []
        let own = part.prompt
        let filler = PlaceholderFiller(id: part.id, part: own)
        let shared = filled(filler)

        var statements = planOwnership.statements[part.id] ?? []
        var denied = planDenials + (planOwnership.denials[part.id] ?? [])
        var outputs: [SprintPlan.OwnedFile] = []
        var appended: [SprintPlan.OwnedFile] = []
        if let shared {
            let reader = OutputReader(shared.outline, filled: shared.changed)
            outputs += reader.outputs
            appended += reader.shared
            denied += DenialReader(shared.outline, blocks: shared.outline.blocks.indices).paths
        }
        for outline in part.outlines {
            let ownership = OwnershipReader(outline)
            statements += ownership.statements
            diagnostics += ownership.diagnostics
            let denial = DenialReader(outline, blocks: outline.blocks.indices)
            denied += denial.paths
            diagnostics += denial.diagnostics
            let output = OutputReader(outline)
            outputs += output.outputs
            appended += output.shared
            agent.commit = agent.commit ?? CommitReader.commit(in: outline)
        }
        agent.commit = agent.commit ?? planOwnership.commits[part.id]

        let ownership = OwnershipAgreement(statements, agent: part.id)
        agent.owned = ownership.files
        diagnostics += ownership.diagnostics
        agent.deny = Self.paths(denied + agent.owned.flatMap(Self.exceptions))
        agent.outputs = Self.paths(outputs).filter { output in !agent.owned.contains { $0.path == output } }
        appended += agent.owned.filter(\.isAppendOnly)
        agent.append = Self.paths(appended).filter { !agent.outputs.contains($0) }
        agent.prompt = Self.prompt(preamble: shared?.text, own: own)
        return (agent, diagnostics)
    }

    /// What a note takes out of a pattern or a directory: `src/*.py (except src/old.py)`.
    private static func exceptions(of file: SprintPlan.OwnedFile) -> [SprintPlan.OwnedFile] {
        let words = file.note?.words ?? []
        guard file.path.kind != .exact, let note = file.note,
            ["except", "excluding", "without", "minus"].contains(words.first) || words.starts(with: ["but", "not"])
        else { return [] }
        return PathToken.mentions(in: note).map { SprintPlan.OwnedFile(path: $0, line: file.line) }
    }

    /// The preamble for one agent, and the lines in which a placeholder was filled.
    private func filled(
        _ filler: PlaceholderFiller
    ) -> (text: String, outline: PlanOutline, changed: Set<Int>)? {
        guard !preamble.lines.isEmpty else { return nil }
        var changed: Set<Int> = []
        let lines = preamble.lines.map { line in
            let text = filler.fill(String(line.text))
            if text != line.text { changed.insert(line.number) }
            return SourceLine(number: line.number, text: text[...])
        }
        let outline = PlanOutline(MarkdownDocument(lines: lines[...]))
        return (lines.map(\.text).joined(separator: "\n"), outline, changed)
    }

    /// The preamble, a blank line and the agent's own part, unless that holds the preamble already.
    private static func prompt(preamble: String?, own: String) -> String {
        guard let preamble, !own.contains(preamble.trimmed) else { return own }
        return preamble.trimmed("\n") + "\n\n" + own
    }

    /// Each path once; two that differ in case only are one, and the last spelling, the agent's own, is kept.
    private static func paths(_ files: [SprintPlan.OwnedFile]) -> [OwnedPath] {
        var order: [String] = []
        var paths: [String: OwnedPath] = [:]
        for file in files {
            let key = file.path.description.lowercased()
            if paths[key] == nil { order.append(key) }
            paths[key] = file.path
        }
        return order.compactMap { paths[$0] }
    }
}
