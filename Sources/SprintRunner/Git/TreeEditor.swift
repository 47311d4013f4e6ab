/// Writes a tree that differs from another at a few paths, without an index: each directory on the way is read and
/// written once, so the cost follows the paths and not the size of the repository.
struct TreeEditor {
    let objects: ObjectSession

    /// Returns the tree with each path set to its entry, or removed for `nil`.
    func setting(_ edits: [TreePath: TreeEntry?], in tree: ObjectID) async throws -> ObjectID {
        guard !edits.isEmpty else { return tree }
        let paths = edits.map { Edit(components: $0.key.components[...], entry: $0.value) }
        if let written = try await write(paths, into: tree) { return written }
        return try await objects.write([:], in: nil)
    }

    private struct Edit {
        var components: ArraySlice<ArraySlice<UInt8>>
        var entry: TreeEntry?
    }

    /// The edited tree; `nil` when nothing is left in it, for git keeps no empty directories.
    private func write(_ edits: [Edit], into tree: ObjectID?) async throws -> ObjectID? {
        let existing: TreeObject? = if let tree { try await objects.content(of: tree) } else { nil }
        var changes: [ArraySlice<UInt8>: TreeEntry?] = [:]
        for (name, group) in Dictionary(grouping: edits, by: { $0.components.first ?? [] }) {
            if let entry = group.lazy.filter({ $0.components.count == 1 }).compactMap(\.entry).first {
                changes[name] = .some(entry)
                continue
            }
            let below = group.filter { $0.components.count > 1 }.map {
                Edit(components: $0.components.dropFirst(), entry: $0.entry)
            }
            guard !below.isEmpty else {
                changes[name] = .some(nil)
                continue
            }
            let directory = existing?.entry(named: name).flatMap { $0.mode == .directory ? $0.id : nil }
            let written = try await write(below, into: directory)
            changes[name] = .some(written.map { TreeEntry(mode: .directory, id: $0) })
        }
        let edited = try await objects.write(changes, in: existing)
        return try await objects.content(of: edited).bytes.isEmpty ? nil : edited
    }
}
