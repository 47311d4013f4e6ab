/// A line such as `Own: a.py, b.py` or `**NEVER TOUCH:** c.py`, split at its colon.
struct LabelledLine {
    let label: String
    /// What follows the colon, code ticks kept.
    let rest: Substring

    init?(_ text: some StringProtocol) {
        guard text.utf8.prefix(140).contains(UInt8(ascii: ":")) else { return nil }
        let text = Inline.withoutEmphasis(text)
        guard let colon = text.utf8.prefix(120).firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let label = text[..<colon].trimmed
        guard !label.isEmpty, !label.contains("`"), label.words.count <= 8 else { return nil }
        self.label = String(label)
        rest = text[text.index(after: colon)...].trimmed
    }

    /// The rest of the line when its label has the role.
    static func rest(of text: some StringProtocol, labelled role: SectionRole) -> Substring? {
        guard let line = LabelledLine(text), !line.rest.isEmpty, SectionRole.roles(of: line.label).contains(role) else {
            return nil
        }
        return line.rest
    }
}
