/// Takes apart a text that names agents in an order: `74-4 first, then 74-2 + 74-3`, `A → (B, C) → D`.
struct OrderText {
    let roster: AgentRoster

    /// Agents that come at one time.
    struct Group {
        var agents: [String]
        /// "the rest", "all others".
        var isRest = false
    }

    /// The groups in the order they come; empty when the text names no agent.
    func groups(in text: some StringProtocol, _ place: AgentRoster.Place = .list) -> [Group] {
        steps(of: String(text)).compactMap { step in
            let core = FileList.withoutBrackets(step)
            // A step may be all brackets: `A → (B, C)`.
            let named = roster.mentions(in: Self.beforeReason(core, roster), place)
            let agents = named.isEmpty ? roster.mentions(in: step, place) : named
            let isRest = agents.isEmpty && Self.isRest(core)
            return agents.isEmpty && !isRest ? nil : Group(agents: agents, isRest: isRest)
        }
    }

    /// True when the text has an arrow with an agent on both sides.
    func isChain(_ text: some StringProtocol) -> Bool {
        let steps = Self.split(String(text), at: Self.arrows)
        return steps.count >= 2
            && steps.count { !roster.mentions(in: FileList.withoutBrackets($0), .list).isEmpty || $0.contains("(") }
                >= 2
            && steps.filter { !roster.mentions(in: $0, .list).isEmpty }.count >= 2
    }

    static let arrows = ["→", "⟶", "➜", "➡", "⇒", "-->", "->", "=>", ">>", "▶", " > "]
    private static let joints = [" then ", " followed by ", " and finally ", " finally ", " before ", ";"]

    private func steps(of text: String) -> [String] {
        if isChain(text) { return Self.split(text, at: Self.arrows) }
        let steps = Self.split(text.replacing(", then", with: " then"), at: Self.joints)
        guard steps.count > 1 else { return steps }
        // In "A, B, then C" the comma means "then" too; in "A and B, then C" there is none.
        return steps.flatMap { step in
            step.contains(",") && !step.words.contains("and") && !step.contains("+") && !step.contains("(")
                ? step.split(separator: ",").map(String.init) : [step]
        }
    }

    private static func split(_ text: String, at marks: [String]) -> [String] {
        marks.reduce([text]) { parts, mark in
            parts.flatMap { part in
                part.contains(mark) ? part.split(separator: mark).map(String.init) : [part]
            }
        }
    }

    /// The text before a dash that gives a reason, when agents are named there already.
    private static func beforeReason(_ text: String, _ roster: AgentRoster) -> Substring {
        for mark in [" — ", " – ", " -- ", " - ", ": ", " because ", " after ", " since ", " as it ", ". "] {
            guard let found = text.firstRange(of: mark) else { continue }
            let head = text[..<found.lowerBound]
            if !roster.mentions(in: head, .list).isEmpty { return head }
        }
        return text[...]
    }

    static func isRest(_ text: String) -> Bool {
        let words = text.words
        return words.count <= 12
            && words.joined(separator: " ").containsWords(
                "the rest", "rest", "others", "the others", "all others", "remaining", "everything else",
                "all other agents",
                "other agents"
            )
    }
}
