/// Reads the agent's own output files and the shared files it appends to.
struct OutputReader {
    private(set) var outputs: [SprintPlan.OwnedFile] = []
    private(set) var shared: [SprintPlan.OwnedFile] = []
    private(set) var diagnostics: [SprintPlan.Diagnostic] = []

    /// Lines whose file names had a placeholder: those files are each agent's own.
    private let filled: Set<Int>

    init(_ outline: PlanOutline, filled: Set<Int> = []) {
        self.filled = filled
        var open: (indent: Int, role: SectionRole)?
        for (index, block) in outline.blocks.enumerated() {
            let section = Self.role(outline.nearestRoles(above: index))
            switch block.kind {
            case .item(_, let indent, let text):
                if let item = open, indent <= item.indent { open = nil }
                if let item = open {
                    add(text, item.role, line: block.line)
                } else if let labelled = LabelledLine(text), let role = Self.role(labelled.label) {
                    if labelled.rest.isEmpty {
                        open = (indent, role)
                    } else {
                        add(labelled.rest, role, line: block.line)
                    }
                } else if let section {
                    add(text, section, line: block.line)
                } else if let labelled = LabelledLine(text) {
                    addShared(labelled, line: block.line)
                }
            case .paragraph(let lines):
                open = nil
                for line in lines {
                    if let labelled = LabelledLine(line.text), !labelled.rest.isEmpty,
                        let role = Self.role(labelled.label)
                    {
                        add(labelled.rest, role, line: line.number)
                    } else if let labelled = LabelledLine(line.text), !labelled.rest.isEmpty, section == nil {
                        addShared(labelled, line: line.number)
                    } else if let section {
                        add(line.text, section, line: line.number, isProse: true)
                    }
                }
            default: open = nil
            }
            for (text, number) in outline.textLines(of: index) where filled.contains(number) {
                addWritten(text, number)
            }
        }
    }

    private static let writing: Set<String> = ["write", "writes", "append", "save", "log", "record", "put", "create"]

    /// "Write your notes to `notes-{agent}.md`": a sentence with a placeholder in a file's name.
    private mutating func addWritten(_ text: String, _ line: Int) {
        for sentence in DenialReader.sentences(of: text) where !Self.writing.isDisjoint(with: sentence.words.prefix(6))
        {
            for path in PathToken.mentions(in: sentence) where !outputs.contains(where: { $0.path == path }) {
                outputs.append(.init(path: path, line: line))
            }
        }
    }

    private static func role(_ label: String) -> SectionRole? {
        if ["output", "outputs", "your output", "writes"].contains(label.words.joined(separator: " ")) {
            return .outputs
        }
        if ["append only", "append to", "shared append only"].contains(label.words.joined(separator: " ")) {
            return .appendFiles
        }
        return role(SectionRole.roles(of: label))
    }

    /// `Shared: CHANGELOG.md (append only)`.
    private mutating func addShared(_ labelled: LabelledLine, line: Int) {
        guard ["shared", "shared files", "shared file"].contains(labelled.label.words.joined(separator: " ")) else {
            return
        }
        shared += FileList(labelled.rest, line: line).files.filter(\.isAppendOnly)
    }

    private static func role(_ roles: Set<SectionRole>) -> SectionRole? {
        roles.contains(.appendFiles) ? .appendFiles : roles.contains(.outputs) ? .outputs : nil
    }

    private mutating func add(_ text: some StringProtocol, _ role: SectionRole, line: Int, isProse: Bool = false) {
        let list = FileList(text, line: line)
        if !isProse { diagnostics += list.prose.map { FileFindings.notAPath($0, line: line) } }
        for file in list.files {
            let note = (file.note ?? "").words.joined(separator: " ")
            let isOwn =
                filled.contains(line) || note.containsWords("per agent", "own", "yours")
                || (role == .outputs && !note.containsWords("shared"))
            if isOwn { outputs.append(file) } else { shared.append(file) }
        }
    }
}
