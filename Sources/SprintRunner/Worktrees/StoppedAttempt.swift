import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// What an agent had done when it was stopped, which a new attempt in the same worktree would write over.
///
/// Other agents may be at work, and the repository's settings have not been looked at: so files are read through the
/// private directory, byte for byte and by no filter.
struct StoppedAttempt: Sendable {
    let repository: Repository
    let store: ObjectStore
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
        guard repository.owns(worktree) else {
            try moveAway()
            return branch
        }
        let own = Git(directory: worktree)
        let head = try await own.objectID(["rev-parse", "--verify", "HEAD^{commit}"])
        // A copy knows which files are unchanged, so that they need not be read.
        let known = FilePath(try await own("rev-parse", "--path-format=absolute", "--git-path", "index").line)
        try? FileManager.default.removeItem(atPath: index.string)
        try? FileManager.default.copyItem(atPath: known.string, toPath: index.string)
        var git = store.git
        git.directory = worktree
        git.variables["GIT_WORK_TREE"] = worktree.string
        git.variables["GIT_INDEX_FILE"] = index.string
        let ignored = repository.commonDirectory.appending("info").appending("exclude")
        try await git.run(["-c", "core.excludesFile=\(ignored)", "add", "-A", "--", "."])
        let tree = try await git.objectID(["write-tree"])
        let parents = [head] + (branch == head ? [] : [branch].compactMap { $0 })
        if try await git.objectID(["rev-parse", "--verify", "\(head)^{tree}"]) == tree, parents.count == 1 {
            return head
        }
        return try await store.open { objects in
            try await objects.writeCommit(
                tree: tree, parents: parents, message: "What agent \(agent) had done when it was stopped\n",
                signature: signature)
        }
    }

    /// A directory that is no worktree any more is moved away whole.
    private func moveAway() throws {
        guard FreeNames.isInUse(worktree) else { return }
        try FileManager.default.moveItem(
            atPath: worktree.string, toPath: FreeNames.directory(FilePath(worktree.string + ".attempt")).string)
    }
}
