/// Finds the order of merging where the plan lays it out: in a list, a table, a chain of arrows or `git merge` lines.
struct MergeListReader {
    /// The groups as they are listed; empty when the plan lists none.
    private(set) var groups: [OrderText.Group] = []
    /// The line on which the list starts.
    private(set) var line = 1
    /// Chains of arrows, which may branch.
    private(set) var chains = OrderGraph()
    /// What the order names as agents that the plan does not have, with the lines.
    private(set) var strangers: [(name: String, line: Int)] = []
    /// True when the list is headed as an order of building, so that it is one of starting too.
    private(set) var isStartOrder = false

    private let outline: PlanOutline
    private let text: OrderText
    private let roster: AgentRoster

    /// - Parameter blocks: those outside the agents' parts.
    init(_ outline: PlanOutline, blocks: [Int], roster: AgentRoster) {
        self.outline = outline
        self.roster = roster
        text = OrderText(roster: roster)
        readLists(blocks)
        if groups.isEmpty { readChains(blocks) }
        if groups.isEmpty, chains.edges.isEmpty { readMergeCommands(blocks) }
        if groups.isEmpty, chains.edges.isEmpty { readMergeSteps(blocks) }
    }

    // MARK: Lists

    private mutating func readLists(_ blocks: [Int]) {
        for (position, index) in blocks.enumerated() {
            switch outline.blocks[index].kind {
            case .heading(_, let heading) where Self.isOrder(heading):
                let section = outline.section(of: index)
                let items = blocks[(position + 1)...].prefix { section.contains($0) }
                if accept(entries(items), headed: heading, at: outline.blocks[index].line) { return }
                if let labelled = LabelledLine(heading),
                    accept(line: labelled.rest, heading, outline.blocks[index].line)
                {
                    return
                }
            case .item(_, let indent, let item) where Self.isOrder(item):
                let nested = blocks[(position + 1)...].prefix { next in
                    if case .item(_, let inner, _) = outline.blocks[next].kind { inner > indent } else { false }
                }
                if accept(entries(nested), headed: item, at: outline.blocks[index].line) { return }
                if accept(line: item[...], item, outline.blocks[index].line) { return }
            case .table(let table):
                if acceptTable(table, at: outline.blocks[index].line) { return }
            case .paragraph(let lines):
                if outline.roles(above: index).contains(.afterAgents),
                    let any = lines.first(where: { Self.leavesOrderOpen($0.text) }),
                    accept([OrderText.Group(agents: roster.ids)], "merge order", any.number)
                {
                    return
                }
                for line in lines where Self.isOrder(String(line.text)) {
                    if accept(line: line.text, String(line.text), line.number) { return }
                }
            default: break
            }
        }
    }

    /// A table with a column of numbers headed "Order" or "Merge order"; one number is one step.
    private mutating func acceptTable(_ table: MarkdownTable, at line: Int) -> Bool {
        guard let column = table.header.firstIndex(where: { $0.words.last == "order" && $0.words.first != "push" })
        else {
            return false
        }
        var steps: [Int: OrderText.Group] = [:]
        for row in table.rows where column < row.cells.count {
            guard let step = row.cells[column].words.first.flatMap({ Int($0) }) else { return false }
            let others = row.cells.indices.filter { $0 != column }.map { Inline.plain(row.cells[$0]) }
            guard let agent = others.compactMap({ roster.mentions(in: $0, .list).first }).first else { continue }
            steps[step, default: OrderText.Group(agents: [])].agents.append(agent)
        }
        return accept(steps.sorted { $0.key < $1.key }.map(\.value), "merge order", line)
    }

    /// "Any order.", "Merge all branches in any order."
    private static func leavesOrderOpen(_ text: Substring) -> Bool {
        guard text.utf8.count < 200, text.holds("order") else { return false }
        let words = text.words.joined(separator: " ")
        return words.hasPrefix("any order")
            || (words.hasPrefix("merge") && words.containsWords("any order", "either order"))
            || words.hasPrefix("in any order")
    }

    private static func isOrder(_ text: String) -> Bool {
        text.utf8.count < 600 && SectionRole.isOrder(text)
    }

