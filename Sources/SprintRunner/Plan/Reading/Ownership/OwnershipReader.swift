/// Reads what an agent's own part says it owns.
struct OwnershipReader {
    private(set) var statements: [OwnershipStatement] = []
    private(set) var diagnostics: [SprintPlan.Diagnostic] = []

    init(_ outline: PlanOutline) {
        var readUntil = 0
        for (index, block) in outline.blocks.enumerated() where index >= readUntil {
            switch block.kind {
            case .heading(_, let text):
                let roles = outline.headingRoles(index)
                guard !roles.contains(.denial), !roles.isDisjoint(with: [.ownership, .files]) else { continue }
                if let labelled = LabelledLine(text), !labelled.rest.isEmpty { readLine(text, line: block.line) }
                let reader = FileSectionReader(outline, heading: index, role: .ownership)
                add(reader.findings, line: block.line, isClear: roles.contains(.ownership))
                readUntil = outline.section(of: index).upperBound
            case .paragraph(let lines): for line in lines { readLine(String(line.text), line: line.number) }
            case .item(_, _, let text):
                guard let label = outline.label(ofItem: index) else {
                    readLine(text, line: block.line)
                    continue
                }
                let roles = SectionRole.roles(of: label)
                guard !roles.contains(.denial), !roles.isDisjoint(with: [.ownership, .files]) else { continue }
                let reader = FileSectionReader(outline, item: index, role: .ownership)
                add(reader.findings, line: block.line, isClear: roles.contains(.ownership))
                readUntil = outline.nested(in: index).upperBound
            default: break
            }
        }
    }

    private mutating func readLine(_ text: String, line: Int) {
        guard text.holds("own", "file", "may touch", "may edit", "may modify", "creates", "modifies") else { return }
        var findings = FileFindings()
        if let rest = LabelledLine.rest(of: text, labelled: .ownership) ?? Self.afterOwn(text) {
            findings.add(rest, line: line)
            add(findings, line: line, isClear: true)
        } else if let rest = LabelledLine.rest(of: text, labelled: .files) {
            findings.add(rest, line: line)
            add(findings, line: line, isClear: false)
        }
    }

    private mutating func add(_ findings: FileFindings, line: Int, isClear: Bool) {
        guard !findings.files.isEmpty || isClear else { return }
        diagnostics += findings.diagnostics
        guard !findings.files.isEmpty else { return }
        statements.append(OwnershipStatement(files: findings.files, line: line, isClear: isClear))
    }

    /// What follows "Own", "Owns" or "You own" without a colon, when a path does.
    static func afterOwn(_ text: String) -> Substring? {
        guard text.holds("own") else { return nil }
        let plain = Inline.withoutEmphasis(text).trimmed
        for lead in ["You own ", "Own ", "Owns ", "OWNS ", "OWN "] where plain.hasPrefix(lead) {
            let rest = plain.dropFirst(lead.count).trimmed("—–-:")
            let (token, isCode, _) = FileList.token(of: rest)
            if PathToken.mentioned(token, isCode: isCode) != nil { return rest }
        }
        return nil
    }
}
