/// A path pattern: `*` within a folder's or file's name, `**` over folders, `?` for one character.
///
/// A pattern without `/` matches a name at any depth, and a pattern that matches a folder matches all in it, as in
/// `.gitignore`.
struct Glob: Sendable, Hashable {
    let pattern: String
    private let parts: [[Character]]

    init(_ pattern: String) {
        self.pattern = pattern
        var text = Substring(pattern)
        while text.hasPrefix("./") { text = text.dropFirst(2) }
        while text.hasSuffix("/") { text = text.dropLast() }
        let anchored = text.contains("/")
        if text.hasPrefix("/") { text = text.dropFirst() }
        parts = (anchored ? [] : [["*", "*"]]) + text.split(separator: "/").map(Array.init)
    }

    /// Whether a path, its parts joined by `/`, or a folder above it matches.
    func matches(_ path: String) -> Bool {
        let names = path.split(separator: "/").map(Array.init)
        // Rows of the usual dynamic programme: which prefixes of the path the parts so far can match.
        var reached = [true] + [Bool](repeating: false, count: names.count)
        for part in parts {
            var next = [Bool](repeating: false, count: names.count + 1)
            if part == ["*", "*"] {
                var open = false
                for index in reached.indices {
                    open = open || reached[index]
                    next[index] = open
                }
            } else {
                for index in names.indices where reached[index] && Self.match(part, names[index]) {
                    next[index + 1] = true
                }
            }
            reached = next
        }
        // A reached prefix is the path itself or a folder above it.
        return reached.dropFirst().contains(true)
    }

    /// Whether a single text without folders, such as a rule's id, matches the pattern as a whole.
    static func matches(_ pattern: String, name: String) -> Bool {
        match(Array(pattern), Array(name))
    }

    /// Greedy matching with one point to come back to, linear in practice and never worse than quadratic.
    private static func match(_ pattern: [Character], _ name: [Character]) -> Bool {
        var patternIndex = 0
        var nameIndex = 0
        var star: (pattern: Int, name: Int)?
        while nameIndex < name.count {
            if patternIndex < pattern.count, pattern[patternIndex] == "*" {
                star = (patternIndex, nameIndex)
                patternIndex += 1
            } else if patternIndex < pattern.count,
                pattern[patternIndex] == "?" || pattern[patternIndex] == name[nameIndex]
            {
                patternIndex += 1
                nameIndex += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                patternIndex = last.pattern + 1
                nameIndex = last.name + 1
            } else {
                return false
            }
        }
        return pattern[patternIndex...].allSatisfy { $0 == "*" }
    }
}
