/// Phrases and what they mean, found in a text by one look at each of its words.
struct Vocabulary<Meaning: Hashable & Sendable>: Sendable {
    private let byFirstWord: [String: [(rest: [String], meaning: Meaning)]]

    /// - Parameter phrases: in lower case, words parted by spaces.
    init(_ phrases: [Meaning: [String]]) {
        var byFirstWord: [String: [(rest: [String], meaning: Meaning)]] = [:]
        for (meaning, phrases) in phrases {
            for phrase in phrases {
                let words = phrase.words
                guard let first = words.first else { continue }
                byFirstWord[first, default: []].append((Array(words.dropFirst()), meaning))
            }
        }
        self.byFirstWord = byFirstWord
    }

    /// The meanings of all phrases that occur in a list of words.
    func matches(in words: [String]) -> Set<Meaning> {
        var found: Set<Meaning> = []
        for (index, word) in words.enumerated() {
            for phrase in byFirstWord[word] ?? [] where words[(index + 1)...].starts(with: phrase.rest) {
                found.insert(phrase.meaning)
            }
        }
        return found
    }

    /// True when the phrase occurs in the words.
    static func holds(_ phrase: [String], in words: [String]) -> Bool {
        words.indices.contains { words[$0...].starts(with: phrase) }
    }
}
