import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// What an agent's worktree holds that is on no branch, and so is neither merged nor kept by anything but the worktree.
public struct LeftOver: Hashable, Sendable, Codable {
    /// The agent, as the plan writes it.
    public var agent: String
    /// How many paths are changed or new and not committed; ignored files do not count.
    public var paths: Int
    /// The first of those paths, at most 20.
    public var shown: [TreePath]
    /// How many commits of the worktree's `HEAD` lie on no branch and no tag: those made on a detached `HEAD`.
    public var strayCommits: Int

    /// What it is, for one line: `2 paths that are not committed (a, b) and 1 commit on no branch`.
    public var description: String {
        var parts: [String] = []
        if paths > 0 {
            let more = paths > shown.count ? ", …" : ""
            let names = shown.map(\.description).joined(separator: ", ") + more
            parts.append("\(paths) \(paths == 1 ? "path that is" : "paths that are") not committed (\(names))")
        }
        if strayCommits > 0 { parts.append("\(strayCommits) \(strayCommits == 1 ? "commit" : "commits") on no branch") }
        return parts.joined(separator: " and ")
    }

    /// Looks at a worktree; `nil` when it holds nothing of its own, or is no worktree of git any more.
    ///
    /// - Parameters:
    ///   - agent: the agent whose worktree it is.
    ///   - worktree: its directory.
    ///   - repository: the repository that it has to belong to.
    static func of(_ agent: String, in worktree: FilePath, of repository: Repository) async throws -> LeftOver? {
        guard repository.owns(worktree) else { return nil }
        let git = Git(directory: worktree)
        let status = try await git.attempt(
            ["status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=none"])
        guard status.status == 0 else { return nil }
        let paths = status.fields.filter { $0.count > 3 }.map { TreePath(bytes: $0.dropFirst(3)) }
        let stray = try await git.attempt([
            "rev-list", "--count", "HEAD", "--not", "--branches", "--tags", "--remotes", "--glob=refs/pitwall",
        ])
        let commits = stray.status == 0 ? Int(stray.line) ?? 0 : 0
        guard !paths.isEmpty || commits > 0 else { return nil }
        return LeftOver(agent: agent, paths: paths.count, shown: Array(paths.prefix(20)), strayCommits: commits)
    }
}
