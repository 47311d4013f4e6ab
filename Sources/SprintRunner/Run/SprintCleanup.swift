import Foundation

#if canImport(System)
    public import System
#else
    public import SystemPackage
#endif

/// Removes what a run leaves behind once it is of no more use, and names what it keeps.
public struct SprintCleanup: Sendable {
    /// The branches that were removed with their worktrees: all that they hold is on the main branch.
    public private(set) var removed: [String] = []
    /// What was kept, with the reason.
    public private(set) var kept: [(branch: String, reason: String)] = []

    /// Cleans up after a sprint's run, or the latest.
    ///
    /// - Parameter abandoning: whether an unfinished run is given up; its branches are kept all the same.
    /// - Throws: ``SprintError/unfinished(sprint:)``, ``SprintError/alreadyRunning(process:)`` or
    ///   ``SprintError/noRun(_:)``.
    public static func clean(
        _ sprint: String? = nil, in directory: FilePath, abandoning: Bool = false
    ) async throws -> SprintCleanup {
        let repository = try await Repository(at: directory)
        let home = try RunHome(repository)
        let place = try home.run(sprint)
        let lock = try RunLock(at: home.lock)
        defer { withExtendedLifetime(lock) {} }
        let journal = try Journal(at: place.journal)
        let state = await journal.state
        guard let setup = state.setup else { throw SprintError.noRun(sprint) }
        guard state.isOver || abandoning else { throw SprintError.unfinished(sprint: setup.sprint) }
        var cleanup = SprintCleanup()
        for earlier in home.archives(of: place) {
            if let setup = try Journal.read(earlier.journal).setup { try await cleanup.clean(setup, in: repository) }
        }
        try await cleanup.clean(setup, in: repository)
        if !state.isOver { try await journal.write(.finished(.abandoned)) }
        return cleanup
    }

    private mutating func clean(_ setup: RunSetup, in repository: Repository) async throws {
        let worktrees = Worktrees(repository, root: FilePath(setup.worktrees))
        let main = try await repository.ref(setup.branch)
        for (agent, branch) in setup.branches.sorted(by: { $0.key < $1.key }) {
            let name = String(branch.dropFirst("refs/heads/".count))
            await ProcessTree(mark: "\(setup.id):agent:\(agent)").kill()
            let path = worktrees.path(of: agent)
            let exists = FileManager.default.fileExists(atPath: path.string)
            guard let head = try await repository.ref(branch) else {
                if exists { kept.append((name, "its branch is gone; worktree \(path)")) }
                continue
            }
            let isLanded = if let main { try await repository.git.isAncestor(head, of: main) } else { false }
            guard isLanded else {
                kept.append((name, "not on \(setup.branchName)" + (exists ? "; worktree \(path)" : "")))
                continue
            }
            if exists, !repository.owns(path), FreeNames.isInUse(path) {
                kept.append((name, "no worktree of git any more; directory \(path)"))
                continue
            }
            if exists, let work = try await LeftOver.of(agent, in: path, of: repository) {
                kept.append((name, "\(work.description); worktree \(path)"))
                continue
            }
            try await worktrees.remove(path)
            try await repository.deleteRef(branch, holding: head)
            removed.append(name)
        }
        try await worktrees.removeSpares()
        let train = "refs/pitwall/\(Slug(setup.sprint).text)/train"
        if let head = try await repository.ref(train) { try await repository.deleteRef(train, holding: head) }
    }
}
