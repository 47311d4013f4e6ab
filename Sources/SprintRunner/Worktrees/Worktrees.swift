import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Makes and removes the worktrees of a run.
///
/// They are added one after the other, for git locks the repository's configuration meanwhile and several at once would
/// collide; their files, which take the time, are written side by side.
actor Worktrees {
    private let repository: Repository
    private let root: FilePath
    /// The end of the row of what is being done; an actor alone lets others in while it waits for git.
    private var last: Task<Void, Never>?
    /// Checkouts run the user's filters, such as LFS, but no hooks.
    private var git: Git { repository.git }

    init(_ repository: Repository, root: FilePath) {
        self.repository = repository
        self.root = root
    }

    nonisolated func path(of agent: String) -> FilePath { root.appending(Slug(agent).text) }

    /// Makes a fresh worktree with a fresh branch on a commit; what a crash left of it is removed first.
    func make(_ agent: String, branch: String, at base: ObjectID) async throws -> FilePath {
        let path = try await inRow { try await self.add(agent, branch, base) }
        try await fill(path)
        return path
    }

    /// A detached worktree for tests that shows a commit and nothing else.
    func spare(_ slot: Int, at commit: ObjectID) async throws -> FilePath {
        let path = try await inRow { try await self.addSpare(slot, commit) }
        try await fill(path)
        return path
    }

    /// Removes a worktree whatever state it is in.
    func remove(_ path: FilePath) async throws {
        try await inRow { try await self.discard(path) }
    }

    private func inRow<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let previous = last
        let task = Task {
            await previous?.value
            return try await work()
        }
        last = Task { _ = try? await task.value }
        return try await task.value
    }

    private func add(_ agent: String, _ branch: String, _ base: ObjectID) async throws -> FilePath {
        let path = path(of: agent)
        try await discard(path)
        if let old = try await repository.ref(branch) { try await repository.deleteRef(branch, holding: old) }
        try FileManager.default.createDirectory(atPath: root.string, withIntermediateDirectories: true)
        let name = String(branch.dropFirst("refs/heads/".count))
        // git may know the path from a worktree that was moved away from it.
        try await git.run([
            "worktree", "add", "-q", "--force", "--no-checkout", "--no-track", "-b", name, path.string, base.hex,
        ])
        return path
    }

    private func addSpare(_ slot: Int, _ commit: ObjectID) async throws -> FilePath {
        let path = root.appending(".tests").appending("\(slot + 1)")
        try await discard(path)
        try await git.run(["worktree", "add", "-q", "--no-checkout", "--detach", path.string, commit.hex])
        return path
    }

    /// Writes a new worktree's files.
    private nonisolated func fill(_ path: FilePath) async throws {
        try await Git(directory: path)("reset", "-q", "--hard")
    }

    private func discard(_ path: FilePath) async throws {
        guard FileManager.default.fileExists(atPath: path.string) || (try? Self.linkExists(path)) == true else {
            return
        }
        _ = try await git.attempt(["worktree", "remove", "--force", "--force", path.string])
        if FileManager.default.fileExists(atPath: path.string) { try Self.removeStubborn(path) }
        _ = try await git.attempt(["worktree", "prune"])
    }

    /// Removes the spare worktrees of the tests, and the directory of all worktrees when it is empty.
    func removeSpares() async throws {
        let tests = root.appending(".tests")
        for name in (try? FileManager.default.contentsOfDirectory(atPath: tests.string)) ?? [] {
            try await remove(tests.appending(name))
        }
        rmdir(tests.string)
        rmdir(root.string)
    }

    private static func linkExists(_ path: FilePath) throws -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path.string)) != nil
    }

    /// Removes a directory in which an agent took away its own right to write.
    private static func removeStubborn(_ path: FilePath) throws {
        let files = FileManager.default
        let names = files.enumerator(atPath: path.string)
        while let name = names?.nextObject() as? String {
            let item = path.string + "/" + name
            if let type = try? files.attributesOfItem(atPath: item)[.type] as? FileAttributeType, type == .typeDirectory
            {
                try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: item)
            }
        }
        try files.removeItem(atPath: path.string)
    }
}
