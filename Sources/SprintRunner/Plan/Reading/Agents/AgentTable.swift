/// A table with a row, or several, for each agent.
struct AgentTable {
    struct Row {
        let id: String
        let title: String
        let line: Int
        /// The cells of the columns that list files.
        let files: [String]
        /// What the columns for mode and notes say of all the row's files.
        let mode: FileMode
        let note: String?
        let deny: String?
        let dependencies: String?
        let commit: String?
        /// True when the row says enough to be an agent's only mention.
        let introduces: Bool
    }

    private enum Column {
        case agent, title, files, newFiles, deny, mode, note, dependencies, commit, other

        init(_ header: String, nouns: [String]) {
            let words = header.words
            let text = words.joined(separator: " ")
            let names = nouns + nouns.map { $0 + "s" } + ["id", "agent", "agents"]
            if SectionRole.roles(of: header).contains(.denial) {
                self = .deny
            } else if words.contains(where: names.contains), !words.contains("count") {
                self = .agent
            } else if text.containsWords(
                "depends", "depends on", "dependencies", "dependency", "after", "blocked by", "waits for")
            {
                self = .dependencies
            } else if text.containsWords("commit", "commit message") {
                self = .commit
            } else if text.containsWords("new files", "creates", "create") {
                self = .newFiles
            } else if text.containsWords(
                "file", "files", "owns", "owned", "ownership", "path", "paths", "modifies", "touches")
            {
                self = .files
            } else if text.containsWords("mode", "action", "change", "access", "operation", "op") {
                self = .mode
            } else if text.containsWords("note", "notes", "comment", "comments", "details", "remarks") {
                self = .note
            } else if text.containsWords(
                "task", "tasks", "title", "name", "focus", "scope", "mission", "description", "feature", "what", "role",
                "theme",
                "responsibility", "area", "work", "summary", "goal"
            ) {
                self = .title
            } else {
                self = .other
            }
        }
    }

    let rows: [Row]

    /// Nil when no column names agents.
    init?(_ table: MarkdownTable, nouns: [String]) {
        let columns = table.header.map { Column(Inline.plain($0), nouns: nouns) }
        guard let agents = columns.firstIndex(of: .agent) else { return nil }
        let hasOwners = columns.contains(.files) && columns.firstIndex(of: .files) ?? 0 < agents
        guard !hasOwners || columns.contains(.title) else { return nil }
        var rows: [Row] = []
        var last: (id: String, title: String)?
        for row in table.rows {
            func cells(_ wanted: Column) -> [String] {
                zip(columns, row.cells).filter { $0.0 == wanted }.map { String($0.1.trimmed) }.filter { !$0.isEmpty }
            }
            let cell = agents < row.cells.count ? row.cells[agents] : ""
            // An empty cell goes on with the agent above.
            guard let agent = Self.agent(in: cell, nouns: nouns) ?? (cell.isEmpty ? last : nil) else { continue }
            last = agent
            let title = cells(.title).first.map { Inline.plain($0) } ?? agent.title
            let files = cells(.files) + cells(.newFiles).map { "NEW: " + $0 }
            rows.append(
                Row(
                    id: agent.id,
                    title: title,
                    line: row.line,
                    files: files,
                    mode: (cells(.mode).first ?? cells(.note).first).map { FileMode(note: Inline.plain($0)) } ?? [],
                    note: cells(.mode).first.flatMap { FileList.remark(in: $0) }
                        ?? cells(.note).first { !FileMode.isOnlyNew($0) },
                    deny: cells(.deny).first,
                    dependencies: cells(.dependencies).first,
                    commit: cells(.commit).first,
                    introduces: !title.isEmpty || !files.isEmpty
                )
            )
        }
        guard !rows.isEmpty else { return nil }
        self.rows = rows
    }

    /// `Agent 2A`, `74-1`, `A (Backend)`, `1 — Routes`, or a name such as `Backend`.
    private static func agent(in cell: String, nouns: [String]) -> (id: String, title: String)? {
        let text = Inline.plain(cell)
        if let heading = AgentHeading(text, nouns: nouns) { return (heading.id, heading.title) }
        if let heading = AgentHeading("\(nouns[0]) \(text)", nouns: nouns) { return (heading.id, heading.title) }
        let words = text.words
        guard (1...3).contains(words.count), !["total", "all", "everyone", "lead", "orchestrator"].contains(words[0]),
            text.contains(where: \.isLetter)
        else { return nil }
        return (text, "")
    }
}
