/// What a plan says an agent does with a file: creates it, only appends to it, or changes it.
struct FileMode: OptionSet {
    let rawValue: Int

    static let new = FileMode(rawValue: 1)
    static let appendOnly = FileMode(rawValue: 2)

    private static let prefixes: [(phrase: String, mode: FileMode)] = [
        ("append only", .appendOnly), ("append-only", .appendOnly), ("append to", .appendOnly),
        ("appends to", .appendOnly), ("append", .appendOnly), ("appends", .appendOnly),
        ("new files", .new), ("new file", .new), ("new", .new), ("creates", .new), ("created", .new),
        ("create", .new), ("adds", .new), ("add", .new),
        ("modifies", []), ("modified", []), ("modify", []), ("edits", []), ("edit", []), ("updates", []),
        ("update", []), ("extends", []), ("extend", []), ("changes", []), ("change", []), ("existing", []),
        ("owns", []), ("own", []), ("file", []), ("files", []), ("deletes", []), ("delete", []), ("removes", []),
        ("remove", []), ("rewrites", []), ("rewrite", []), ("refactors", []), ("refactor", []), ("touches", []),
    ]

    /// Nouns that may follow "new" where the file itself is meant: `(new module)`, but not `(new routes)`.
    private static let fileNouns: Set<String> = [
        "file", "files", "module", "script", "test", "tests", "suite", "template", "page", "component", "migration",
        "doc", "document", "package", "directory", "folder", "fixture", "config", "workflow", "library", "class",
    ]

    /// Takes the mode from the front of an entry: `CREATE: a.py`, `NEW a.py`, `[NEW] a.py`, `Append to a.py`.
    static func takePrefix(of text: inout Substring) -> FileMode {
        var mode: FileMode = []
        while let (found, rest) = prefix(of: text) {
            mode.formUnion(found)
            text = rest
        }
        return mode
    }

    private static func prefix(of text: Substring) -> (FileMode, Substring)? {
        let inner = text.hasPrefix("[") || text.hasPrefix("(") ? text.dropFirst() : text
        let isBracketed = inner.startIndex != text.startIndex
        for (phrase, mode) in prefixes where inner.utf8.count > phrase.utf8.count {
            let end = inner.utf8.index(inner.startIndex, offsetBy: phrase.utf8.count)
            guard inner.utf8[..<end].elementsEqual(phrase.utf8, by: { $0 | 0x20 == $1 | 0x20 }) else { continue }
            var rest = inner[end...]
            if isBracketed {
                guard rest.hasPrefix("]") || rest.hasPrefix(")") else { continue }
                rest.removeFirst()
            }
            guard let next = rest.first, next == ":" || next.isWhitespace || next == "`" || isBracketed else {
                continue
            }
            rest = rest.trimmed(":")
            return rest.isEmpty ? nil : (mode, rest)
        }
        return nil
    }

    /// What a note or a cell says: `NEW`, `new file — small`, `APPEND ONLY (two routes)`, `CREATE`.
    init(note: String) {
        let words = note.words
        self = []
        switch words.first {
        case "new", "create", "creates", "created":
            let rest = note.trimmed.drop { $0.isLetter }.trimmed
            let isAlone = rest.first.map { !$0.isLetter && !$0.isNumber } ?? true
            if isAlone || words.dropFirst().first.map(Self.fileNouns.contains) == true { insert(.new) }
        case "append", "appends", "appending":
            let rest = note.trimmed.drop { $0.isLetter }.trimmed
            let isAlone = rest.first.map { !$0.isLetter && !$0.isNumber && $0 != "-" } ?? true
            if isAlone || words.dropFirst().first == "only" { insert(.appendOnly) }
        case "to" where words.starts(with: ["to", "be", "created"]):
            insert(.new)
        default:
            break
        }
    }

    init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// True when the note says nothing but that the file is new.
    static func isOnlyNew(_ note: String) -> Bool {
        ["new", "new file", "create", "created", "creates", "to be created"].contains(note.words.joined(separator: " "))
    }

    /// The mode a heading or a list item sets for what is listed below it: `CREATE:`, `New files`, `APPEND ONLY`.
    static func ofLabel(_ label: String) -> FileMode? {
        let words = label.words
        guard let first = words.first, words.count <= 6 else { return nil }
        switch first {
        case "new", "create", "creates", "created", "adds": return .new
        case "append", "appends": return .appendOnly
        case "modify", "modifies", "modified", "edit", "edits", "update", "updates", "existing", "extend", "extends",
            "change", "changes":
            return []
        default:
            return words.contains("new") && words.contains("all") ? .new : nil
        }
    }
}
