/// Finds the commit message that an agent's part asks for.
enum CommitReader {
    static func commit(in outline: PlanOutline) -> String? {
        for (index, block) in outline.blocks.enumerated() {
            let isUnderCommit = outline.nearestRoles(above: index).contains(.commit)
            let found: String? =
                switch block.kind {
                case .heading(_, let text): message(inLine: text[...])
                case .item(_, _, let text): message(inLine: text[...]) ?? (isUnderCommit ? message(in: text) : nil)
                case .paragraph(let lines):
                    lines.lazy.compactMap { message(inLine: $0.text) }.first
                        ?? (isUnderCommit ? lines.first.flatMap { message(in: String($0.text)) } : nil)
                case .fence(let fence): message(inFence: fence, isUnderCommit: isUnderCommit)
                default: nil
                }
            if let found { return found }
        }
        return nil
    }

    /// `Commit: "feat: …"`, `Commit message: …`, or code with `git commit -m`.
    private static func message(inLine text: Substring) -> String? {
        guard text.utf8.count < 2000, text.holds("commit") else { return nil }
        for code in Inline.code(text) {
            if let found = message(inCommand: code[...]) { return found }
        }
        let plain = Inline.withoutEmphasis(text).trimmed("-* ")
        if plain.hasPrefix("git commit"), let found = message(inCommand: plain) { return found }
        guard let labelled = LabelledLine(plain), !labelled.rest.isEmpty else { return quoted(plain) }
        let label = FileList.withoutBrackets(labelled.label).words.joined(separator: " ")
        let labels = [
            "commit", "commit message", "commit msg", "commit with", "commit as", "final commit", "commit with message",
            "commit title",
        ]
        return labels.contains(label) ? message(in: String(labelled.rest)) : quoted(plain)
    }

    /// `Commit with message "feat: …"`.
    private static func quoted(_ text: Substring) -> String? {
        guard text.lowercased().hasPrefix("commit"), let open = text.firstIndex(where: { "\"“`".contains($0) }) else {
            return nil
        }
        let rest = text[text.index(after: open)...]
        guard let close = rest.firstIndex(where: { "\"”`".contains($0) }), rest[..<close].contains(" ") else {
            return nil
        }
        return String(rest[..<close])
    }

    /// The message in a text that is nothing else, or in its code or quotes.
    private static func message(in text: String) -> String? {
        for quote in [("\"", "\""), ("“", "”"), ("`", "`")] {
            let trimmed = text.trimmed
            guard trimmed.hasPrefix(quote.0), let end = trimmed.dropFirst().lastIndex(of: Character(quote.1)) else {
                continue
            }
            let inner = quote.0 == "`" ? trimmed.dropFirst().prefix { $0 != "`" } : trimmed.dropFirst()[..<end]
            return String(message(inCommand: inner) ?? String(inner))
        }
        let plain = Inline.plain(text).trimmed
        return plain.isEmpty ? nil : String(plain)
    }

    private static func message(inFence fence: MarkdownFence, isUnderCommit: Bool) -> String? {
        var isHereDocument = false
        for line in fence.lines {
            if isHereDocument, !line.text.trimmed.isEmpty { return String(line.text.trimmed) }
            if line.text.contains("git commit"), line.text.contains("<<") {
                isHereDocument = true
            } else if let found = message(inCommand: line.text) {
                return found
            }
        }
        guard isUnderCommit, let first = fence.lines.first(where: { !$0.text.trimmed.isEmpty }) else { return nil }
        let text = first.text.trimmed
        return text.hasPrefix("git ") || text.hasPrefix("#") ? nil : String(text)
    }

    /// The argument of `git commit -m`.
    private static func message(inCommand command: Substring) -> String? {
        guard let commit = command.firstRange(of: "git commit"),
            let option = [" -m ", " -am ", " --message ", " --message=", " -m"].lazy
                .compactMap({ command[commit.upperBound...].firstRange(of: $0) }).first
        else { return nil }
        let rest = command[option.upperBound...].trimmed
        guard let quote = rest.first, quote == "\"" || quote == "'" else {
            return rest.split(separator: " ").first.map(String.init)
        }
        var message = ""
        var isEscaped = false
        for character in rest.dropFirst() {
            if character == quote, !isEscaped { break }
            if isEscaped, character != quote { message.append("\\") }
            isEscaped = character == "\\" && !isEscaped
            if !isEscaped { message.append(character) }
        }
        return message.isEmpty ? nil : message
    }
}
