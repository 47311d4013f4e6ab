/// Finds every place that introduces an agent.
struct AgentFinder {
    private let outline: PlanOutline
    /// What the plan calls its builders.
    let nouns: [String]
    private(set) var definitions: [AgentDefinition] = []
    private(set) var diagnostics: [SprintPlan.Diagnostic] = []
    /// The lines that belong to some agent, so that the rest is the plan's own.
    private(set) var claimed: [Range<Int>] = []

    /// True where headings below "Agents" are taken without the noun: `### 55-A: Export`.
    private var takesBareIDs = false

    /// Sections that speak about agents instead of introducing them.
    private static let aboutAgents: Set<SectionRole> = [.ownership, .denial, .order, .report, .afterAgents]

    init(_ outline: PlanOutline) {
        self.outline = outline
        nouns = Self.nouns(of: outline)
        findHeadings(skipping: Self.aboutAgents)
        if count < 2 { findHeadings(skipping: []) }
        if count < 2 { findRows() }
        if count < 2 { findLines() }
        if count < 2 { findItems(skipping: [.order, .report, .afterAgents, .ownership, .denial]) }
        if count < 2 { findItems(skipping: [.order, .report, .afterAgents]) }
        if count < 2 {
            takesBareIDs = true
            findHeadings(skipping: Self.aboutAgents)
        }
    }

    private var count: Int { Set(definitions.map { AgentID.key($0.id) }).count }

    /// "Agent" when the plan has such headings, else the first other noun that heads two sections.
    private static func nouns(of outline: PlanOutline) -> [String] {
        let headings = outline.blocks.indices.compactMap { outline.heading($0)?.text }
        let agents = AgentHeading.nouns[0]
        if headings.contains(where: { AgentHeading($0, nouns: agents) != nil }) { return agents }
        return AgentHeading.nouns.dropFirst().first { nouns in
            headings.lazy.filter { AgentHeading($0, nouns: nouns) != nil }.prefix(2).count == 2
        } ?? agents
    }

    // MARK: Headings and calls

    private mutating func findHeadings(skipping roles: Set<SectionRole>) {
        definitions = []
        claimed = []
        diagnostics = []
        var index = 0
        var current: (heading: AgentHeading, end: Int)?
        while index < outline.blocks.count {
            if let open = current, index >= open.end { current = nil }
            let block = outline.blocks[index]
            switch block.kind {
            case .heading:
                if let heading = introduced(at: index, skipping: roles),
                    current.map({ AgentID.key($0.heading.id) }) != AgentID.key(heading.id)
                {
                    let end = sectionEnd(of: index, skipping: roles)
                    add(heading, at: index, end: end)
                    current = (heading, end)
                }
            case .fence(let fence): addCalls(in: fence, at: index, current?.heading)
            default: break
            }
            index += 1
        }
    }

    private mutating func add(_ heading: AgentHeading, at index: Int, end: Int) {
        let first = outline.blocks[index].line
        let after = outline.endLine(of: (index + 1)..<end)
        var definition = AgentDefinition(
            id: heading.id,
            title: heading.title,
            source: .heading(heading.form),
            line: first,
            section: outline.parent(of: index).map { outline.blocks[$0].line } ?? 0,
            body: outline.lines((first + 1)..<after)
        )
        definition.heading = outline.lines(first..<(first + 1)).first?.text
        definitions.append(definition)
        claimed.append(first..<after)
    }

    private mutating func addCalls(in fence: MarkdownFence, at index: Int, _ heading: AgentHeading?) {
        let calls = TaskCall.calls(in: fence)
        for call in calls {
            let named = Self.heading(in: call, nouns: nouns)
            let id: String
            if calls.count == 1, let heading {
                id = heading.id
            } else if let named {
                id = named.id
            } else {
                id = String(definitions.count { $0.source == .call } + 1)
                diagnostics.append(
                    .init(
                        line: call.line,
                        severity: .warning,
                        code: .inferredAgent,
                        message: "this prompt names no agent: taken as agent \(id); "
                            + "put a heading such as \"### Agent \(id): …\" above it"
                    )
                )
            }
            var definition = AgentDefinition(
                id: id,
                title: Self.title(of: call) ?? named?.title ?? "",
                source: .call,
                line: call.line,
                section: 0,
                body: call.lines
            )
            definition.callPrompt = call.prompt
            definitions.append(definition)
        }
        if !calls.isEmpty, let first = fence.lines.first, let last = fence.lines.last {
            claimed.append(first.number..<(last.number + 1))
        }
    }

    /// The agent that a call names in its description, its prompt's first headings or "You are Agent A".
    private static func heading(in call: TaskCall, nouns: [String]) -> AgentHeading? {
        for name in ["description", "name"] {
            if let text = call.argument(name), let heading = AgentHeading(text, nouns: nouns) { return heading }
        }
        for line in call.lines.prefix(40) {
            let text = line.text.trimmed("#* ")
            if let heading = AgentHeading(text, nouns: nouns) { return heading }
            if let open = text.lastIndex(of: "("), text.hasSuffix(")"),
                let heading = AgentHeading(text[text.index(after: open)...].dropLast(), nouns: nouns)
            {
                return heading
            }
            for lead in ["You are ", "you are ", "You're "] {
                guard let found = text.firstRange(of: lead) else { continue }
                let sentence = text[found.upperBound...].prefix { !".,".contains($0) }
                if let heading = AgentHeading(sentence, nouns: nouns) { return heading }
            }
        }
        return nil
    }

