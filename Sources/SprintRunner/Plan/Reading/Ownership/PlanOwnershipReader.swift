/// Reads what the plan says outside the agents' own parts about who owns what: tables by agent or by file, and lists.
struct PlanOwnershipReader {
    private let roster: AgentRoster
    private let nouns: [String]
    private(set) var statements: [String: [OwnershipStatement]] = [:]
    private(set) var denials: [String: [SprintPlan.OwnedFile]] = [:]
    /// What else a table's row says: the cells of "Depends on" and "Commit".
    private(set) var dependencies: [(agent: String, text: String, line: Int)] = []
    private(set) var commits: [String: String] = [:]
    private(set) var diagnostics: [SprintPlan.Diagnostic] = []

    init(_ outline: PlanOutline, blocks: [Int], roster: AgentRoster, nouns: [String]) {
        self.roster = roster
        self.nouns = nouns
        for index in blocks {
            let block = outline.blocks[index]
            switch block.kind {
            case .table(let table): readTable(table, line: block.line)
            case .heading:
                let roles = outline.headingRoles(index)
                if roles.contains(.ownership), !roles.contains(.denial) { readSection(outline, heading: index) }
            case .paragraph, .item:
                guard outline.roles(above: index).isDisjoint(with: [.ownership, .denial]) else { continue }
                for (text, number) in outline.textLines(of: index) { readSentences(text, line: number) }
            default: break
            }
        }
    }

    private mutating func add(_ files: [SprintPlan.OwnedFile], to agent: String, statementAt line: Int) {
        guard !files.isEmpty else { return }
        if let last = statements[agent]?.indices.last, statements[agent]?[last].line == line {
            statements[agent]?[last].files += files
        } else {
            statements[agent, default: []].append(OwnershipStatement(files: files, line: line, isClear: true))
        }
    }

    private mutating func unknown(_ name: String, line: Int) {
        diagnostics.append(
            .init(
                line: line,
                severity: .warning,
                code: .unknownAgent,
                message: "\"\(name)\" is given files, and the plan has no such agent: "
                    + "give it a section of its own or correct the id"
            )
        )
    }

    // MARK: Tables

    private mutating func readTable(_ table: MarkdownTable, line: Int) {
        if readMarks(table, line: line) { return }
        if let agents = AgentTable(table, nouns: nouns) {
            readRows(agents, line: line)
        } else {
            readOwners(table, line: line)
        }
    }

    private mutating func readRows(_ table: AgentTable, line: Int) {
        for row in table.rows {
            guard let agent = roster.resolve(row.id) ?? roster.mentions(in: row.id, .list).first else {
                if !row.files.isEmpty { unknown(row.id, line: row.line) }
                continue
            }
            if let text = row.dependencies { dependencies.append((agent, text, row.line)) }
            if let commit = row.commit { commits[agent] = Inline.plain(commit) }
            var found = FileFindings()
            for cell in row.files { found.add(cell, line: row.line, mode: row.mode) }
            if let note = row.note {
                for index in found.files.indices where found.files[index].note == nil { found.files[index].note = note }
            }
            diagnostics += found.diagnostics.filter { _ in !row.files.allSatisfy { Int($0) != nil } }
            add(found.files, to: agent, statementAt: line)
            if let deny = row.deny {
                let list = FileList(deny, line: row.line)
                denials[agent, default: []] += list.files
            }
        }
    }

