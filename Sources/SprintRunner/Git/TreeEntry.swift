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
    /// The changes that touch one path each: a rename is a deletion and an addition.
    static func apart(_ changes: [TreeChange]) -> [TreePath: TreeChange] {
        var apart: [TreePath: TreeChange] = [:]
        for change in changes {
            if let source = change.source {
                apart[source] = TreeChange(kind: .deleted, path: source, old: change.old)
                apart[change.path] = TreeChange(kind: .added, path: change.path, new: change.new)
            } else {
                apart[change.path] = change
            }
        }
        return apart
    }

    /// Whether a raw header of `git diff-tree` is followed by two paths.
    static func namesTwoPaths(_ header: ArraySlice<UInt8>) -> Bool {
        header.split(separator: UInt8(ascii: " ")).last?.first == UInt8(ascii: "R")
    }

    /// Reads a change from `git diff-tree -r -z --raw`: `:mode mode id id letter`, then a path or two.
    init(header: ArraySlice<UInt8>, path: TreePath, target: TreePath?) throws {
        let text = String(decoding: header.dropFirst(), as: UTF8.self)
        let parts = text.split(separator: " ")
        let kinds: [Character: Kind] = [
            "A": .added, "D": .deleted, "M": .modified, "T": .typeChanged, "R": .renamed,
        ]
        guard parts.count == 5, let kind = parts[4].first.flatMap({ kinds[$0] }), let oldID = ObjectID(parts[2]),
            let newID = ObjectID(parts[3])
        else { throw GitError(command: "diff-tree", status: 0, message: "printed \(text)") }
        self.init(
            kind: kind, path: target ?? path, source: target.map { _ in path },
            old: EntryMode(git: parts[0]).map { TreeEntry(mode: $0, id: oldID) },
            new: EntryMode(git: parts[1]).map { TreeEntry(mode: $0, id: newID) })
    }
}
