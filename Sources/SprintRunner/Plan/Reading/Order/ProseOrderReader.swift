/// Reads which agents have to be done before others start, and orders of merging that are given in prose.
struct ProseOrderReader {
    /// What the plan states outright: "2B MUST NOT start until 2A has completed".
    private(set) var starts = OrderGraph()
    /// What follows from its words: "2A first, 2B extends it".
    private(set) var hints = OrderGraph()
    /// What it says of merging alone: "merge A before B".
    private(set) var merges = OrderGraph()

    private let roster: AgentRoster

    init(roster: AgentRoster) {
        self.roster = roster
    }

    /// Reads headings such as "Wave 1" and "Wave 2" over the agents' sections: a wave starts when the one before is done.
    mutating func readWaves(_ outline: PlanOutline, agents: [(id: String, line: Int)]) {
        let names: Set<String> = ["wave", "batch", "round", "stage", "phase", "tier"]
        var waves: [(number: Int, agents: [String], line: Int)] = []
        for index in outline.blocks.indices {
            guard let heading = outline.heading(index), case .marked = heading.level else { continue }
            let words = heading.text.words
            guard let name = words.prefix(2).firstIndex(where: names.contains), name + 1 < words.count,
                let number = Int(words[name + 1])
            else { continue }
            let line = outline.blocks[index].line
            let lines = line..<outline.endLine(of: outline.section(of: index))
            let inside = agents.filter { lines.contains($0.line) }.map(\.id)
            if !inside.isEmpty, waves.last?.agents != inside { waves.append((number, inside, line)) }
        }
        for (earlier, later) in zip(waves, waves.dropFirst())
        where earlier.number < later.number && earlier.agents.count * later.agents.count < 10_000 {
            for before in earlier.agents {
                for after in later.agents where after != before { hints.add(before, before: after, line: later.line) }
            }
        }
    }

    /// Reads running text outside the agents' parts.
    mutating func read(_ text: String, line: Int) {
        guard text.utf8.count < 4000 else { return }
        let plain = Inline.plain(text)
        // "2A first; 2B extends it" is one thought.
        for sentence in DenialReader.sentences(of: plain.replacing(";", with: ",")) {
            readPronoun(FileList.withoutBrackets(sentence), line: line)
        }
        for sentence in DenialReader.sentences(of: plain) {
            let core = FileList.withoutBrackets(sentence)
            for clause in Self.clauses(of: core) { readClause(clause, line: line) }
            guard core.utf8.count != sentence.utf8.count else { continue }
            for part in sentence.split(separator: "(").dropFirst() {
                for clause in Self.clauses(of: String(part.prefix { $0 != ")" })) { readClause(clause, line: line) }
            }
        }
    }

    private static func clauses(of text: String) -> [Substring] {
        text.replacing(" — ", with: "\n").replacing(" – ", with: "\n").split(separator: "\n")
    }

    /// Words between two agents that put the first one after the second.
    private static let afterPhrases = [
        "after", "extends", "depends on", "builds on", "build on", "requires", "needs", "waits for", "wait for",
        "blocked by", "until", "once", "on top of", "based on", "relies on", "extending", "following",
    ]
    private static let beforePhrases = ["before", "then", "followed by", "unblocks", "blocks", "precedes", "prior to"]
    private static let afterLeads: Set<String> = ["after", "once", "when"]
    private static let startWords: Set<String> = [
        "start", "starts", "launch", "launches", "spawn", "run", "runs", "begin", "begins", "wait", "waits", "until",
        "extends", "depends", "builds", "requires", "needs", "sequential", "completes", "completed", "finishes",
        "relies",
        "extending", "blocked", "completion", "blocks", "unblocks", "parallel",
    ]
    private static let mergeWords: Set<String> = ["merge", "merges", "merged", "merging", "land", "lands", "landed"]