    /// `| File | Owner |`.
    private mutating func readOwners(_ table: MarkdownTable, line: Int) {
        let headers = table.header.map { Inline.plain($0).words }
        guard let files = headers.firstIndex(where: { !Set($0).isDisjoint(with: ["file", "files", "path", "paths"]) }),
            let owners = headers.firstIndex(where: { words in
                !Set(words).isDisjoint(with: Set(["owner", "owners", "owned"] + nouns + nouns.map { $0 + "s" }))
            }), files != owners
        else { return }
        let modes = headers.firstIndex { !Set($0).isDisjoint(with: ["mode", "action", "change", "access", "type"]) }
        let notes = headers.firstIndex { !Set($0).isDisjoint(with: ["note", "notes", "comment", "details"]) }
        for row in table.rows where max(files, owners) < row.cells.count {
            let mode = modes.flatMap { $0 < row.cells.count ? Inline.plain(row.cells[$0]) : nil } ?? ""
            var found = FileFindings()
            found.add(row.cells[files], line: row.line, mode: FileMode(note: mode))
            diagnostics += found.diagnostics
            if let notes, notes < row.cells.count, !row.cells[notes].isEmpty {
                for index in found.files.indices where found.files[index].note == nil {
                    found.files[index].note = Inline.plain(row.cells[notes])
                }
            }
            let agents = roster.mentions(in: Inline.plain(row.cells[owners]), .list)
            if agents.isEmpty, !FileList.isClosing(row.cells[owners][...]), !found.files.isEmpty {
                unknown(Inline.plain(row.cells[owners]), line: row.line)
            }
            for agent in agents { add(found.files, to: agent, statementAt: line) }
        }
    }

    /// A matrix of files and agents with marks in the cells, either way round.
    private mutating func readMarks(_ table: MarkdownTable, line: Int) -> Bool {
        let headers = table.header.map { Inline.plain($0) }
        let agents = headers.map { roster.resolve($0) ?? roster.mentions(in: $0, .list).first }
        if agents.dropFirst().compactMap({ $0 }).count >= 2 {
            for row in table.rows {
                guard let file = row.cells.first else { continue }
                for (agent, cell) in zip(agents, row.cells).dropFirst() {
                    guard let agent, let mark = Mark(cell) else { continue }
                    read(file, mark, agent, row: row.line, line: line)
                }
            }
            return true
        }
        let files = headers.map { PathToken.listed($0, isCode: true, isAlone: true)?.description }
        guard files.dropFirst().compactMap({ $0 }).count >= 2 else { return false }
        for row in table.rows {
            guard let name = row.cells.first else { continue }
            guard let agent = roster.resolve(Inline.plain(name)) ?? roster.mentions(in: Inline.plain(name), .list).first
            else {
                unknown(Inline.plain(name), line: row.line)
                continue
            }
            for (file, cell) in zip(files, row.cells).dropFirst() {
                guard let file, let mark = Mark(cell) else { continue }
                read(file, mark, agent, row: row.line, line: line)
            }
        }
        return true
    }

    private mutating func read(_ file: String, _ mark: Mark, _ agent: String, row: Int, line: Int) {
        var found = FileFindings()
        found.add(file, line: row, mode: mark.mode)
        if let note = mark.note {
            for index in found.files.indices where found.files[index].note == nil { found.files[index].note = note }
        }
        diagnostics += found.diagnostics
        if mark.isDenial {
            denials[agent, default: []] += found.files
        } else {
            add(found.files, to: agent, statementAt: line)
        }
    }

    // MARK: Lists

    /// `- Agent A: a.py, b.py`, `- a.py → Agent A`, or an agent's name over a list, below "File Ownership".
    private mutating func readSection(_ outline: PlanOutline, heading: Int) {
        let line = outline.blocks[heading].line
        var owner: (agent: String, indent: Int)?
        for index in outline.section(of: heading) {
            let block = outline.blocks[index]
            switch block.kind {
            case .heading(_, let text):
                if outline.headingRoles(index).contains(.denial) { return }
                owner = roster.mentions(in: Inline.plain(text), .list).first.map { ($0, -1) }
            case .item(_, let indent, let text):
                if let open = owner, indent <= open.indent { owner = nil }
                if let agent = readEntry(text, owner: owner?.agent, number: block.line, line: line) {
                    owner = (agent, indent)
                }
            case .paragraph(let lines):
                for text in lines {
                    _ = readEntry(String(text.text), owner: owner?.agent, number: text.number, line: line)
                }
            case .fence(let fence) where fence.info.isEmpty || fence.info == "text":
                for text in fence.lines where !text.text.trimmed.isEmpty {
                    let entry = ListMarker.read(text.text.trimmed)?.text ?? text.text.trimmed
                    let isIndented = text.text.first?.isWhitespace == true
                    let agent = readEntry(
                        String(entry),
                        owner: isIndented || entry != text.text.trimmed ? owner?.agent : nil,
                        number: text.number,
                        line: line
                    )
                    if let agent { owner = (agent, -1) }
                }
            default: break
            }
        }
    }

