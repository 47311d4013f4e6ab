/// A line that introduces an agent: `### Agent 74-1: …`, `## Agent 1A Prompt — …`, `Launch Agent 2A (FOREGROUND)`,
/// `Agent 1 (Name)`.
struct AgentHeading: Equatable {
    /// What the line announces; a plan may announce one agent in each form once.
    enum Form: Hashable {
        case description
        case prompt
        case launch
    }

    let id: String
    let title: String
    let form: Form

    /// What a plan calls its builders.
    ///
    /// The first of these that heads two sections or more is taken.
    static let nouns = [
        ["agent", "subagent", "sub-agent"], ["worker"], ["builder"], ["engineer"], ["developer"], ["teammate"],
        ["workstream"], ["stream"], ["track"], ["lane"], ["terminal"], ["session"],
    ]

    private static let launchVerbs: Set<String> = ["launch", "spawn", "start", "run", "dispatch"]
    private static let leads: Set<String> = [
        "prompt", "prompts", "for", "the", "build", "coding", "parallel", "task", "brief", "instructions", "spec",
        "section", "step", "part", "first", "second", "third", "then", "next", "now", "sub", "worktree", "background",
    ]
    private static let remarks: Set<String> = [
        "foreground", "background", "parallel", "sequential", "after", "first", "last", "second", "depends", "start",
        "starts", "wait", "wave", "blocking", "in", "runs", "worktree", "model", "sonnet", "opus", "haiku",
    ]

    /// Reads a heading's text; nil when it introduces no agent.
    init?(_ text: some StringProtocol, nouns: [String] = AgentHeading.nouns[0]) {
        guard text.utf8.count <= 400 else { return nil }
        let text = Self.withoutNumber(Inline.plain(text)[...])
        guard let noun = Self.find(nouns, in: text) else { return nil }
        let before = text[..<noun.lowerBound].words
        guard
            before.allSatisfy({ Self.leads.contains($0) || Self.launchVerbs.contains($0) || $0.allSatisfy(\.isNumber) })
        else { return nil }
        guard let (id, after) = AgentID.take(from: text[noun.upperBound...]) else { return nil }
        var rest = after.trimmed
        var form: Form = before.contains { Self.launchVerbs.contains($0) } ? .launch : .description
        if before.contains("prompt") { form = .prompt }
        for word in ["Prompt", "prompt", "PROMPT", "Task", "Brief", "Instructions"] where rest.hasPrefix(word) {
            let following = rest.dropFirst(word.count)
            guard following.isEmpty || Self.startsSeparator(following) else { return nil }
            rest = following.trimmed
            form = .prompt
        }
        guard rest.isEmpty || Self.startsSeparator(rest) else { return nil }
        self.id = id
        self.form = form
        title = Self.title(of: rest)
    }

    /// `(Backend): routes` is titled "routes", `(Backend)` alone "Backend"; `(FOREGROUND)` is a remark.
    private static func title(of text: Substring) -> String {
        var rest = text
        var name: Substring = ""
        if let bracket = FileList.bracket(at: rest) {
            let isRemark = bracket.content.words.first.map(remarks.contains) ?? true
            name = isRemark ? "" : bracket.content
            rest = bracket.rest.trimmed
        }
        let title = rest.trimmed(":—–-―：|·.→>=")
        return String(title.isEmpty ? name : title)
    }

    static func startsSeparator(_ text: Substring) -> Bool {
        let text = text.trimmed
        guard let first = text.first else { return false }
        if ":—–―：|(·→[".contains(first) || text.hasPrefix("->") || text.hasPrefix("=>") { return true }
        return "-.".contains(first) && text.dropFirst().first.map { $0.isWhitespace || $0 == "-" } ?? false
    }

    /// The heading without `3.`, `2.1`, `(4)`, `Step 2:` and pictures in front.
    private static func withoutNumber(_ text: Substring) -> Substring {
        var text = text.trimmed
        while let first = text.first, !first.isLetter, !first.isNumber { text = text.dropFirst().trimmed }
        let number = text.prefix { $0.isNumber || $0 == "." || $0 == ")" }
        guard !number.isEmpty, text[number.endIndex...].first?.isWhitespace == true else { return text }
        return text[number.endIndex...].trimmed.trimmed(":—–-.)")
    }

    /// The first of the nouns that stands as a word of its own, in singular.
    private static func find(_ nouns: [String], in text: Substring) -> Range<Substring.Index>? {
        let lower = text.lowercased()
        // Lower-casing may change the length of exotic letters, and with it every index.
        guard lower.utf8.count == text.utf8.count else { return nil }
        for noun in nouns {
            guard let found = lower.firstRange(of: noun) else { continue }
            let start = lower.utf8.distance(from: lower.startIndex, to: found.lowerBound)
            let lowerBound = text.utf8.index(text.startIndex, offsetBy: start)
            let upperBound = text.utf8.index(lowerBound, offsetBy: noun.utf8.count)
            guard lowerBound == text.startIndex || !text[text.index(before: lowerBound)].isLetter else { continue }
            guard upperBound < text.endIndex, !text[upperBound].isLetter, !text[upperBound].isNumber else { continue }
            var end = upperBound
            while end < text.endIndex, text[end].isWhitespace || "-_#".contains(text[end]) {
                end = text.index(after: end)
            }
            guard end > upperBound else { continue }
            return lowerBound..<end
        }
        return nil
    }
}
