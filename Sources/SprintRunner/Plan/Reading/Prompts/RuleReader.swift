extension SprintPlan.Rules {
    /// Reads one line of rules.
    mutating func read(_ text: Substring) {
        guard text.utf8.count < 4000, text.holds("commit", "fix", "merge", "push", "blocked") else { return }
        let words = text.words
        let phrase = words.joined(separator: " ")
        if phrase.containsWords("commit", "commits"), let limit = Self.minutes(in: words) {
            earlyCommitMinutes = earlyCommitMinutes ?? limit
        }
        if phrase.containsWords("test fixup exception", "test fix up exception", "test fix exception")
            || (phrase.containsWords("may fix", "can fix", "allowed to fix") && phrase.containsWords("test", "tests"))
        {
            mayFixOthersTests = true
        }
        if phrase.containsWords(
            "do not merge", "never merge", "don't merge", "not merge to main", "never push", "do not push", "git merge")
            && phrase.containsWords("not", "never", "don't")
        {
            forbidsMerging = true
        }
        if text.contains("BLOCKED") { reportsBlocked = true }
    }

    /// The number in "within 10 minutes".
    private static func minutes(in words: [String]) -> Int? {
        guard let within = words.firstIndex(of: "within"), within + 2 < words.count, words[within + 2].hasPrefix("min")
        else {
            return nil
        }
        return Int(words[within + 1]).flatMap { (1...10_000).contains($0) ? $0 : nil }
    }
}
