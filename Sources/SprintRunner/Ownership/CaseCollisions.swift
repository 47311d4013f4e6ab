/// New paths that some file systems cannot tell from one that is there: they differ in letter case, or only in how
/// their letters are composed.
///
/// Only the directories above the new paths are looked at: two names collide in the directory that holds both.
struct CaseCollisions {
    private var reasons: [TreePath: String] = [:]

    init(objects: ObjectSession, tree: ObjectID, changes: [TreeChange]) async throws {
        let gone = Set(changes.flatMap { $0.kind == .deleted ? [$0.path] : $0.source.map { [$0] } ?? [] })
        let added = changes.filter { $0.kind == .added || $0.kind == .renamed }.map(\.path).sorted()
        var folders: [TreePath: [String: TreePath]] = [:]
        for path in added {
            var parent = TreePath("")
            for place in path.directories + [path] {
                if folders[parent] == nil {
                    folders[parent] = try await Self.names(in: parent, of: tree, objects, gone)
                }
                let name = Self.folded(place)
                if let other = folders[parent]?[name], other != place {
                    reasons[path] = "its name differs from \(other) only in letter case"
                }
                folders[parent]?[name] = place
                parent = place
            }
        }
    }

    func reason(for change: TreeChange) -> String? { reasons[change.path] }

    /// What a directory of the tree holds, by its folded path; nothing when it does not exist.
    private static func names(
        in directory: TreePath, of tree: ObjectID, _ objects: ObjectSession, _ gone: Set<TreePath>
    ) async throws -> [String: TreePath] {
        let isRoot = directory.bytes.isEmpty
        let entry = isRoot ? nil : try await objects.entries(at: [directory], in: tree)[directory]
        guard isRoot || entry?.mode == .directory else { return [:] }
        var names: [String: TreePath] = [:]
        for name in try await objects.content(of: entry?.id ?? tree).names {
            let path = TreePath(bytes: isRoot ? Array(name) : directory.bytes + [UInt8(ascii: "/")] + name)
            if !gone.contains(path) { names[folded(path)] = path }
        }
        return names
    }

    /// Equal for names that a file system may take for one; Swift compares strings by canonical equivalence.
    private static func folded(_ path: TreePath) -> String { path.text.lowercased() }
}