    private mutating func readClause(_ clause: Substring, line: Int) {
        let tokens = roster.tokens(of: clause, .prose)
        let places = tokens.indices.filter { tokens[$0].agent != nil }
        guard let firstPlace = places.first, let first = tokens[firstPlace].agent else { return }
        let words = Set(tokens.map(\.word))
        let isStart =
            !words.isDisjoint(with: Self.startWords) && words.isDisjoint(with: Self.mergeWords)
            || !words.isDisjoint(with: ["extends", "depends", "builds", "relies"])
        let lead = tokens[..<firstPlace].map(\.word)
        for (left, right) in zip(places, places.dropFirst()) {
            guard !tokens[(left + 1)..<right].allSatisfy({ Self.joints.contains($0.word) }) else { continue }
            let between = tokens[(left + 1)..<right].map(\.word).joined(separator: " ")
            let isFirst = between.split(separator: " ").prefix(3).contains("first")
            let (ones, others) = (Self.group(tokens, endingAt: left), Self.group(tokens, startingAt: right))
            guard ones.count * others.count < 10_000 else { continue }
            for one in ones {
                for other in others where one != other {
                    if isFirst || (left == firstPlace && !Self.afterLeads.isDisjoint(with: lead)) {
                        add(one, before: other, line, isStart: isStart)
                    } else if between.containsWords("not"), between.containsWords("until", "before") {
                        starts.add(other, before: one, line: line)
                    } else if Self.afterPhrases.contains(where: { between.containsWords($0) }) {
                        add(other, before: one, line, isStart: isStart)
                    } else if Self.beforePhrases.contains(where: { between.containsWords($0) }) {
                        add(one, before: other, line, isStart: isStart)
                    }
                }
            }
        }
        readLasts(tokens, places: places, line: line)
        readFirstAndLast(tokens, places: places, alone: first, line: line)
    }

    /// Words that put agents side by side: "1, 2 and 3".
    private static let joints: Set<String> = ["and", "or", "both", "agent", "agents", "with"]

    private static func group(_ tokens: [AgentRoster.Token], endingAt end: Int) -> [String] {
        var start = end
        while start > 0, tokens[start - 1].agent != nil || joints.contains(tokens[start - 1].word) { start -= 1 }
        return tokens[start...end].compactMap(\.agent)
    }

    private static func group(_ tokens: [AgentRoster.Token], startingAt start: Int) -> [String] {
        tokens[start...].prefix { $0.agent != nil || joints.contains($0.word) }.compactMap(\.agent)
    }

    /// "A first, then C, B last": what is last comes after all others, whoever else the clause names.
    private mutating func readLasts(_ tokens: [AgentRoster.Token], places: [Int], line: Int) {
        guard places.count > 1, roster.ids.count < 200 else { return }
        for place in places where place + 1 < tokens.count && tokens[place + 1].word == "last" {
            guard let agent = tokens[place].agent else { continue }
            for other in roster.ids where other != agent { merges.add(other, before: agent, line: line) }
        }
    }

    /// "A must merge first", "C last": before or after all others, when the clause names no other agent.
    private mutating func readFirstAndLast(_ tokens: [AgentRoster.Token], places: [Int], alone: String, line: Int) {
        guard Set(places.compactMap { tokens[$0].agent }).count == 1, let place = places.last else { return }
        let following = tokens[(place + 1)...].prefix(4).map(\.word)
        let others = roster.ids.filter { $0 != alone }
        guard others.count < 200 else { return }
        if following.contains("first") {
            for other in others { merges.add(alone, before: other, line: line) }
        } else if following.contains("last") {
            for other in others { merges.add(other, before: alone, line: line) }
        }
    }

    /// "2A first, 2B extends it": the pronoun stands for the first agent.
    private mutating func readPronoun(_ sentence: String, line: Int) {
        let tokens = roster.tokens(of: sentence, .prose)
        let agents = tokens.indices.filter { tokens[$0].agent != nil }
        guard agents.count == 2, let first = tokens[agents[0]].agent, let second = tokens[agents[1]].agent,
            first != second
        else { return }
        let following = tokens[(agents[1] + 1)...].prefix(4).map(\.word)
        let verbs: Set<String> = ["extends", "builds", "uses", "needs", "requires", "depends", "follows"]
        if !verbs.isDisjoint(with: following), following.contains(where: { ["it", "that", "this"].contains($0) }) {
            add(first, before: second, line, isStart: true)
        }
    }

    private mutating func add(_ before: String, before after: String, _ line: Int, isStart: Bool) {
        if isStart { hints.add(before, before: after, line: line) }
        merges.add(before, before: after, line: line)
    }
}
