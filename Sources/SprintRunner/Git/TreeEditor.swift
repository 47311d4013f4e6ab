/// Writes a tree that differs from another at a few paths, without an index: each directory on the way is listed
/// and written once, so the cost follows the paths and not the size of the repository.
struct TreeEditor: Sendable {
    let store: ObjectStore

    /// Returns the tree with each path set to its entry.
    func setting(_ edits: [TreePath: TreeEntry], in tree: ObjectID) async throws -> ObjectID {
        let paths = edits.map { (components: $0.key.components.map(Array.init), entry: $0.value) }
        return try await write(paths.map { ($0.components[...], $0.entry) }, into: tree)
    }

    private typealias Edit = (components: ArraySlice<[UInt8]>, entry: TreeEntry)

    private func write(_ edits: [Edit], into tree: ObjectID?) async throws -> ObjectID {
        var entries = try await list(tree)
        for (name, group) in Dictionary(grouping: edits, by: { $0.components.first ?? [] }) {
            if let leaf = group.first(where: { $0.components.count == 1 }) {
                entries[name] = leaf.entry
            } else {
                let existing = entries[name].flatMap { $0.mode == .directory ? $0.id : nil }
                let below = group.map { ($0.components.dropFirst(), $0.entry) }
                entries[name] = TreeEntry(mode: .directory, id: try await write(below, into: existing))
            }
        }
        var input: [UInt8] = []
        for (name, entry) in entries {
            let kind =
                switch entry.mode {
                case .directory: "tree"
                case .submodule: "commit"
                default: "blob"
                }
            input += Array("\(entry.mode.rawValue) \(kind) \(entry.id)\t".utf8) + name + [0]
        }
        return try await store.git.objectID(["mktree", "-z", "--missing"], input: input)
    }

    private func list(_ tree: ObjectID?) async throws -> [[UInt8]: TreeEntry] {
        guard let tree else { return [:] }
        let output = try await store.git.run(["ls-tree", "-z", tree.hex])
        var entries: [[UInt8]: TreeEntry] = [:]
        for field in output.fields {
            guard let tab = field.firstIndex(of: UInt8(ascii: "\t")) else { continue }
            let parts = String(decoding: field[..<tab], as: UTF8.self).split(separator: " ")
            guard parts.count == 3, let mode = EntryMode(git: parts[0]), let id = ObjectID(parts[2]) else {
                throw GitError(command: "ls-tree \(tree)", status: 0, message: String(decoding: field, as: UTF8.self))
            }
            entries[Array(field[(tab + 1)...])] = TreeEntry(mode: mode, id: id)
        }
        return entries
    }
}
