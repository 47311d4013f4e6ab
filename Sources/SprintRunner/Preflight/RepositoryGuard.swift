/// Compares the repository with its snapshot and puts back what is not as it was.
struct RepositoryGuard: Sendable {
    let repository: Repository
    let store: ObjectStore
    let setup: RunSetup

    /// Settings that were changed; nobody can tell by whom, as all worktrees share them.
    func settings() -> [Trespass] {
        setup.snapshot.changedSettings(in: repository.commonDirectory).map { name in
            Trespass(
                agent: nil, kind: .settings, text: "\(name) in the git directory was changed; put back as it was",
                isViolation: true)
        }
    }

    /// Puts the settings back; nothing that is not in the snapshot stays.
    func restoreSettings() throws {
        let names = setup.snapshot.changedSettings(in: repository.commonDirectory)
        try setup.snapshot.restore(names, in: repository.commonDirectory)
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
