/// Finds the text that every agent's prompt starts with.
struct PreambleReader {
    private(set) var text: String?
    private(set) var lines: [SourceLine] = []
    private(set) var diagnostics: [SprintPlan.Diagnostic] = []

    /// - Parameters:
    ///   - blocks: the blocks outside the agents' parts.
    ///   - firstAgent: the line of the first agent.
    ///   - hasCalls: the prompts are given whole, in calls, so that nothing unmarked is added to them.
    init(_ outline: PlanOutline, blocks: [Int], firstAgent: Int, hasCalls: Bool) {
        for index in blocks {
            guard outline.headingRoles(index).contains(.preamble),
                outline.parent(of: index).map({ !isPreamble(outline, $0) }) ?? true
            else { continue }
            add(outline, heading: index)
        }
        if lines.isEmpty, !hasCalls { infer(outline, blocks: blocks, firstAgent: firstAgent) }
        text = lines.isEmpty ? nil : lines.map(\.text).joined(separator: "\n")
    }

    private func isPreamble(_ outline: PlanOutline, _ index: Int) -> Bool {
        outline.headingRoles(index).contains(.preamble)
    }

    /// A marked preamble is the first fence below its heading; without one it is the section's text.
    private mutating func add(_ outline: PlanOutline, heading index: Int) {
        let section = outline.section(of: index)
        for block in section {
            if case .fence(let fence) = outline.blocks[block].kind, fence.info.isEmpty || fence.info != "bash" {
                lines += fence.lines
                return
            }
        }
        let said = (outline.heading(index)?.level ?? .plain) < .bold ? section : Self.said(section, outline)
        guard let first = said.first else { return }
        lines += outline.lines(outline.blocks[first].line..<outline.endLine(of: said)).filter {
            !$0.text.trimmed.allSatisfy { $0 == "-" } || $0.text.trimmed.isEmpty
        }
    }

    /// What a label such as "Shared rules:" heads: the text right below it with its list, and no table or later text.
    private static func said(_ section: Range<Int>, _ outline: PlanOutline) -> Range<Int> {
        let end = section.first { index in
            switch outline.blocks[index].kind {
            case .item: false
            case .paragraph: index > section.lowerBound
            default: true
            }
        }
        return section.lowerBound..<(end ?? section.upperBound)
    }

    /// Plans without a marked preamble talk to the agents before the first one: what to read, what never to do.
    private mutating func infer(_ outline: PlanOutline, blocks: [Int], firstAgent: Int) {
        let title = blocks.first { outline.heading($0)?.level == .marked(1) }
        let own: Set<SectionRole> = [.preFlight, .ownership, .denial, .order, .afterAgents, .report]
        var found: [SourceLine] = []
        var isAddressed = false
        for (position, index) in blocks.enumerated() where outline.blocks[index].line < firstAgent {
            guard index > title ?? -1, outline.roles(above: index).isDisjoint(with: own) else { continue }
            if let heading = outline.heading(index) {
                let words = heading.text.words
                guard outline.headingRoles(index).isDisjoint(with: own), !words.contains("launch"),
                    !words.contains("agents")
                else { continue }
            }
            if case .table = outline.blocks[index].kind { continue }
            let next = position + 1 < blocks.count ? outline.blocks[blocks[position + 1]].line : firstAgent
            let lines = outline.lines(outline.blocks[index].line..<min(next, firstAgent))
            if lines.contains(where: { Self.isAddressedToAgents($0.text) }) { isAddressed = true }
            found += lines
        }
        guard isAddressed, let first = found.first else { return }
        while found.last?.text.trimmed.isEmpty == true { found.removeLast() }
        lines = found
        diagnostics.append(
            .init(
                line: first.number,
                severity: .note,
                code: .inferredPreamble,
                message: "the text before the first agent is taken as the start of every prompt: "
                    + "head it \"Each agent prompt MUST start with:\" to say so"
            )
        )
    }

    private static func isAddressedToAgents(_ line: Substring) -> Bool {
        let text = line.lowercased()
        return text.contains("git worktree") || text.contains("your branch") || text.contains("your worktree")
            || text.contains("your working directory")
    }
}
