/// New paths that some file systems cannot tell from one that is there: they differ in letter case, or only in how
/// their letters are composed.
struct CaseCollisions: Sendable {
    private var reasons: [TreePath: String] = [:]

    init(store: ObjectStore, tree: ObjectID, changes: [TreeChange]) async throws {
        let added = changes.filter { $0.kind == .added || $0.kind == .renamed }.map(\.path)
        guard !added.isEmpty else { return }
        let gone = Set(changes.flatMap { $0.kind == .deleted ? [$0.path] : $0.source.map { [$0] } ?? [] })
        var known: [String: TreePath] = [:]
        for (path, _) in try await store.listing(of: tree) where !gone.contains(path) {
            for prefix in Self.prefixes(path) { known[Self.folded(prefix)] = prefix }
        }
        for path in added.sorted() {
            for prefix in Self.prefixes(path) {
                if let other = known[Self.folded(prefix)], other != prefix {
                    reasons[path] = "its name differs from \(other) only in letter case"
                }
                known[Self.folded(prefix)] = prefix
            }
        }
    }

    func reason(for change: TreeChange) -> String? { reasons[change.path] }

    /// The path and every directory above it.
    private static func prefixes(_ path: TreePath) -> [TreePath] {
        let slashes = path.bytes.indices.filter { path.bytes[$0] == UInt8(ascii: "/") }
        return slashes.map { TreePath(bytes: path.bytes[..<$0]) } + [path]
    }

    /// Equal for names that a file system may take for one; Swift compares strings by canonical equivalence.
    private static func folded(_ path: TreePath) -> String { path.text.lowercased() }
}
