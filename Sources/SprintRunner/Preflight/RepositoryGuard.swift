import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Compares the repository with its snapshot and puts back what is not as it was.
struct RepositoryGuard: Sendable {
    let repository: Repository
    let store: ObjectStore
    let setup: RunSetup
    /// A directory that does not exist yet, for what settings were changed to.
    private let aside: FilePath

    init(repository: Repository, store: ObjectStore, setup: RunSetup, aside: FilePath) {
        self.repository = repository
        self.store = store
        self.setup = setup
        self.aside = FreeNames.directory(aside)
    }

    /// Settings that were changed; nobody can tell by whom, as all worktrees share them.
    func settings() -> [Trespass] {
        setup.snapshot.changedSettings(in: repository.commonDirectory).map { name in
            let isThere =
                (try? FileManager.default.attributesOfItem(atPath: repository.commonDirectory.appending(name).string))
                != nil
            let text =
                isThere ? "was changed; put back as it was, the other is kept in \(aside)" : "was deleted; put back"
            return Trespass(
                agent: nil, kind: .settings, text: "\(name) in the git directory \(text)", isViolation: true)
        }
    }

    /// Puts the settings back; nothing that is not in the snapshot stays where it was.
    func restoreSettings() throws {
        let names = setup.snapshot.changedSettings(in: repository.commonDirectory)
        try setup.snapshot.restore(names, in: repository.commonDirectory, aside: aside)
    }

    /// What became of the repository's own `HEAD`, which says what its main checkout shows.
    enum Head: Sendable {
        case asItWas
        /// Somebody checked something else out.
        case elsewhere(String)
        /// It names nothing, or was written without the checkout that belongs to it.
        case broken(Trespass)
    }

    /// Tells whether `HEAD` was moved by a checkout, which is left alone, or by a mere writing of the file.
    ///
    /// To put it back after a checkout would show the other branch's files as changes of the first.
    func head() async throws -> Head {
        let directory = repository.commonDirectory
        let now = RepositorySnapshot.settings(in: directory)["HEAD"]
        guard let before = setup.snapshot.files["HEAD"], before != now else { return .asItWas }
        let broken = Head.broken(
            Trespass(agent: nil, kind: .settings, text: "HEAD was overwritten; put back", isViolation: true))
        guard let now, now.link == nil else { return broken }
        let isBare = try await repository.git.attempt(["rev-parse", "--is-bare-repository"]).line != "false"
        if isBare { return broken }
        let git = repository.mainCheckout.map { Git(directory: $0) } ?? repository.git
        let commit = try await git.attempt(["rev-parse", "-q", "--verify", "HEAD^{commit}"])
        let name = try await git.attempt(["symbolic-ref", "-q", "--short", "HEAD"])
        guard commit.status == 0 || name.status == 0 else { return broken }
        let place = name.status == 0 ? "branch \(name.line)" : "commit \(commit.line.prefix(10))"
        // The index tells what was really checked out.
        if commit.status == 0, try await isIndex(git, at: commit.line) { return .elsewhere(place) }
        let text = String(decoding: before.content, as: UTF8.self).trimmingTrailingNewlines
        let old = text.hasPrefix("ref: ") ? setup.snapshot.refs[String(text.dropFirst(5))]?.hex : text
        if let old, try await isIndex(git, at: old) { return broken }
        return .elsewhere(place)
    }

    private func isIndex(_ git: Git, at commit: String) async throws -> Bool {
        try await git.attempt(["diff-index", "--cached", "--quiet", "--ignore-submodules", commit, "--"]).status == 0
    }

    func restoreHead() throws {
        try setup.snapshot.restore(["HEAD"], in: repository.commonDirectory, aside: aside)
    }

    /// A ref that is not as it was, and what to do about it.
    struct RefChange: Sendable {
        var name: String
        var old: ObjectID?
        var new: ObjectID?
        var trespass: Trespass
        /// Whether the ref is put back: it named something before, and an agent's commit or nothing now.
        var isUndone: Bool
    }

    /// Refs that were moved, made or deleted, the agents' own branches left out.
    ///
    /// - Parameter heads: the last commit of each agent's branch.
    func refs(heads: [String: ObjectID]) async throws -> [RefChange] {
        let now = try await repository.refs()
        let own = Set(setup.branches.values)
        var before = setup.snapshot.refs
        // The run's own tag was set after the snapshot.
        if let tag = setup.tag { before["refs/tags/\(tag)"] = setup.main }
        var changes: [RefChange] = []
        for name in Set(before.keys).union(now.keys).sorted() {
            guard !own.contains(name), !name.hasPrefix("refs/pitwall/"), !name.hasPrefix("refs/remotes/"),
                name != "refs/stash", before[name] != now[name]
            else { continue }
            let old = before[name]
            let new = now[name]
            let agent = try await author(of: new, heads: heads)
            let undone = old != nil && (agent != nil || new == nil)
            let what =
                switch (old, new) {
                case (nil, _): "\(name) was made; it is left where it is"
                case (_, nil): "\(name) was deleted; put back"
                default: "\(name) was moved" + (undone ? "; put back" : ", not to any agent's commit; left as it is")
                }
            changes.append(
                RefChange(
                    name: name, old: old, new: new,
                    trespass: Trespass(agent: agent, kind: .ref, text: what, isViolation: old != nil), isUndone: undone)
            )
        }
        return changes
    }

    func undo(_ change: RefChange) async throws {
        guard change.isUndone, let old = change.old else { return }
        try await repository.moveRef(change.name, from: change.new, to: old, reason: "pitwall: put back")
    }

    /// The remote's branches that hold an agent's commits.
    func pushes(remote: [String: ObjectID], heads: [String: ObjectID]) async throws -> [Trespass] {
        guard let before = setup.snapshot.remote, let name = setup.remote else { return [] }
        var pushes: [Trespass] = []
        for (ref, commit) in remote.sorted(by: { $0.key < $1.key }) where before[ref] != commit {
            guard let agent = try await author(of: commit, heads: heads) else { continue }
            pushes.append(
                Trespass(
                    agent: agent, kind: .push, text: "\(ref) of \(name) was pushed; undo it there by hand",
                    isViolation: true))
        }
        return pushes
    }

    /// The agent on whose branch a commit lies, or whose branch lies in the commit's history.
    private func author(of commit: ObjectID?, heads: [String: ObjectID]) async throws -> String? {
        guard let commit, try await store.git.attempt(["cat-file", "-e", "\(commit)^{commit}"]).status == 0,
            try await !store.git.isAncestor(commit, of: setup.base),
            try await !store.git.isAncestor(commit, of: setup.main)
        else { return nil }
        for (agent, head) in heads.sorted(by: { $0.key < $1.key }) where head != setup.base {
            if try await store.git.isAncestor(commit, of: head) { return agent }
            if try await !store.git.isAncestor(head, of: setup.base), try await store.git.isAncestor(head, of: commit) {
                return agent
            }
        }
        return nil
    }
}
