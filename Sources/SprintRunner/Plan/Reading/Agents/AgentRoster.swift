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
    /// Titles that only one agent has, as words, the longest first.
    private let titles: [(words: [String], id: String)]

    init(agents: [(id: String, title: String)], nouns: [String]) {
        let ids = agents.map(\.id)
        self.ids = ids
        let owners = Dictionary(grouping: agents) { $0.title.words }
        titles = owners.compactMap { words, agents in
            agents.count == 1 && words.joined().count >= 3 ? (words, agents[0].id) : nil
        }.sorted { $0.words.count > $1.words.count }
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
        let agents = tokens(of: text, place).compactMap(\.agent).filter { seen.insert($0).inserted }
        return agents.isEmpty && place == .list ? withFullTitles(in: text) : agents
    }

    // MARK: Titles

    /// Words around an agent's title that do not make it a sentence about something else.
    private static let fillers: Set<String> = ["the", "merge", "land", "first", "then", "branch", "of", "and", "last"]

    /// The agents whose titles a text begins with, or goes on with: `Pool Tuning, then Load Test`.
    private func withFullTitles(in text: some StringProtocol) -> [String] {
        // `beds/` is a directory, whatever the agent that plants them is called.
        guard text.utf8.count < 400, !text.contains("/") else { return [] }
        var words = String(text).words[...]
        var found: [String] = []
        while !words.isEmpty {
            words = words.drop { Self.fillers.contains($0) || nouns.contains($0) }
            guard let title = titles.first(where: { words.starts(with: $0.words) }) else { break }
            if !found.contains(title.id) { found.append(title.id) }
            words = words.dropFirst(title.words.count)
        }
        return found
    }

    /// The only agent whose title has these words, together and in order.
    func titled(_ text: some StringProtocol) -> String? {
        let ends: Set<String> = [
            "completes", "completed", "done", "finishes", "finished", "merged", "lands", "is", "has",
        ]
        let words = FileList.withoutBrackets(String(text)).words
            .drop { Self.fillers.contains($0) || nouns.contains($0) }
            .prefix { !nouns.contains($0) && !ends.contains($0) }
        guard words.joined().count >= 3 else { return nil }
        let found = titles.filter { Vocabulary<Int>.holds(Array(words), in: $0.words) }
        return found.count == 1 ? found[0].id : nil
    }

    /// Words that look like ids of this plan's agents and are none: `9-4` beside `9-1` to `9-3`, `Agent 7`.
    func strangers(in text: some StringProtocol) -> [String] {
        let stems = Set(ids.compactMap { Self.stem(AgentID.key($0)) })
        var found: [String] = []
        var follows = false
        for word in String(text).split(whereSeparator: { !($0.isLetter || $0.isNumber || "-_.".contains($0)) }) {
            let name = word.trimmed("-_.")
            let key = AgentID.key(name)
            defer { follows = nouns.contains(key) }
            guard byKey[key] == nil, range(name).isEmpty, key.contains(where: \.isNumber) else { continue }
            let isID = follows || Self.stem(key).map { stems.contains($0) } ?? false
            if isID, !found.contains(String(name)) { found.append(String(name)) }
        }
        return found
    }

    /// What ids of one plan have in common: `9-` of `9-1`; `nil` where the last part is no number.
    private static func stem(_ key: String) -> Substring? {
        guard let dash = key.lastIndex(of: "-"), dash != key.startIndex else { return nil }
        let end = key[key.index(after: dash)...]
        return !end.isEmpty && end.count <= 3 && end.allSatisfy(\.isNumber) ? key[...dash] : nil
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
            if agent == nil, follows || place == .list {
                let range = range(word)
                tokens += range.map { Token(word: lower, agent: $0) }
                if !range.isEmpty { continue }
            }
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

    /// The ids from one to another: `1-3`, `A–C`.
    private func range(_ word: Substring) -> ArraySlice<String> {
        let ends = AgentID.key(word).split(separator: "-")
        guard ends.count == 2, ends.allSatisfy({ $0.allSatisfy(\.isNumber) || $0.count == 1 }),
            let first = byKey[String(ends[0])].flatMap({ ids.firstIndex(of: $0) }),
            let last = byKey[String(ends[1])].flatMap({ ids.firstIndex(of: $0) }), first < last
        else { return [] }
        return ids[first...last]
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
