/// What a tree holds at one path.
struct TreeEntry: Hashable, Sendable, Codable {
    var mode: EntryMode
    var id: ObjectID
}

/// The kinds of entries git knows, by their octal mode.
enum EntryMode: String, Hashable, Sendable, Codable {
    case file = "100644"
    case executable = "100755"
    case symbolicLink = "120000"
    case submodule = "160000"
    case directory = "040000"

    /// Whether the entry holds text that can be merged by lines.
    var isRegularFile: Bool { self == .file || self == .executable }

    /// Reads a mode as git prints it; old trees may hold 100664, which git reads as 100644.
    init?(git text: some StringProtocol) {
        switch text {
        case "100664": self = .file
        case "40000": self = .directory
        default: self.init(rawValue: String(text))
        }
    }
}

/// One path that differs between two trees.
struct TreeChange: Hashable, Sendable, Codable {
    enum Kind: String, Sendable, Codable {
        case added
        case deleted
        case modified
        case typeChanged
        case renamed
    }

    var kind: Kind
    /// Where the content is now; for a deletion, where it was.
    var path: TreePath
    /// Where the content came from, for a rename.
    var source: TreePath?
    /// What was there; `nil` for an addition.
    var old: TreeEntry?
    /// What is there now; `nil` for a deletion.
    var new: TreeEntry?

    /// Every path that the change touches.
    var paths: [TreePath] { [path] + (source.map { [$0] } ?? []) }
}

extension TreeChange {
    /// Reads the output of `git diff-tree -r -z --raw`.
    static func parse(_ output: Git.Output) throws -> [TreeChange] {
        var changes: [TreeChange] = []
        var fields = output.fields[...]
        func fail(_ field: ArraySlice<UInt8>) -> GitError {
            GitError(command: "diff-tree", status: 0, message: "printed \(String(decoding: field, as: UTF8.self))")
        }
        while let header = fields.popFirst() {
            let parts = String(decoding: header.dropFirst(), as: UTF8.self).split(separator: " ")
            guard header.first == UInt8(ascii: ":"), parts.count == 5, let letter = parts[4].first,
                let oldID = ObjectID(parts[2]), let newID = ObjectID(parts[3]), let first = fields.popFirst()
            else { throw fail(header) }
            let old = EntryMode(git: parts[0]).map { TreeEntry(mode: $0, id: oldID) }
            let new = EntryMode(git: parts[1]).map { TreeEntry(mode: $0, id: newID) }
            let path = TreePath(bytes: first)
            switch letter {
            case "A": changes.append(TreeChange(kind: .added, path: path, new: new))
            case "D": changes.append(TreeChange(kind: .deleted, path: path, old: old))
            case "M": changes.append(TreeChange(kind: .modified, path: path, old: old, new: new))
            case "T": changes.append(TreeChange(kind: .typeChanged, path: path, old: old, new: new))
            case "R":
                guard let target = fields.popFirst() else { throw fail(header) }
                let renamed = TreePath(bytes: target)
                changes.append(TreeChange(kind: .renamed, path: renamed, source: path, old: old, new: new))
            default: throw fail(header)
            }
        }
        return changes
    }
}
