/// What files' histories say of how they change.
final class AppendHistory {
    /// Fewer changes than this prove nothing.
    static let fewest = 2
    /// How far back is looked.
    static let depth = 20

    private let objects: ObjectSession
    private var known: [Question: Bool] = [:]

    private struct Question: Hashable {
        var path: TreePath
        var commit: ObjectID
    }

    init(_ objects: ObjectSession) {
        self.objects = objects
    }

    /// Whether the latest changes of a file, two or more, all did nothing but append to it.
    func isAppendOnly(_ path: TreePath, at commit: ObjectID) async throws -> Bool {
        let question = Question(path: path, commit: commit)
        if let answer = known[question] { return answer }
        let answer = try await look(path, at: commit)
        known[question] = answer
        return answer
    }

    private func look(_ path: TreePath, at commit: ObjectID) async throws -> Bool {
        guard let name = String(validating: path.bytes, as: UTF8.self) else { return false }
        let log = try await objects.git.attempt([
            "--literal-pathspecs", "log", "--first-parent", "--no-renames", "-n", "\(Self.depth + 1)", "--format=%H",
            commit.hex, "--", name,
        ])
        guard log.status == 0 else { return false }
        let commits = log.text.split(separator: "\n").compactMap { ObjectID($0) }
        guard commits.count > Self.fewest else { return false }
        var versions: [ObjectID] = []
        for commit in commits {
            let entry = try await objects.entries(at: [path], in: objects.tree(of: commit))[path]
            guard let entry, entry.mode.isRegularFile else { return false }
            versions.append(entry.id)
        }
        let blobs = try await objects.blobs(versions)
        let texts = versions.compactMap { blobs[$0] }.map(Lines.init)
        return zip(texts, texts.dropFirst()).allSatisfy { newer, older in newer.appended(to: older) != nil }
    }
}