    /// What a prompt calls its task: `## YOUR TASK: Admin health (Agent 2A)`.
    private static func title(of call: TaskCall) -> String? {
        for line in call.lines.prefix(60) {
            let text = line.text.trimmed("#* ")
            for lead in ["YOUR TASK", "Your Task", "Your task", "TASK", "Task"] where text.hasPrefix(lead) {
                let rest = text.dropFirst(lead.count)
                guard AgentHeading.startsSeparator(rest) else { continue }
                var title = rest.trimmed(":—–- ")
                if let open = title.lastIndex(of: "("), title.hasSuffix(")"), title[open...].contains("gent ") {
                    title = title[..<open].trimmed
                }
                return title.isEmpty ? nil : String(title)
            }
        }
        return nil
    }

    // MARK: Where an agent's section ends

    /// A section ends where the next agent is introduced, whatever its level.
    ///
    /// Plans put an agent's parts at the agent's own level too: what stands between two agents belongs to the first
    /// one. Below a line in bold everything does, up to where the section around it ends.
    private func sectionEnd(of index: Int, skipping roles: Set<SectionRole>) -> Int {
        guard let level = outline.heading(index)?.level else { return index + 1 }
        var end = outline.section(of: index).upperBound
        if level >= .bold {
            var parent = outline.parent(of: index)
            while let above = parent, let heading = outline.heading(above), heading.level >= .bold {
                parent = outline.parent(of: above)
            }
            end = parent.map { outline.section(of: $0).upperBound } ?? outline.blocks.count
        } else {
            while end < outline.blocks.count, let next = outline.heading(end), next.level == level,
                AgentHeading(next.text, nouns: nouns) == nil, isPart(next.text)
            {
                end = outline.section(of: end).upperBound
            }
        }
        let own = outline.heading(index).flatMap { AgentHeading($0.text, nouns: nouns) }.map { AgentID.key($0.id) }
        return ((index + 1)..<end).first { next in
            introduced(at: next, skipping: roles).map { AgentID.key($0.id) != own } ?? false
        } ?? end
    }

    /// The agent that a block introduces.
    private func introduced(at index: Int, skipping roles: Set<SectionRole>) -> AgentHeading? {
        guard let text = outline.heading(index)?.text, outline.roles(above: index).isDisjoint(with: roles) else {
            return nil
        }
        if let heading = AgentHeading(text, nouns: nouns) { return heading }
        guard takesBareIDs, let parent = outline.parent(of: index).flatMap({ outline.heading($0)?.text.words }),
            parent.contains(where: { ["agent", "agents"].contains($0) }),
            let heading = AgentHeading("\(nouns[0]) \(Inline.plain(text))", nouns: nouns)
        else { return nil }
        return heading.title.isEmpty ? nil : heading
    }

    /// True for headings that stand in an agent's section and nowhere else.
    private func isPart(_ text: String) -> Bool {
        let words = text.words
        guard !words.contains(where: { ["agent", "agents", "all", "post", "merge", "matrix"].contains($0) }) else {
            return false
        }
        if words.first == "phase" || words.first == "task" || words.contains("your") || words.contains("you") {
            return true
        }
        let roles = SectionRole.roles(of: text)
        return !roles.isDisjoint(with: [.reading, .tasks, .commit, .outputs, .files])
            && roles.isDisjoint(with: [.afterAgents, .order, .report, .preFlight, .ownership, .denial])
    }

    // MARK: Tables and lists

    private mutating func findRows() {
        for block in outline.blocks {
            guard case .table(let table) = block.kind, let agents = AgentTable(table, nouns: nouns) else { continue }
            for row in agents.rows where row.introduces {
                definitions.append(
                    AgentDefinition(
                        id: row.id,
                        title: row.title,
                        source: .row,
                        line: row.line,
                        section: block.line,
                        body: outline.lines(row.line..<(row.line + 1))
                    )
                )
            }
        }
    }

    /// Lines such as `**Agent 1:** pilots` that stand together in one paragraph.
    private mutating func findLines() {
        for (index, block) in outline.blocks.enumerated() {
            guard case .paragraph(let lines) = block.kind,
                outline.roles(above: index).isDisjoint(with: Self.aboutAgents)
            else { continue }
            let found = lines.map { AgentHeading($0.text, nouns: nouns) }
            guard found.compactMap({ $0 }).count >= 2 else { continue }
            for (position, heading) in found.enumerated() {
                guard let heading else { continue }
                let end = found[(position + 1)...].firstIndex { $0 != nil } ?? lines.count
                let body = outline.lines((lines[position].number + 1)..<(lines[end - 1].number + 1))
                var definition = AgentDefinition(
                    id: heading.id, title: heading.title, source: .item, line: lines[position].number,
                    section: outline.parent(of: index).map { outline.blocks[$0].line } ?? 0, body: body)
                definition.heading = lines[position].text
                definitions.append(definition)
            }
            claimed.append(block.line..<((lines.last?.number ?? block.line) + 1))
        }
    }

    private mutating func findItems(skipping roles: Set<SectionRole>) {
        for (index, block) in outline.blocks.enumerated() {
            guard case .item(_, let indent, let text) = block.kind, let heading = AgentHeading(text, nouns: nouns),
                outline.roles(above: index).isDisjoint(with: roles)
            else { continue }
            var end = index + 1
            while end < outline.blocks.count, case .item(_, let inner, _) = outline.blocks[end].kind, inner > indent {
                end += 1
            }
            let after = outline.endLine(of: (index + 1)..<end)
            var definition = AgentDefinition(
                id: heading.id,
                title: heading.title,
                source: .item,
                line: block.line,
                section: outline.parent(of: index).map { outline.blocks[$0].line } ?? 0,
                body: outline.lines((block.line + 1)..<after)
            )
            definition.heading = outline.lines(block.line..<(block.line + 1)).first?.text
            definitions.append(definition)
            claimed.append(block.line..<after)
        }
    }
}
