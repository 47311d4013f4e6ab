/// Lines that tell an agent what to do, and the files they are about.
enum TaskLine {
    /// Verbs that change the file they name.
    private static let verbs: Set<String> = [
        "add", "append", "build", "change", "convert", "create", "delete", "edit", "enhance", "extend", "fix",
        "implement",
        "insert", "migrate", "modify", "move", "refactor", "remove", "rename", "replace", "rewrite", "save", "split",
        "update",
        "write", "wire", "register",
    ]
    /// Words before a path that make it something to look at.
    private static let sources: Set<String> = [
        "as", "by", "call", "calls", "check", "follow", "following", "from", "import", "include", "like", "of",
        "pattern",
        "per", "read", "reading", "reference", "run", "see", "than", "through", "use", "using", "via", "with",
        "against",
    ]

    /// What follows these is a command line.
    private static let commands: Set<String> = [
        "grep", "pytest", "python", "python3", "run", "npm", "cat", "source", "git",
    ]

    private static let longestCommand = commands.map(\.utf8.count).max() ?? 0

    /// `Task 74-1-2: Add …`.
    static func isTask(_ text: Substring) -> Bool {
        let plain = text.trimmed("*#- ")
        guard plain.hasPrefix("Task ") || plain.hasPrefix("TASK ") else { return false }
        return plain.prefix(60).contains(":") || plain.prefix(60).contains("—")
    }

    static func startsWithVerb(_ text: Substring) -> Bool {
        let first = text.trimmed("*#- ").prefix { $0.isLetter }
        return first.first?.isUppercase == true && verbs.contains(first.lowercased())
    }

    /// The paths a task is about: not those in commands, in quotes, or after "see" and "from".
    static func objects(in text: String) -> [OwnedPath] {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }) else { return [] }
        var objects: [OwnedPath] = []
        var before: Substring = ""
        for span in Inline.spans(Inline.withoutEmphasis(text)) {
            switch span {
            case .code(let code):
                guard !code.contains(" "), !isSource(before) else { continue }
                if let path = PathToken.mentioned(code, isCode: true) { objects.append(path) }
            case .text(let text):
                objects += bare(in: text)
                before = lastWord(of: text.trimmed)
            }
        }
        return objects.filter { $0.kind == .exact }
    }

    private static func lastWord(of text: Substring) -> Substring {
        text.lastIndex { $0.isWhitespace }.map { text[text.index(after: $0)...] } ?? text
    }

    private static func bare(in text: String) -> [OwnedPath] {
        var objects: [OwnedPath] = []
        var last: Substring = ""
        // What stands in quotes or brackets is a value or a remark.
        let outside = FileList.withoutBrackets(text).utf8
            .split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset.isMultiple(of: 2) }.map { Substring($0.element) }
        for part in outside {
            let separators: (UInt8) -> Bool = { $0 <= 0x20 || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") }
            for word in part.utf8.split(whereSeparator: separators).map({ Substring($0) }) {
                if word.utf8.count <= longestCommand, commands.contains(word.lowercased()) { return objects }
                if let path = PathToken.mentioned(word, isCode: false), !isSource(last) { objects.append(path) }
                last = word
            }
        }
        return objects
    }

    private static func isSource(_ word: Substring) -> Bool {
        sources.contains(word.trimmed("(:").lowercased())
    }
}
