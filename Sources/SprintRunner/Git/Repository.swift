import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Where a repository keeps its parts.
struct Repository: Sendable {
    /// The directory that all worktrees share: objects, refs, configuration, hooks.
    let commonDirectory: FilePath
    /// `sha1` or `sha256`.
    let objectFormat: String
    /// The checkout that belongs to the repository itself; `nil` for a bare one, and where it cannot be told from here.
    let mainCheckout: FilePath?
    /// Calls git on the repository itself.
    let git: Git

    /// Finds the repository that a directory belongs to.
    ///
    /// - Throws: ``GitError`` when the directory is in no repository.
    init(at directory: FilePath) async throws {
        let probe = Git(directory: directory)
        let arguments = [
            "rev-parse", "--path-format=absolute", "--git-common-dir", "--show-object-format", "--git-dir",
            "--show-toplevel",
        ]
        // Outside any checkout the last of the four is an error.
        let answer = try await probe.attempt(arguments)
        let lines = answer.line.split(separator: "\n").map(String.init)
        guard lines.count == 4 || (answer.status != 0 && lines.count == 3) else {
            throw GitError(
                command: arguments.prefix(3).joined(separator: " "), status: answer.status,
                message: answer.status == 0 ? answer.line : answer.errors)
        }
        commonDirectory = FilePath(lines[0])
        objectFormat = lines[1]
        let isMain = lines.count == 4 && lines[2] == lines[0]
        mainCheckout = isMain ? FilePath(lines[3]) : try await Self.mainCheckout(of: commonDirectory)
        // A remote's relative path starts where the main checkout is.
        let beside =
            commonDirectory.lastComponent?.string == ".git" ? commonDirectory.removingLastComponent() : commonDirectory
        git = Git(directory: mainCheckout ?? beside, variables: ["GIT_DIR": commonDirectory.string])
    }

    /// The main checkout as it is told from elsewhere: where the configuration says, or beside its `.git`.
    ///
    /// A git directory that is kept apart does not tell whose it is.
    private static func mainCheckout(of common: FilePath) async throws -> FilePath? {
        let git = Git(directory: common, variables: ["GIT_DIR": common.string])
        guard try await git.attempt(["config", "--type=bool", "core.bare"]).line != "true" else { return nil }
        let told = try await git.attempt(["config", "--type=path", "core.worktree"])
        if told.status == 0 { return common.pushing(FilePath(told.line)).lexicallyNormalized() }
        return common.lastComponent?.string == ".git" ? common.removingLastComponent() : nil
    }

    /// The name that worktrees and reports are called after: `shop` for `/src/shop/.git` and for `/srv/shop.git`.
    var name: String {
        let last = home.lastComponent?.string ?? "repository"
        return last.hasSuffix(".git") ? String(last.dropLast(4)) : last
    }

    /// The directory beside which worktrees are made.
    var home: FilePath { git.directory }

    /// Where the user's hooks are: what `core.hooksPath` says, or the repository's own.
    func hooks() async throws -> FilePath {
        var git = git
        git.allowsHooks = true
        return FilePath(try await git("rev-parse", "--path-format=absolute", "--git-path", "hooks").line)
    }

    /// Where a ref points; `nil` when there is none.
    func ref(_ name: String) async throws -> ObjectID? {
        let output = try await git.attempt(["rev-parse", "--verify", "--quiet", "--end-of-options", name])
        return output.status == 0 ? ObjectID(output.line) : nil
    }

    /// The commits that revisions name, in their order.
    ///
    /// - Throws: ``GitError`` for the first revision that names none.
    func commits(_ revisions: [String]) async throws -> [ObjectID] {
        let asked = revisions.map { $0.split(separator: "\n").joined() + "^{commit}\n" }.joined()
        let answer = try await git.run(["cat-file", "--batch-check=%(objectname)"], input: Array(asked.utf8))
        return try zip(revisions, answer.text.split(separator: "\n")).map { revision, line in
            guard let id = ObjectID(line) else {
                throw GitError(command: "cat-file \(revision)", status: nil, message: "it names no commit")
            }
            return id
        }
    }

    /// Whether a directory is a worktree of this repository: an agent may have made it one of another, whose settings
    /// are its own.
    func owns(_ worktree: FilePath) -> Bool {
        guard let content = FileManager.default.contents(atPath: worktree.appending(".git").string) else {
            return false
        }
        let text = String(decoding: content, as: UTF8.self).trimmingTrailingNewlines
        guard text.hasPrefix("gitdir: ") else { return false }
        let place = worktree.pushing(FilePath(String(text.dropFirst(8)))).lexicallyNormalized()
        return place.removingLastComponent() == commonDirectory.appending("worktrees")
    }

    /// Every ref and the object it names.
    func refs() async throws -> [String: ObjectID] {
        let output = try await git("for-each-ref", "--format=%(objectname) %(refname)")
        var refs: [String: ObjectID] = [:]
        for line in output.text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2, let id = ObjectID(parts[0]) { refs[String(parts[1])] = id }
        }
        return refs
    }

    /// Moves a ref from one commit to another, or fails without moving it: compare and swap.
    ///
    /// - Parameter old: what the ref must hold; `nil` when it must not exist.
    func moveRef(_ name: String, from old: ObjectID?, to new: ObjectID, reason: String) async throws {
        let expected = old?.hex ?? String(repeating: "0", count: new.hex.utf8.count)
        try await git.run(["update-ref", "--no-deref", "-m", reason, name, new.hex, expected])
    }

    /// Deletes a ref if it still names the commit given.
    func deleteRef(_ name: String, holding old: ObjectID) async throws {
        try await git.run(["update-ref", "--no-deref", "-d", name, old.hex])
    }

    /// The checkouts of the repository: directory and branch.
    func checkouts() async throws -> [(directory: FilePath, branch: String?)] {
        var result: [(directory: FilePath, branch: String?)] = []
        for field in try await git("worktree", "list", "--porcelain", "-z").fields {
            let line = String(decoding: field, as: UTF8.self)
            if line.hasPrefix("worktree ") {
                let listed = FilePath(String(line.dropFirst(9)))
                // Where the git directory is kept apart, git lists it in the checkout's place.
                result.append((listed == commonDirectory ? mainCheckout ?? listed : listed, nil))
            } else if line.hasPrefix("branch "), !result.isEmpty {
                result[result.count - 1].branch = String(line.dropFirst(7))
            } else if line == "bare" {
                result.removeLast()
            }
        }
        return result
    }
}
