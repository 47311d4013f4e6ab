/// The ids of a plan's agents, and where a text names them.
struct AgentRoster {
    /// Where ids are looked for: the looser, the less an id has to look like one.
    enum Place {
        /// Running text: `Agents 1 and 2`, `2A`, but not every `1` or `A`.
        case prose
        /// A text that should hold little but ids: `A + C`, `1`.
        case list
        /// A branch's name: `agent-a-branch`, `sprint-74-4`.
        case branch
    }

    let ids: [String]
    private let byKey: [String: String]
    private let nouns: Set<String>

    init(ids: [String], nouns: [String]) {
        self.ids = ids
        byKey = Dictionary(ids.map { (AgentID.key($0), $0) }, uniquingKeysWith: { first, _ in first })
        self.nouns = Set(nouns + nouns.map { $0 + "s" } + ["agent", "agents"])
    }

    /// The plan's own spelling of an id.
    func resolve(_ id: some StringProtocol) -> String? {
        byKey[AgentID.key(id)]
    }

    /// A word of a text, with the agent it names.
    struct Token {
        let word: String
        let agent: String?
    }

    /// The agents that a text names, each once, in the order of their first mention.
    func mentions(in text: some StringProtocol, _ place: Place) -> [String] {
        var seen: Set<String> = []
        return tokens(of: text, place).compactMap(\.agent).filter { seen.insert($0).inserted }
    }

    /// The words of a text in lower case, and the agents among them.
    func tokens(of text: some StringProtocol, _ place: Place) -> [Token] {
        let text = String(text)[...]
        let words = text.split { !($0.isLetter || $0.isNumber || "-_.‐‑‒–—−".contains($0)) }
            .map { $0.trimmed("-_.–—") }.filter { !$0.isEmpty }
        var tokens: [Token] = []
        var follows = false
        for (index, word) in words.enumerated() {
            let lower = word.lowercased()
            if nouns.contains(lower) {
                follows = true
                tokens.append(Token(word: lower, agent: nil))
                continue
            }
            // With a comma or an arrow behind it, a letter is no article.
            let isFollowedByWord = word.endIndex < text.endIndex && text[word.endIndex].isWhitespace
            let next = isFollowedByWord && index + 1 < words.count ? words[index + 1] : nil
            let agent = agent(named: word, afterNoun: follows, before: next, place)
            if agent == nil, !["and", "or", "then"].contains(lower) { follows = false }
            tokens.append(Token(word: lower, agent: agent))
        }
        return tokens
    }

    private func agent(named word: Substring, afterNoun: Bool, before next: Substring?, _ place: Place) -> String? {
        let key = AgentID.key(word)
        if let id = byKey[key] {
            if afterNoun || place == .branch || (place == .list && !isArticle(word, before: next)) { return id }
            if id.contains(where: \.isNumber) { return id.contains(where: { !$0.isNumber }) ? id : nil }
            if id.count == 1 { return word == id && !isArticle(word, before: next) ? id : nil }
            return word == id && word.first?.isUppercase == true ? id : nil
        }
        let isBranch = place == .branch || nouns.contains { key.hasPrefix($0 + "-") } || key.hasSuffix("-branch")
        return isBranch ? agent(inBranch: key) : nil
    }

    /// The longest run of a branch's parts that is an id.
    private func agent(inBranch key: String) -> String? {
        let parts = key.split(separator: "-").prefix(12)
        for length in stride(from: parts.count, to: 0, by: -1) {
            for start in 0...(parts.count - length) {
                if let id = byKey[parts[start..<(start + length)].joined(separator: "-")] { return id }
            }
        }
        return nil
    }

    /// "A" and "I" are words too, unless what follows speaks of an agent.
    private func isArticle(_ word: Substring, before next: Substring?) -> Bool {
        guard word.lowercased() == "a" || word.lowercased() == "i", let next else { return false }
        let verbs: Set<String> = [
            "first", "last", "then", "and", "or", "before", "after", "must", "merges", "lands", "extends", "depends",
            "starts", "runs", "completes", "finishes", "is", "has", "goes", "waits", "needs", "requires", "blocks",
            "owns", "builds", "second", "third", "next", "only", "to", "until", "modifies", "creates", "touches",
        ]
        let following = next.lowercased()
        return !verbs.contains(following) && byKey[AgentID.key(following)] == nil && next.first?.isLowercase == true
    }
}
