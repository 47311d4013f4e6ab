/// One run of `git merge-tree --write-tree`: the merged tree and the paths that git could not merge.
struct TreeMerge: Sendable {
    struct Conflict: Sendable {
        var path: TreePath
        /// What git says it is.
        var reason: String
        var base: TreeEntry?
        var ours: TreeEntry?
        var theirs: TreeEntry?
        /// Whether nothing but the content of this one path is at stake: no rename, deletion or change of kind.
        var isContentOnly: Bool
    }

    var tree: ObjectID
    var conflicts: [Conflict]

    init(git: Git, ours: ObjectID, theirs: ObjectID) async throws {
        let arguments = [
            "merge-tree", "--write-tree", "-z", "--allow-unrelated-histories", "--messages", ours.hex, theirs.hex,
        ]
        let output = try await git.attempt(arguments)
        guard output.status == 0 || output.status == 1 else {
            throw GitError(command: arguments.joined(separator: " "), status: output.status, message: output.errors)
        }
        var fields = output.fields[...]
        guard let first = fields.popFirst(), let tree = ObjectID(String(decoding: first, as: UTF8.self)) else {
            throw GitError(command: "merge-tree", status: output.status, message: "printed no tree")
        }
        self.tree = tree
        conflicts = output.status == 0 ? [] : try Self.readConflicts(&fields)
    }

    /// Reads the conflicted entries and then git's messages (git-merge-tree(1), "OUTPUT").
    private static func readConflicts(_ fields: inout ArraySlice<ArraySlice<UInt8>>) throws -> [Conflict] {
        var stages: [TreePath: [Int: TreeEntry]] = [:]
        while let field = fields.popFirst(), !field.isEmpty {
            guard let tab = field.firstIndex(of: UInt8(ascii: "\t")) else { break }
            let parts = String(decoding: field[..<tab], as: UTF8.self).split(separator: " ")
            guard parts.count == 3, let mode = EntryMode(git: parts[0]), let id = ObjectID(parts[1]),
                let stage = Int(parts[2])
            else { break }
            stages[TreePath(bytes: field[(tab + 1)...]), default: [:]][stage] = TreeEntry(mode: mode, id: id)
        }
        var kinds: [TreePath: [String]] = [:]
        while let count = fields.popFirst().flatMap({ Int(String(decoding: $0, as: UTF8.self)) }),
            fields.count >= count + 2
        {
            let paths = fields.prefix(count).map { TreePath(bytes: $0) }
            fields = fields.dropFirst(count)
            let kind = fields.popFirst().map { String(decoding: $0, as: UTF8.self) } ?? ""
            _ = fields.popFirst()
            for path in paths where kind.hasPrefix("CONFLICT") { kinds[path, default: []].append(kind) }
        }
        let paths = Set(stages.keys).union(kinds.keys)
        return paths.sorted().map { path in
            let stage = stages[path] ?? [:]
            let kind = kinds[path] ?? []
            let isRegular = [stage[1], stage[2], stage[3]].allSatisfy { $0?.mode.isRegularFile ?? true }
            return Conflict(
                path: path, reason: kind.first ?? "CONFLICT", base: stage[1], ours: stage[2], theirs: stage[3],
                isContentOnly: isRegular && stage[2] != nil && stage[3] != nil
                    && kind.allSatisfy { $0 == "CONFLICT (contents)" || $0 == "CONFLICT (add/add)" })
        }
    }
}