    /// Reads one entry; the result is the agent when the entry names one for the entries below it.
    private mutating func readEntry(_ text: String, owner: String?, number: Int, line: Int) -> String? {
        if let labelled = LabelledLine(text), SectionRole.roles(of: labelled.label).contains(.denial) { return nil }
        if let (agent, rest) = leadingAgent(of: text) {
            guard !rest.isEmpty else { return agent }
            var found = FileFindings()
            found.add(rest, line: number)
            diagnostics += found.diagnostics
            add(found.files, to: agent, statementAt: line)
            return agent
        }
        let list = FileList(text, line: number)
        guard !list.files.isEmpty else { return nil }
        if let owner {
            add(list.files, to: owner, statementAt: line)
        } else {
            for var file in list.files {
                let agents = roster.mentions(in: file.note ?? "", .list)
                if !agents.isEmpty, (file.note ?? "").words.count <= agents.count * 3 { file.note = nil }
                for agent in agents { add([file], to: agent, statementAt: line) }
            }
        }
        return nil
    }

    /// `Agent A owns a.py, b.py; Agent B owns c.py.` anywhere outside the agents' parts.
    private mutating func readSentences(_ text: String, line: Int) {
        guard text.holds(" owns ", " own "), text.utf8.count < 2000 else { return }
        for sentence in DenialReader.sentences(of: text) {
            let words = Inline.plain(sentence).words
            guard let verb = words.firstIndex(where: { ["owns", "own"].contains($0) }), verb <= 5,
                let (agent, rest) = leadingAgent(of: String(sentence.trimmed)), !rest.isEmpty
            else { continue }
            add(FileList(rest, line: line).files, to: agent, statementAt: line)
        }
    }

    /// `Agent A:`, `**74-1** — …`, `Agent B owns …`.
    private func leadingAgent(of text: String) -> (agent: String, rest: Substring)? {
        let text = Inline.withoutEmphasis(text)[...].trimmed
        var start = text
        for noun in nouns where start.lowercased().hasPrefix(noun) { start = start.dropFirst(noun.count).trimmed("#") }
        guard let (id, rest) = AgentID.take(from: start), let agent = roster.resolve(id) else { return nil }
        var files = rest.trimmed
        if files.hasPrefix("("), let bracket = FileList.bracket(at: files) { files = bracket.rest.trimmed }
        guard files.isEmpty || AgentHeading.startsSeparator(files) || files.hasPrefix("own") else { return nil }
        files = files.trimmed(":—–-→|>= ")
        for verb in ["owns", "own", "files"]
        where files.lowercased().hasPrefix(verb + " ") || files.lowercased().hasPrefix(verb + ":") {
            files = files.dropFirst(verb.count).trimmed(":—–- ")
        }
        return (agent, files)
    }
}

/// What a cell of a matrix says: `✓`, `X`, `NEW`, `append`, `read`, `—`.
private struct Mark {
    var mode: FileMode = []
    var note: String?
    var isDenial = false

    /// Nil when the cell says that the agent has nothing to do with the file.
    init?(_ cell: String) {
        let text = Inline.plain(cell).trimmed
        let words = text.words
        if words.isEmpty {
            guard text.contains(where: { "✓✔✅☑●•×✗✘*".contains($0) }) else { return nil }
            if text.contains(where: { "✗✘".contains($0) }) { return nil }
            return
        }
        if ["no", "none", "read", "r", "n", "ro", "reads", "na"].contains(words[0]) { return nil }
        if SectionRole.roles(of: String(text)).contains(.denial) {
            isDenial = true
            return
        }
        mode = FileMode(note: String(text))
        let isPlain = [
            "x", "y", "yes", "own", "owns", "owner", "w", "rw", "write", "o", "modify", "edit", "m", "c", "a",
        ]
        if words[0] == "c" && words.count == 1 { mode = .new }
        note =
            mode.contains(.new) && FileMode.isOnlyNew(String(text)) || isPlain.contains(words[0]) && words.count == 1
            ? nil : String(text)
    }
}
