/// Finds which of some words stand in a text, in one pass over its bytes however many words there are.
///
/// The automaton of A. V. Aho and M. J. Corasick, "Efficient string matching", 1975, over ASCII letters without case.
struct WordFinder: Sendable {
    /// Bytes that no word holds are one class, so that the table stays in the processor's nearest cache.
    private let classes: [UInt8]
    private let classCount: Int
    /// The next state, by state times ``classCount`` plus class.
    private let next: [UInt16]
    /// The words that have been seen whole in a state.
    private let words: [[Int]]

    /// Words of ASCII characters, in any case; no more than 60,000 characters together.
    init(_ words: [String]) {
        var classes = [UInt8](repeating: 0, count: 256)
        var count = 1
        for byte in words.joined().utf8.map(Self.lowercased) where classes[Int(byte)] == 0 {
            classes[Int(byte)] = UInt8(count)
            count += 1
        }
        for upper in UInt8(ascii: "A")...UInt8(ascii: "Z") { classes[Int(upper)] = classes[Int(upper | 0x20)] }

        var children: [[Int: Int]] = [[:]]
        var found: [[Int]] = [[]]
        for (index, word) in words.enumerated() {
            var state = 0
            for byte in word.utf8 {
                let step = Int(classes[Int(Self.lowercased(byte))])
                if let known = children[state][step] {
                    state = known
                } else {
                    children.append([:])
                    found.append([])
                    children[state][step] = children.count - 1
                    state = children.count - 1
                }
            }
            found[state].append(index)
        }

        var next = [UInt16](repeating: 0, count: children.count * count)
        var fallback = [Int](repeating: 0, count: children.count)
        var queue = [0]
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            for step in 0..<count {
                let shorter = state == 0 ? 0 : Int(next[fallback[state] * count + step])
                guard let child = children[state][step] else {
                    next[state * count + step] = UInt16(shorter)
                    continue
                }
                next[state * count + step] = UInt16(child)
                fallback[child] = shorter
                found[child] += found[shorter]
                queue.append(child)
            }
        }
        self.classes = classes
        classCount = count
        self.next = next
        self.words = found
    }

    /// The indices of the words that stand in `bytes`.
    func words(in bytes: [UInt8]) -> Set<Int> {
        var seen = [Bool](repeating: false, count: words.count)
        var state = 0
        for byte in bytes {
            state = Int(next[state * classCount + Int(classes[Int(byte)])])
            seen[state] = true
        }
        return seen.indices.reduce(into: []) { all, state in
            if seen[state] { all.formUnion(words[state]) }
        }
    }

    /// Whether any of the words stands in `text`.
    func finds(in text: String) -> Bool {
        var state = 0
        for byte in text.utf8 {
            state = Int(next[state * classCount + Int(classes[Int(byte)])])
            if !words[state].isEmpty { return true }
        }
        return false
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }
}