    /// The list entries right below a heading: its outermost items, the rows of a table, or the lines of a fence.
    private func entries(_ blocks: some Sequence<Int>) -> [(text: String, isOrdered: Bool)] {
        var entries: [(String, Bool)] = []
        var outermost: Int?
        for index in blocks {
            switch outline.blocks[index].kind {
            case .item(let marker, let indent, let item):
                if indent <= outermost ?? indent {
                    outermost = outermost ?? indent
                    entries.append((item, marker.isOrdered))
                } else if let last = entries.last, text.groups(in: last.0).isEmpty {
                    entries.append((item, marker.isOrdered))
                }
            case .table(let table):
                entries += table.rows.map { (Inline.plain($0.cells.joined(separator: " — ")), true) }
            case .fence(let fence) where !fence.text.contains("git merge"):
                entries += fence.lines.map { (String($0.text), true) }
            case .paragraph(let lines): entries += lines.map { (String($0.text), true) }
            default: break
            }
        }
        return entries
    }

    private mutating func accept(_ entries: [(text: String, isOrdered: Bool)], headed heading: String, at line: Int)
        -> Bool
    {
        let isAccepted = acceptKnown(entries, headed: heading, at: line)
        if isAccepted { for entry in entries { noteStrangers(in: entry.text, line) } }
        return isAccepted
    }

    private mutating func noteStrangers(in text: String, _ line: Int) {
        for name in roster.strangers(in: Inline.plain(text)) where !strangers.contains(where: { $0.name == name }) {
            strangers.append((name, line))
        }
    }

    private mutating func acceptKnown(
        _ entries: [(text: String, isOrdered: Bool)], headed heading: String, at line: Int
    ) -> Bool {
        if entries.contains(where: { text.isChain($0.text) }) {
            for entry in entries where text.isChain(entry.text) { addChain(entry.text, line: line) }
            note(heading, line)
            return true
        }
        let found = entries.map { entry in
            (groups: text.groups(in: Inline.plain(entry.text)), words: entry.text.words.prefix(12), entry.isOrdered)
        }
        var listed: [OrderText.Group] = []
        // Bullets have no order of their own; "first" and "last" in them give one.
        for rank in 0...2 {
            for entry in found {
                let own = entry.2 ? 1 : entry.words.contains("first") ? 0 : entry.words.contains("last") ? 2 : 1
                if own == rank { listed += entry.groups }
            }
        }
        return accept(listed, heading, line)
    }

    private mutating func accept(line text: some StringProtocol, _ heading: String, _ line: Int) -> Bool {
        let text = Inline.plain(text)
        if self.text.isChain(text) {
            addChain(text, line: line)
            note(heading, line)
            return true
        }
        // In brackets it is said of one step: "B, then A and C (either order)".
        let words = FileList.withoutBrackets(text).words.joined(separator: " ")
        if words.containsWords("any order", "either order") {
            return accept([OrderText.Group(agents: roster.ids)], heading, line)
        }
        guard let labelled = LabelledLine(text), !labelled.rest.isEmpty else { return false }
        var found = self.text.groups(in: labelled.rest)
        // `Merge order: A, B, C` has one step that names them one after the other.
        if found.count == 1, !found[0].isRest, labelled.rest.contains(",") {
            found = labelled.rest.split(separator: ",").flatMap { self.text.groups(in: $0) }
        }
        return accept(found, heading, line)
    }

    /// Takes a list that names two agents or more, each where it comes first.
    private mutating func accept(_ listed: [OrderText.Group], _ heading: String, _ line: Int) -> Bool {
        var seen: Set<String> = []
        var result: [OrderText.Group] = []
        for group in listed {
            let new = group.agents.filter { seen.insert($0).inserted }
            if !new.isEmpty || group.isRest { result.append(OrderText.Group(agents: new, isRest: group.isRest)) }
        }
        guard seen.count >= 2 || (seen.count == 1 && result.contains(where: \.isRest)) else { return false }
        groups = result
        note(heading, line)
        return true
    }

    private mutating func note(_ heading: String, _ line: Int) {
        self.line = line
        let words = Set(heading.words)
        let building: Set<String> = [
            "build", "launch", "execution", "start", "dependency", "dependencies", "sequencing", "spawn", "run",
        ]
        isStartOrder =
            words.isDisjoint(with: ["merge", "merging", "landing", "land", "integration"])
            && !words.isDisjoint(with: building)
    }

    // MARK: Steps

