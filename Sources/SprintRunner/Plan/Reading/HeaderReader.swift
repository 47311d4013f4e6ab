/// Reads the sprint's number and the plan's title.
struct HeaderReader {
    private(set) var sprint: String?
    private(set) var title: String?

    init(_ outline: PlanOutline) {
        readFrontMatter(outline.document.lines)
        let heading = outline.blocks.indices.lazy.compactMap { outline.heading($0) }.first { $0.level <= .marked(2) }
        var code: String?
        if let heading, heading.level == .marked(1) || title == nil { code = readTitle(Inline.plain(heading.text)) }
        for line in outline.document.lines.prefix(400) where sprint == nil {
            readSprint(line.text)
        }
        sprint = sprint ?? code
    }

    private mutating func readFrontMatter(_ lines: ArraySlice<SourceLine>) {
        guard lines.first?.text.trimmed == "---" else { return }
        for line in lines.dropFirst().prefix(60) {
            if line.text.trimmed == "---" { return }
            guard let labelled = LabelledLine(line.text) else { continue }
            let value = String(labelled.rest.trimmed("\"'"))
            if labelled.label.lowercased() == "sprint" { sprint = value }
            if labelled.label.lowercased() == "title" { title = value }
        }
    }

    /// `Sprint 74 — Performance`, `QS13 T1 — Landing (Sprint 98)`; the result is a code such as `QS13`, which counts
    /// when no line gives the sprint's number.
    private mutating func readTitle(_ text: String) -> String? {
        var rest = text[...]
        if let open = rest.lastIndex(of: "("), rest.hasSuffix(")"), let id = Self.sprint(in: rest[open...].dropFirst())
        {
            sprint = sprint ?? id
            rest = rest[..<open].trimmed
        }
        for mark in [" — ", " – ", " - ", " | ", ", "] {
            // `Moving house — Sprint 62`.
            guard let last = rest.split(separator: mark).last, last.startIndex != rest.startIndex,
                last.words.count == 2, let id = Self.sprint(in: last)
            else { continue }
            sprint = sprint ?? id
            rest = rest[..<last.startIndex].trimmed.trimmed("—–-|,")
            break
        }
        let separators: [String] = [" — ", " – ", " ― ", " -- ", " : ", ": ", " - ", " | ", " · "]
        let parts = separators.compactMap { rest.firstRange(of: $0) }.min { $0.lowerBound < $1.lowerBound }
        let head = parts.map { rest[..<$0.lowerBound] } ?? rest
        if let id = Self.sprint(in: head) { sprint = sprint ?? id }
        let first = head.split(separator: " ").first ?? ""
        let isCode = first.contains(where: \.isNumber) && first.first?.isUppercase == true
        let isNumbered = Self.sprint(in: head) != nil || isCode
        if title == nil {
            let body = isNumbered ? parts.map { rest[$0.upperBound...].trimmed } ?? "" : rest.trimmed
            title = body.isEmpty ? Self.bracketed(rest) ?? String(rest.trimmed) : String(body)
        }
        return isCode ? String(first.trimmed(":,")) : nil
    }

    /// The name in `Sprint 38 (Bakery)`.
    private static func bracketed(_ text: Substring) -> String? {
        guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else { return nil }
        return String(text[text.index(after: open)...].dropLast().trimmed)
    }

    /// `**Sprint:** QS10 — …` or "the orchestrator for Sprint 82".
    private mutating func readSprint(_ line: Substring) {
        guard line.utf8.count < 1000, line.contains("print") else { return }
        if let labelled = LabelledLine(line), labelled.label.lowercased() == "sprint",
            let value = labelled.rest.split(separator: " ").first
        {
            sprint = String(value.trimmed(",.;"))
        } else if line.contains("orchestrator") || line.contains("lead") {
            sprint = Self.sprint(in: line)
        }
    }

    /// The number after the word "Sprint".
    private static func sprint(in text: Substring) -> String? {
        for word in ["Sprint ", "SPRINT ", "sprint ", "Sprint-", "sprint-"] {
            guard let found = text.firstRange(of: word) else { continue }
            let rest = text[found.upperBound...].drop { $0 == "#" }
            let id = rest.prefix { $0.isLetter || $0.isNumber || "._-".contains($0) }.trimmed(".-_")
            if id.contains(where: \.isNumber) { return String(id) }
        }
        return nil
    }
}
