/// Reads the files that are listed below a heading.
struct FileSectionReader {
    private let outline: PlanOutline
    private let role: SectionRole
    private(set) var findings = FileFindings()

    /// The mode that the heading, a heading below it, or a list item sets for what follows.
    private var mode: FileMode
    /// The list item that the next ones stand under.
    private var parent: (indent: Int, mode: FileMode, isFile: Bool)?
    /// The level of a heading below that starts something else.
    private var skipped: HeadingLevel?
    private var hasItems = false

    /// - Parameter role: what the heading says of the files; lists below other headings are passed over.
    init(_ outline: PlanOutline, heading index: Int, role: SectionRole) {
        self.outline = outline
        self.role = role
        let heading = outline.heading(index)
        mode = heading.flatMap { FileMode.ofLabel(FileList.withoutBrackets($0.text)) } ?? []
        if heading?.text.words.joined(separator: " ").contains("all new") == true { mode.insert(.new) }
        let isLabel = heading.map { $0.level >= .bold } ?? false
        for block in outline.section(of: index) where read(outline.blocks[block], endsAtText: isLabel) == .end { break }
    }

    /// Reads the items that are nested in a list item such as `- Owns:`.
    init(_ outline: PlanOutline, item index: Int, role: SectionRole) {
        self.outline = outline
        self.role = role
        mode = []
        for block in outline.nested(in: index) { _ = read(outline.blocks[block], endsAtText: false) }
    }

    private enum Step { case goOn, end }

    private mutating func read(_ block: MarkdownBlock, endsAtText: Bool) -> Step {
        if case .heading(let level, let text) = block.kind {
            enter(level, text)
            return .goOn
        }
        guard skipped == nil else { return .goOn }
        switch block.kind {
        case .item(_, let indent, let text):
            hasItems = true
            readItem(text, indent: indent, line: block.line)
        case .paragraph(let lines):
            if endsAtText, hasItems { return .end }
            for line in lines { readLine(String(line.text), number: line.number) }
        case .fence(let fence) where fence.info.isEmpty || fence.info == "text":
            for line in fence.lines where !line.text.trimmed.isEmpty {
                readLine(String(ListMarker.read(line.text.trimmed)?.text ?? line.text.trimmed), number: line.number)
            }
        case .table(let table): readTable(table)
        case .thematicBreak where endsAtText: return .end
        default: break
        }
        return .goOn
    }

    /// `| File | Mode | Notes |` in an agent's own part.
    private mutating func readTable(_ table: MarkdownTable) {
        let headers = table.header.map { Inline.plain($0).words }
        func column(_ names: Set<String>) -> Int? { headers.firstIndex { !names.isDisjoint(with: $0) } }
        guard let files = column(["file", "files", "path", "paths"]) else { return }
        let modes = column(["mode", "action", "change", "type", "access"])
        let notes = column(["note", "notes", "comment", "purpose", "what", "details", "why"])
        for row in table.rows where files < row.cells.count {
            func cell(_ index: Int?) -> String? {
                index.flatMap { $0 < row.cells.count && !row.cells[$0].isEmpty ? Inline.plain(row.cells[$0]) : nil }
            }
            let first = findings.files.count
            findings.add(row.cells[files], line: row.line, mode: mode.union(FileMode(note: cell(modes) ?? "")))
            let note = cell(notes) ?? cell(modes).flatMap { FileList.remark(in: $0) }
            for index in findings.files.indices.dropFirst(first) where findings.files[index].note == nil {
                findings.files[index].note = note
            }
        }
    }

    private mutating func enter(_ level: HeadingLevel, _ text: String) {
        if let skipped, level > skipped { return }
        skipped = nil
        parent = nil
        let roles = SectionRole.roles(of: text)
        let other: Set<SectionRole> = [.ownership, .files, .denial, .outputs, .appendFiles, .reading, .test, .commit]
        if let label = FileMode.ofLabel(text), roles.isDisjoint(with: [.denial, .test]) {
            mode = label
        } else if !roles.isDisjoint(with: other.subtracting([role, .files])), !roles.contains(role) {
            skipped = level
        }
    }

    private mutating func readItem(_ text: String, indent: Int, line: Int) {
        if let open = parent, indent <= open.indent { parent = nil }
        if let open = parent, open.isFile { return }
        let mode = parent.map { $0.mode.union(self.mode) } ?? self.mode
        if let label = Self.label(text), let labelMode = FileMode.ofLabel(label) {
            parent = (indent, labelMode, false)
            return
        }
        let before = findings.files.count
        readLine(text, number: line, mode: mode)
        let isFile = findings.files.count > before && findings.files.last?.path.kind != .directory
        if parent == nil { parent = (indent, mode, isFile) }
    }

    /// The text of an item that only heads nested ones: `Create:`.
    private static func label(_ text: String) -> String? {
        let plain = Inline.plain(text).trimmed
        return plain.hasSuffix(":") ? String(plain.dropLast()) : nil
    }

    private mutating func readLine(_ text: String, number: Int, mode: FileMode? = nil) {
        let mode = mode ?? self.mode
        if let labelled = LabelledLine(text), !labelled.rest.isEmpty {
            let roles = SectionRole.roles(of: labelled.label)
            if roles.contains(.denial) != (role == .denial), roles.contains(.denial) { return }
            if roles.contains(role) {
                return findings.add(labelled.rest, line: number, mode: mode)
            }
            // "Commit: …" below the list says something else.
            if !roles.isDisjoint(with: [.commit, .test, .order, .report]), !roles.contains(.files) { return }
        }
        if role == .ownership, let owned = OwnershipReader.afterOwn(text) {
            return findings.add(owned, line: number, mode: mode)
        }
        findings.add(text, line: number, mode: mode)
    }
}
