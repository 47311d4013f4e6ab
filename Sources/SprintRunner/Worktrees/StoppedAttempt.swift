import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// What an agent had done when it was stopped, which a new attempt in the same worktree would write over.
struct StoppedAttempt: Sendable {
    let worktree: FilePath
    /// A file for an index of its own: the agent's stays as it is.
    let index: FilePath
    let signature: Signature

    /// A commit of the worktree as it is, on top of the agent's own commits; the branch alone where nothing else is left.
    ///
    /// - Parameters:
    ///   - agent: the agent, for the message.
    ///   - branch: the last commit of its branch.
    /// - Throws: ``GitError`` when the worktree cannot be read: then it must not be written over.
    func commit(agent: String, branch: ObjectID?) async throws -> ObjectID? {
        guard let left = try await LeftOver.of(agent, in: worktree) else {
            try moveIfNoWorktree()
            return branch
        }
        let git = Git(directory: worktree)
        let head = try await git.objectID(["rev-parse", "--verify", "HEAD^{commit}"])
        guard left.paths > 0 else { return head }
        var apart = git
        apart.variables["GIT_INDEX_FILE"] = index.string
        // A copy knows which files are unchanged, so that they need not be read.
        let own = FilePath(try await git("rev-parse", "--path-format=absolute", "--git-path", "index").line)
        try? FileManager.default.removeItem(atPath: index.string)
        try? FileManager.default.copyItem(atPath: own.string, toPath: index.string)
        try await apart("add", "-A", "--ignore-errors", "--", ".")
        let tree = try await apart.objectID(["write-tree"])
        for role in ["AUTHOR", "COMMITTER"] {
            apart.variables["GIT_\(role)_NAME"] = signature.name
            apart.variables["GIT_\(role)_EMAIL"] = signature.email
        }
        let parents = [head] + (branch == head ? [] : [branch].compactMap { $0 })
        return try await apart.objectID(
            ["commit-tree", tree.hex, "-m", "What agent \(agent) had done when it was stopped"]
                + parents.flatMap { ["-p", $0.hex] })
    }

    /// A directory that is no worktree any more is moved away whole.
    private func moveIfNoWorktree() throws {
        let files = FileManager.default
        guard FreeNames.isInUse(worktree), !files.fileExists(atPath: worktree.appending(".git").string) else { return }
        try files.moveItem(
            atPath: worktree.string, toPath: FreeNames.directory(FilePath(worktree.string + ".attempt")).string)
    }
}
