/// What a file's history says of how it changes.
struct AppendHistory: Sendable {
    let store: ObjectStore
    /// Fewer changes than this prove nothing.
    static let fewest = 2
    /// How far back is looked.
    static let depth = 20

    /// Whether the latest changes of a file, two or more, all did nothing but append to it.
    func isAppendOnly(_ path: TreePath, at commit: ObjectID) async throws -> Bool {
        guard let name = String(validating: path.bytes, as: UTF8.self) else { return false }
        let log = try await store.git.attempt([
            "--literal-pathspecs", "log", "--first-parent", "--no-renames", "-n", "\(Self.depth + 1)", "--format=%H",
            commit.hex, "--", name,
        ])
        guard log.status == 0 else { return false }
        let commits = log.text.split(separator: "\n").compactMap { ObjectID($0) }
        guard commits.count > Self.fewest else { return false }
        var versions: [ObjectID] = []
        for commit in commits {
            guard let entry = try await store.entries(at: [path], in: commit)[path], entry.mode.isRegularFile else {
                return false
            }
            versions.append(entry.id)
        }
        let blobs = try await store.blobs(versions)
        let texts = versions.compactMap { blobs[$0] }.map(Lines.init)
        return zip(texts, texts.dropFirst()).allSatisfy { newer, older in newer.appended(to: older) != nil }
    }
}
