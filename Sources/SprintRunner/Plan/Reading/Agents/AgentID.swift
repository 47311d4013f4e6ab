/// How plans write an agent's id: `74-1`, `1A`, `A`, `T2-B`, `#3`, `alpha`.
enum AgentID {
    /// Words after "Agent" that are no id even before a colon.
    private static let notIDs: Set<String> = [
        "assignment", "assignments", "boundaries", "branch", "branches", "breakdown", "briefs", "commands", "count",
        "definitions", "dependencies", "details", "file", "files", "id", "ids", "instructions", "launch", "launches",
        "list", "management", "matrix", "model", "name", "names", "notes", "order", "output", "outputs", "overview",
        "ownership", "plan", "plans", "preamble", "prompt", "prompts", "protocol", "report", "reports", "results",
        "roles", "roster", "rules", "scope", "spawn", "specs", "status", "summary", "table", "task", "tasks", "team",
        "teams", "template", "templates", "tool", "tools", "type", "work", "is", "and", "to", "in", "must", "will",
        "responsibilities", "setup", "sequence", "sequencing", "structure", "execution", "coordination", "waves",
    ]

    /// Takes an id from the front of a text, with what follows it.
    ///
    /// An id has a digit, is one letter, or is a word that a separator follows.
    static func take(from text: Substring) -> (id: String, rest: Substring)? {
        var rest = text.drop { " #*`\"<_".contains($0) || $0 == "\u{A0}" }
        let start = rest.startIndex
        while let next = rest.first, next.isLetter || next.isNumber || "-._/".contains(next) || isDash(next, in: rest) {
            rest.removeFirst()
        }
        var token = text[start..<rest.startIndex]
        while let last = token.last, !(last.isLetter || last.isNumber) {
            token.removeLast()
            rest = text[token.endIndex...]
        }
        rest = rest.drop { "*`\">_".contains($0) }
        let id = String(token.map { isDash($0) ? "-" : $0 })
        guard !id.isEmpty, id.utf8.count <= 40, isID(id, followedBy: rest) else { return nil }
        return (id, rest)
    }

    private static func isID(_ id: String, followedBy rest: Substring) -> Bool {
        if id.contains(where: \.isNumber) { return id.first?.isLetter == true || id.first?.isNumber == true }
        if id.count == 1 { return id.first?.isUppercase == true || AgentHeading.startsSeparator(rest) }
        let letters = id.lowercased()
        if notIDs.contains(letters) || notIDs.contains(where: { letters == $0 + "s" }) { return false }
        return AgentHeading.startsSeparator(rest) || (id.count <= 3 && id.allSatisfy(\.isUppercase))
            || Self.letterNames.contains(letters)
    }

    private static let letterNames: Set<String> = [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "bravo", "charlie", "echo", "foxtrot",
        "one", "two", "three", "four", "five", "six", "seven", "eight",
    ]

    /// Dashes that editors put in place of a hyphen, within a word only.
    private static func isDash(_ character: Character, in text: Substring) -> Bool {
        guard isDash(character), let next = text.dropFirst().first else { return false }
        return next.isLetter || next.isNumber
    }

    private static func isDash(_ character: Character) -> Bool {
        "‐‑‒–—−".contains(character)
    }

    /// The form in which ids are compared: case and the dash's kind do not count.
    static func key(_ id: some StringProtocol) -> String {
        String(id.lowercased().map { isDash($0) || $0 == "_" ? "-" : $0 })
    }
}
