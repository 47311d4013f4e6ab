import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Moves the main branch, on the remote first when it is to be pushed, and brings its checkout along.
struct Landing: Sendable {
    /// A move of the main branch.
    struct Move: Hashable, Sendable, Codable {
        var old: ObjectID
        var new: ObjectID
    }

    /// What a push came to.
    enum Push: Sendable {
        case accepted
        /// The remote's branch is not what the commit was built on.
        case outdated
        case refused(String)
    }

    let repository: Repository
    let setup: RunSetup

    /// Where the remote's branch is kept, apart from the refs that agents may write.
    private var trackingRef: String { "refs/pitwall/\(Slug(setup.sprint).text)/remote" }

    /// Fetches the remote's branch; `nil` when the remote does not have it.
    func fetch() async throws -> ObjectID? {
        guard let remote = setup.remote else { return nil }
        let listed = try await RemoteRefs(repository: repository, remote: remote).list()
        guard listed[setup.branch] != nil else { return nil }
        try await repository.git.run([
            "fetch", "-q", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", remote,
            "+\(setup.branch):\(trackingRef)",
        ])
        return try await repository.ref(trackingRef)
    }

    /// Pushes a commit to the remote's branch; never by force.
    func push(_ commit: ObjectID) async throws -> Push {
        guard let remote = setup.remote else { return .refused("the repository has no remote") }
        var git = repository.git
        git.allowsHooks = true
        let output = try await git.attempt(["push", "-q", "--porcelain", remote, "\(commit):\(setup.branch)"])
        if output.status == 0 { return .accepted }
        let text = output.text + output.errors
        let outdated = ["[rejected]", "non-fast-forward", "fetch first", "cannot lock ref"].contains {
            text.contains($0)
        }
        return outdated ? .outdated : .refused(output.errors.trimmingTrailingNewlines)
    }

    /// The checkout that shows the main branch; `nil` when none does.
    func checkout() async throws -> FilePath? {
        try await repository.checkouts().first { $0.branch == setup.branch }?.directory
    }

    /// Why the checkout could not follow a move without losing somebody's work; `nil` when it could.
    func obstacle(_ move: Move) async throws -> String? {
        guard let checkout = try await checkout() else { return nil }
        let output = try await Git(directory: checkout).attempt(
            ["read-tree", "-n", "-m", "-u", move.old.hex, move.new.hex])
        return output.status == 0 ? nil : "\(checkout): \(output.errors.trimmingTrailingNewlines)"
    }

    /// Moves the branch in one step, or not at all.
    func land(_ move: Move) async throws {
        if try await repository.ref(setup.branch) == move.new { return }
        try await repository.moveRef(
            setup.branch, from: move.old, to: move.new, reason: "pitwall: land sprint \(setup.sprint)")
    }

    /// Brings the checkout's files from the old commit to the new one.
    ///
    /// A crash may have stopped this half-way, with some files new and the index old. So every file that the move
    /// changes must hold the old content or the new; then nothing of anybody's is lost by writing the new.
    func refresh(_ move: Move, store: ObjectStore) async throws {
        guard let checkout = try await checkout() else { return }
        let git = Git(directory: checkout)
        let (changes, tree) = try await store.open { objects in
            let tree = try await objects.tree(of: move.new)
            return (TreeChange.apart(try await objects.changes(from: objects.tree(of: move.old), to: tree)), tree)
        }
        if try await git("write-tree").line == tree.hex { return }
        let lock = try await git("rev-parse", "--path-format=absolute", "--git-path", "index.lock").line
        if try await git.attempt(["read-tree", "-m", "-u", move.old.hex, move.new.hex]).status == 0 { return }
        try? FileManager.default.removeItem(atPath: lock)
        for change in changes.values {
            let found = try await content(of: change.path, in: checkout, git)
            guard found == nil || found == change.old?.id || found == change.new?.id else {
                throw SprintError.preflight(["\(checkout)/\(change.path) was changed meanwhile: save it and resume"])
            }
        }
        try await git.run(["read-tree", "--reset", "-u", move.new.hex])
    }

    private func content(of path: TreePath, in checkout: FilePath, _ git: Git) async throws -> ObjectID? {
        let output = try await git.attempt(["hash-object", "--"].map { Array($0.utf8) } + [path.bytes])
        return output.status == 0 ? ObjectID(output.line) : nil
    }
}

/// The branches and tags of a remote, asked of the remote itself.
struct RemoteRefs: Sendable {
    let repository: Repository
    let remote: String

    func list() async throws -> [String: ObjectID] {
        var refs: [String: ObjectID] = [:]
        for line in try await repository.git("ls-remote", "-q", remote).text.split(separator: "\n") {
            let parts = line.split(separator: "\t")
            if parts.count == 2, let id = ObjectID(parts[0]) { refs[String(parts[1])] = id }
        }
        return refs
    }
}