    /// A numbered list of what is done after the agents, in which two steps or more are merges: `1. Merge B`,
    /// `2. Then land A and C`. Below a heading that speaks of merging a step may be the agent alone.
    private mutating func readMergeSteps(_ blocks: [Int]) {
        struct Place: Hashable {
            var heading: Int?
            var indent: Int
        }
        var lists: [Place: (steps: [OrderText.Group], line: Int)] = [:]
        for index in blocks {
            guard case .item(let marker, let indent, let item) = outline.blocks[index].kind, marker.isOrdered,
                outline.roles(above: index).contains(.afterAgents)
            else { continue }
            let heading = outline.parent(of: index)
            let words = Set(heading.flatMap { outline.heading($0)?.text.words } ?? [])
            guard let step = mergeStep(item, isBelowMerge: !words.isDisjoint(with: Self.mergeWords)) else { continue }
            let place = Place(heading: heading, indent: indent)
            lists[place, default: ([], outline.blocks[index].line)].steps.append(step)
        }
        for list in lists.values.sorted(by: { $0.line < $1.line }) where list.steps.count >= 2 {
            if accept(list.steps, "merge order", list.line) { return }
        }
    }

    private static let mergeWords: Set<String> = ["merge", "merging", "land", "landing", "integrate", "integration"]
    private static let leads: Set<String> = [
        "first", "then", "next", "finally", "last", "lastly", "second", "third", "fourth", "now", "the",
    ]

    /// The agents that a step merges; `nil` when it does something else.
    private func mergeStep(_ item: String, isBelowMerge: Bool) -> OrderText.Group? {
        let words = Inline.plain(item).split(separator: " ").drop {
            Self.leads.contains($0.trimmed(",:;").lowercased())
        }
        let isMerge = words.first.map { Self.mergeWords.contains($0.lowercased()) } ?? false
        guard isMerge || isBelowMerge else { return nil }
        let groups = text.groups(in: words.joined(separator: " "))
        guard groups.count == 1, let group = groups.first, !group.isRest || isMerge else { return nil }
        // Anything may be done with an agent; only where it stands at the front it is the step itself.
        guard !isMerge else { return group }
        let front = roster.mentions(in: words.prefix(2).joined(separator: " "), .list).first
        return front != nil && front == group.agents.first ? group : nil
    }

    // MARK: Arrows

    /// Chains of arrows anywhere outside the agents' parts, in lines that hold little else.
    private mutating func readChains(_ blocks: [Int]) {
        for index in blocks {
            for (line, number) in outline.textLines(of: index) where text.isChain(line) {
                let words = Inline.plain(line).words
                let named = roster.tokens(of: Inline.plain(FileList.withoutBrackets(line)), .list).count {
                    $0.agent != nil
                }
                let speaksOfOrder = words.contains { ["merge", "order", "sequence", "then", "land"].contains($0) }
                if speaksOfOrder || words.count <= named * 4 { addChain(line, line: number) }
            }
        }
    }

    private mutating func addChain(_ chain: String, line: Int) {
        if chains.edges.isEmpty { self.line = line }
        let body = LabelledLine(chain).map { text.isChain($0.rest) ? String($0.rest) : chain } ?? chain
        noteStrangers(in: body, line)
        let steps = text.groups(in: Inline.plain(body))
        for (left, right) in zip(steps, steps.dropFirst()) where left.agents.count * right.agents.count < 10_000 {
            for before in left.agents {
                for after in right.agents { chains.add(before, before: after, line: line) }
            }
        }
    }

    // MARK: Commands

    /// `git merge <agent-a-branch>` lines, also in a loop over branches.
    private mutating func readMergeCommands(_ blocks: [Int]) {
        var listed: [OrderText.Group] = []
        var first: Int?
        for index in blocks {
            var loop: Substring?
            for (text, number) in outline.commandLines(of: index) {
                if text.hasPrefix("for "), let list = text.firstRange(of: " in ") {
                    loop = text[list.upperBound...].prefix { $0 != ";" }
                }
                guard let merge = text.firstRange(of: "git merge"), !text.hasPrefix("#") else { continue }
                first = first ?? number
                let named = roster.mentions(in: text[merge.upperBound...].prefix { !";&|#".contains($0) }, .branch)
                if named.isEmpty, let loop {
                    listed += roster.mentions(in: loop, .branch).map { OrderText.Group(agents: [$0]) }
                } else if !named.isEmpty {
                    listed.append(OrderText.Group(agents: named))
                }
            }
        }
        if let first { _ = accept(listed, "merge", first) }
    }
}
