/// All that a plan says about one agent, from every place that introduces it.
struct AgentPart {
    let id: String
    let title: String
    let line: Int
    let definitions: [AgentDefinition]
    /// The places' contents as blocks; prompts in fences are opened.
    let outlines: [PlanOutline]
    /// The fences that hold prompts.
    private let fences: [MarkdownFence]

    /// The agent's own part of its prompt.
    var prompt: String {
        let calls = definitions.compactMap(\.callPrompt)
        if !calls.isEmpty { return calls.map { $0.trimmed("\n") }.joined(separator: "\n\n") }
        let fenced = fences.map(\.text)
        if !fenced.isEmpty { return fenced.joined(separator: "\n\n") }
        return definitions.map { ($0.heading.map { [$0] } ?? []) + $0.body.map(\.text) }
            .map { AgentPart.withoutRule($0.joined(separator: "\n")) }
            .joined(separator: "\n\n")
    }

    init(_ definitions: [AgentDefinition], id: String, line: Int) {
        self.id = id
        self.line = line
        self.definitions = definitions
        title = definitions.lazy.map(\.title).first { !$0.isEmpty } ?? ""
        var outlines: [PlanOutline] = []
        var fences: [MarkdownFence] = []
        for definition in definitions {
            let document = MarkdownDocument(lines: definition.body)
            outlines.append(PlanOutline(document))
            guard let fence = AgentPart.promptFence(in: definition, document) else { continue }
            fences.append(fence)
            outlines.append(PlanOutline(MarkdownDocument(lines: fence.lines)))
        }
        self.outlines = outlines
        self.fences = fences
    }

    /// The fence that holds the prompt: one without a language that makes up more than half of the section.
    private static func promptFence(
        in definition: AgentDefinition, _ document: MarkdownDocument
    ) -> MarkdownFence? {
        guard definition.source != .call else { return nil }
        let fences = document.blocks.compactMap { block in
            if case .fence(let fence) = block.kind { fence } else { nil }
        }
        let prompts: Set<String> = ["", "text", "txt", "md", "markdown", "prompt"]
        // A short prompt is no less of one for the fence's own two lines, blank ones and the rule below it.
        let written = definition.body.count { line in
            let text = line.text.trimmed
            return !text.isEmpty && FenceMark(line.text) == nil && !["---", "***", "___"].contains(text)
        }
        guard
            let fence = fences.first(where: { prompts.contains($0.info) && $0.lines.count * 2 > written }
            ),
            TaskCall.calls(in: fence).isEmpty
        else { return nil }
        return fence
    }

    /// The text without the rule that parts it from the next agent.
    private static func withoutRule(_ text: String) -> String {
        var text = text[...].trimmed
        while text.hasSuffix("\n---") || text.hasSuffix("\n***") || text.hasSuffix("\n___") {
            text = text.dropLast(3).trimmed
        }
        return String(text)
    }
}

extension AgentPart {
    /// Puts the places of each agent together, in the order of first mention, and finds ids that two agents share.
    static func parts(
        of definitions: [AgentDefinition]
    ) -> (parts: [AgentPart], diagnostics: [SprintPlan.Diagnostic]) {
        var order: [String] = []
        var groups: [String: [AgentDefinition]] = [:]
        for definition in definitions.sorted(by: { $0.line < $1.line }) {
            let key = AgentID.key(definition.id)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(definition)
        }
        var diagnostics: [SprintPlan.Diagnostic] = []
        var parts: [AgentPart] = []
        for key in order {
            guard let group = groups[key], let first = group.first else { continue }
            for (earlier, later) in duplicates(in: group) {
                diagnostics.append(
                    .init(
                        line: later.line,
                        severity: .error,
                        code: .duplicateAgent,
                        message: "agent \(later.id) is already on line \(earlier.line): give one of the two another id"
                    )
                )
            }
            parts.append(AgentPart(group, id: first.id, line: first.line))
        }
        return (parts, diagnostics)
    }

    /// Definitions that cannot be of one agent: of the same form and in the same section, or with different titles.
    ///
    /// A table's rows may go on with an agent as long as they do not rename it.
    private static func duplicates(
        in group: [AgentDefinition]
    ) -> [(earlier: AgentDefinition, later: AgentDefinition)] {
        var seen: [AgentDefinition.Source: AgentDefinition] = [:]
        var found: [(AgentDefinition, AgentDefinition)] = []
        for definition in group {
            guard let earlier = seen[definition.source] else {
                seen[definition.source] = definition
                continue
            }
            let isRenamed = earlier.title != definition.title && !earlier.title.isEmpty && !definition.title.isEmpty
            let isRepeated = definition.section == earlier.section && definition.source != .row
            if isRenamed || isRepeated { found.append((earlier, definition)) }
        }
        return found
    }
}
