/// Reads what an agent depends on where the plan says so in a place of its own: a table's cell, a line such as
/// `**Depends on:** Agent A`, a section headed that way, or the brackets of the agent's heading.
struct DependencyReader {
    private(set) var starts = OrderGraph()
    private(set) var diagnostics: [SprintPlan.Diagnostic] = []

    private let roster: AgentRoster

    init(roster: AgentRoster) {
        self.roster = roster
    }

    /// Reads a cell or line that says what an agent depends on; what names no agent is said.
    ///
    mutating func read(_ text: some StringProtocol, of agent: String, line: Int) {
        read(text, of: agent, line: line, .agents)
    }

    private mutating func read(_ text: some StringProtocol, of agent: String, line: Int, _ label: Label) {
        let words = String(text).words
        guard !Self.nothing.contains(words.first ?? "none") else { return }
        let others = named(in: Inline.plain(text), words)
        for other in others where other != agent { starts.add(other, before: agent, line: line) }
        guard others.isEmpty, label != .needs else { return }
        diagnostics.append(
            .init(
                line: line,
                severity: label == .agents ? .warning : .note,
                code: .unclearDependency,
                message: "\"\(text.prefix(80))\" is what agent \(agent) depends on, and names no agent of the plan: "
                    + "write an agent's id, or \"none\""
            )
        )
    }

    private static let nothing: Set<String> = [
        "none", "no", "nothing", "n", "independent", "independently", "nobody", "immediately",
    ]

    private func named(in text: String, _ words: [String]) -> [String] {
        let agents = roster.mentions(in: text, .list)
        if !agents.isEmpty { return agents }
        if !Set(words).isDisjoint(with: ["all", "others", "everyone", "everything"]), words.count <= 5 {
            return roster.ids
        }
        return text.replacing(" and ", with: ",").split { ",;+&/".contains($0) }.compactMap { roster.titled($0) }
    }

    /// Reads the lines and sections of an agent's own part.
    mutating func read(_ part: AgentPart) {
        for definition in part.definitions {
            if let heading = definition.heading { readHeading(heading, of: part.id, line: definition.line) }
        }
        for outline in part.outlines {
            for index in outline.blocks.indices { readBlock(outline, index, of: part.id) }
        }
    }

    private mutating func readBlock(_ outline: PlanOutline, _ index: Int, of agent: String) {
        let block = outline.blocks[index]
        switch block.kind {
        case .heading(_, let text):
            guard let label = Self.labels[text.trimmed(":").words] else {
                return readLabelled(text[...], agent, block.line)
            }
            readList(outline, outline.section(of: index), of: agent, label)
        case .item(_, _, let text):
            guard !readOpen(text, outline, outline.nested(in: index), agent) else { return }
            readSentences(text[...], agent, block.line)
            readLabelled(text[...], agent, block.line)
        case .paragraph(let lines):
            for line in lines { readSentences(line.text, agent, line.number) }
            for line in lines.dropLast() { readLabelled(line.text, agent, line.number) }
            guard let last = lines.last else { return }
            let list = outline.blocks[(index + 1)...].prefix { if case .item = $0.kind { true } else { false } }
            guard !readOpen(last.text, outline, list.startIndex..<list.endIndex, agent) else { return }
            readLabelled(last.text, agent, last.number)
        default: break
        }
    }

    /// A label with nothing behind it: what it speaks of is the list below.
    private mutating func readOpen(
        _ text: some StringProtocol, _ outline: PlanOutline, _ list: Range<Int>, _ agent: String
    ) -> Bool {
        guard text.utf8.count < 100, let labelled = LabelledLine(text), labelled.rest.isEmpty,
            let label = Self.labels[labelled.label.words]
        else { return false }
        readList(outline, list, of: agent, label)
        return true
    }

    private mutating func readList(_ outline: PlanOutline, _ blocks: Range<Int>, of agent: String, _ label: Label) {
        for index in blocks {
            switch outline.blocks[index].kind {
            case .item(_, _, let text):
                read(text, of: agent, line: outline.blocks[index].line, label)
            case .paragraph(let lines):
                for line in lines { read(line.text, of: agent, line: line.number, label) }
            default: return
            }
        }
    }

    /// What a label speaks of.
    private enum Label {
        /// Agents and nothing else.
        case agents
        /// Agents, or packages and the like.
        case anything
        /// What is needed; an agent only where one is named.
        case needs
    }

    private static let labels: [[String]: Label] = {
        let certain = [
            "depends on", "depends", "starts after", "start after", "blocked by", "waits for", "wait for", "runs after",
            "run after", "requires agent", "requires agents", "prerequisite agent", "prerequisite agents",
            "depends on agent", "depends on agents",
        ]
        let kinds: [(Label, [String])] = [
            (.agents, certain), (.anything, ["dependencies", "dependency", "after"]), (.needs, ["needs", "requires"]),
        ]
        return Dictionary(
            kinds.flatMap { kind, labels in labels.map { ($0.words, kind) } }, uniquingKeysWith: { first, _ in first })
    }()

    /// `**Depends on:** Agent A`.
    private mutating func readLabelled(_ text: Substring, _ agent: String, _ line: Int) {
        guard text.utf8.count < 500, text.holds("depend", "after", "block", "wait", "prereq", "requires", "needs"),
            let labelled = LabelledLine(text.trimmed("-* ")), let label = Self.labels[labelled.label.words]
        else { return }
        read(labelled.rest, of: agent, line: line, label)
    }

    /// "Start only after Agent A is done.", "You must not start until 2A has finished."
    private mutating func readSentences(_ text: Substring, _ agent: String, _ line: Int) {
        guard text.utf8.count < 400, text.holds("after", "until", "wait", "once") else { return }
        for sentence in DenialReader.sentences(of: Inline.plain(text)) {
            let words = sentence.words.drop { Self.subjects.contains($0) }.prefix(5)
            guard let verb = words.first, Self.verbs.contains(verb),
                !Set(words.dropFirst()).isDisjoint(with: ["after", "until", "for", "once"])
            else { continue }
            for other in roster.mentions(in: sentence, .prose) where other != agent {
                starts.add(other, before: agent, line: line)
            }
        }
    }

    private static let subjects: Set<String> = [
        "this", "agent", "it", "you", "must", "should", "only", "please", "can", "may", "do", "not", "don't", "never",
    ]
    private static let verbs: Set<String> = [
        "start", "starts", "begin", "begins", "launch", "launches", "wait", "waits", "run", "runs",
    ]

    /// Reads the remark in an agent's heading: `Launch Agent 2B (FOREGROUND — after 2A completes)`.
    private mutating func readHeading(_ text: some StringProtocol, of agent: String, line: Int) {
        let plain = Inline.plain(text)
        guard let open = plain.lastIndex(of: "("), let bracket = FileList.bracket(at: plain[open...]) else { return }
        let words = bracket.content.words
        guard
            let start = words.firstIndex(where: { ["after", "needs", "requires", "once"].contains($0) })
                ?? (words.starts(with: ["depends", "on"]) ? 0 : nil),
            !words[..<start].contains(where: { ["merge", "merges", "lands"].contains($0) })
        else { return }
        for other in named(in: String(bracket.content), words) where other != agent {
            starts.add(other, before: agent, line: line)
        }
    }
}
