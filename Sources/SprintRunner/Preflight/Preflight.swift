import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// What is looked at before anything is done.
struct Preflight: Sendable {
    /// The oldest git that has all that a run needs: `merge-tree --write-tree` with its `-z`.
    static let oldestGit = (2, 38)
    /// The least free space, in bytes, on top of one checkout for every worktree.
    static let spareSpace = 200 << 20

    let repository: Repository
    let checkout: FilePath
    let plan: SprintPlan
    let planFile: FilePath
    let options: SprintRunOptions

    /// Looks at everything and tells all that stands in the way at once.
    ///
    /// - Returns: the settings of the run, and what it will do, line by line.
    /// - Throws: ``SprintError/preflight(_:)``.
    func check() async throws -> (setup: RunSetup, notices: [String]) {
        var problems: [String] = []
        var notices: [String] = []
        if let problem = try await checkGit() { throw SprintError.preflight([problem]) }
        if let stranger = options.allow.sorted().first(where: { plan.agent($0) == nil }) {
            throw SprintError.unknownAgent(stranger)
        }
        let branch = try await branch(&problems)
        let remote = try await remote(&problems)
        guard problems.isEmpty, let branch, let main = try await repository.ref(branch) else {
            throw SprintError.preflight(
                problems.isEmpty ? ["the repository has no commit yet: make a first one"] : problems)
        }
        problems += try await dirt(branch)
        if let program = options.agent.missingProgram(in: ProcessInfo.processInfo.environment["PATH"] ?? "") {
            problems.append(
                "\(program) is not installed, or not on PATH: install it, or give another command with --agent")
        }
        var base = main
        var remoteRefs: [String: ObjectID]?
        if let remote, options.fetches {
            do {
                remoteRefs = try await RemoteRefs(repository: repository, remote: remote).list()
                base = try await newest(main, branch, remote, remoteRefs?[branch], &problems, &notices)
            } catch let error as GitError {
                problems.append("\(remote) cannot be asked for news (\(error)): mend it, or go on with --no-fetch")
            }
        }
        let root = options.worktrees ?? FreeNames.directory(worktreeRoot)
        for agent in plan.agents where options.worktrees != nil {
            let place = root.appending(Slug(agent.id).text)
            if FreeNames.isInUse(place) {
                problems.append("\(place) is not empty: move it away, or name another place with --worktrees")
            }
        }
        if let problem = try await space(for: base, at: root) { problems.append(problem) }
        guard problems.isEmpty else { throw SprintError.preflight(problems) }
        let sprint = plan.sprint ?? planFile.stem ?? "sprint"
        let signature = try await signature()
        if signature.isStandIn {
            notices.append(
                "git knows no user.name and user.email: commits are made as \(signature.name) <\(signature.email)>")
        }
        let branches = try await FreeNames(repository).branches(sprint, agents: plan.agents.map(\.id))
        let setup = RunSetup(
            id: UUID().uuidString, sprint: sprint, plan: planFile.string, command: options.agent,
            jobs: max(1, options.jobs ?? plan.agents.count), slots: max(1, options.slots), tests: tests,
            push: options.push, allow: options.allow, timeLimit: options.timeLimit.seconds,
            testTimeLimit: options.testTimeLimit.seconds,
            earlyCommit: options.earlyCommit?.seconds ?? Double(plan.rules.earlyCommitMinutes ?? 10) * 60,
            keepGoing: options.keepGoing, fetches: options.fetches, logLimit: options.logLimit, branch: branch,
            remote: remote, main: main, base: base, tag: try await tag(at: main), worktrees: root.string,
            branches: branches, signature: signature,
            snapshot: try await .take(of: repository, remote: remoteRefs))
        return (setup, notices + describe(setup))
    }

    private func describe(_ setup: RunSetup) -> [String] {
        let order = plan.mergeOrder.map { $0.joined(separator: ", ") }.joined(separator: " → ")
        return [
            "sprint \(setup.sprint): \(plan.agents.count) agents, \(setup.jobs) at a time, from \(setup.base.short) on \(setup.branchName)",
            setup.tag.map { "safety tag: \($0) at \(setup.main.short)" } ?? "safety tag: none in the plan",
            "worktrees in \(setup.worktrees)",
            "agent command: \(setup.command.line)",
            "merge order: \(order)",
            setup.tests.isEmpty
                ? "tests: none; only the merges are checked" : "tests: \(setup.tests.joined(separator: "; then "))",
            setup.push
                ? "lands on \(setup.branchName) and pushes to \(setup.remote ?? "nowhere")"
                : "lands on \(setup.branchName); does not push",
        ]
    }

    private func checkGit() async throws -> String? {
        let version = try await repository.git("version").line
        let numbers = version.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
        guard numbers.count >= 2, (numbers[0], numbers[1]) >= Self.oldestGit else {
            return "\(version) is too old: version \(Self.oldestGit.0).\(Self.oldestGit.1) or newer is needed"
        }
        return nil
    }

    /// The branch to land on, which has to be the one that is checked out here.
    private func branch(_ problems: inout [String]) async throws -> String? {
        let here = try await Git(directory: checkout).attempt(["symbolic-ref", "-q", "HEAD"])
        let current = here.status == 0 ? here.line : nil
        let wanted = options.branch.map { "refs/heads/\($0)" } ?? PushCommand(plan.push)?.branch ?? current
        guard let wanted else {
            problems.append("no branch is checked out: check out the one to land on, or name it with --branch")
            return nil
        }
        let name = wanted.dropFirst("refs/heads/".count)
        if try await repository.ref(wanted) == nil {
            let isEmpty = try await repository.git.attempt(["rev-parse", "-q", "--verify", "HEAD"]).status != 0
            problems.append(
                isEmpty
                    ? "the repository has no commit yet: make a first one"
                    : "there is no branch \(name): name the one to land on with --branch")
        } else if let current, current != wanted, try await isInWorktree() {
            problems.append(
                "\(current.dropFirst("refs/heads/".count)) is checked out, not \(name):"
                    + " `git checkout \(name)`, or name another with --branch")
        }
        return wanted
    }

    private func isInWorktree() async throws -> Bool {
        try await Git(directory: checkout)("rev-parse", "--is-inside-work-tree").line == "true"
    }

    private func remote(_ problems: inout [String]) async throws -> String? {
        let remotes = try await repository.git("remote").text.split(separator: "\n").map(String.init)
        let wanted = PushCommand(plan.push)?.remote
        let remote =
            wanted.flatMap { remotes.contains($0) ? $0 : nil }
            ?? (remotes.contains("origin") ? "origin" : remotes.first)
        if options.push, remote == nil {
            problems.append("--push was asked for, and the repository has no remote: add one with `git remote add`")
        }
        return remote
    }

    /// Changes that are not committed, in the checkout of the branch.
    private func dirt(_ branch: String) async throws -> [String] {
        guard let place = try await repository.checkouts().first(where: { $0.branch == branch })?.directory else {
            return []
        }
        let status = try await Git(directory: place)("status", "--porcelain", "-z", "--untracked-files=no")
        let paths = status.fields.filter { $0.count > 3 }.map { TreePath(bytes: $0.dropFirst(3)).description }
        guard !paths.isEmpty else { return [] }
        let shown = paths.prefix(5).joined(separator: ", ") + (paths.count > 5 ? " and \(paths.count - 5) more" : "")
        return ["\(place) has changes that are not committed (\(shown)): commit or stash them"]
    }

    /// The commit to start from: the remote's when it is ahead of a branch that has nothing of its own.
    private func newest(
        _ main: ObjectID, _ branch: String, _ remote: String, _ tip: ObjectID?, _ problems: inout [String],
        _ notices: inout [String]
    ) async throws -> ObjectID {
        guard let tip, tip != main else { return main }
        let name = branch.dropFirst("refs/heads/".count)
        if try await repository.git.attempt(["cat-file", "-e", "\(tip)^{commit}"]).status != 0 {
            try await repository.git.run([
                "fetch", "-q", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", remote, branch,
            ])
        }
        if try await repository.git.isAncestor(tip, of: main) {
            notices.append("\(name) has commits that \(remote) does not have yet")
            return main
        }
        if try await repository.git.isAncestor(main, of: tip) {
            notices.append("\(remote) is ahead of \(name): the agents start from its \(tip.short)")
            return tip
        }
        problems.append(
            "\(name) and \(remote)/\(name) have gone apart: `git pull --rebase \(remote) \(name)` or push first")
        return main
    }

    private func space(for base: ObjectID, at root: FilePath) async throws -> String? {
        let sizes = try await repository.git("ls-tree", "-r", "-l", "-z", "--full-tree", base.hex).fields
        let size = sizes.reduce(0) { sum, field in
            sum
                + (String(decoding: field, as: UTF8.self).split(whereSeparator: { $0 == " " || $0 == "\t" })[safe: 3]
                    .flatMap { Int($0) } ?? 0)
        }
        let (checkouts, isTooMuch) = size.multipliedReportingOverflow(
            by: plan.agents.count + min(options.slots, .max / 2))
        let needed = isTooMuch ? Int.max : min(checkouts, .max - Self.spareSpace) + Self.spareSpace
        var existing = root
        while !FileManager.default.fileExists(atPath: existing.string), existing.removeLastComponent() {}
        let attributes = try FileManager.default.attributesOfFileSystem(forPath: existing.string)
        let free = (attributes[.systemFreeSize] as? NSNumber)?.intValue ?? .max
        guard free < needed else { return nil }
        return
            "\(existing) has \(free >> 20) MiB free and the worktrees need \(needed >> 20) MiB: free some, or name another place with --worktrees"
    }

    private var worktreeRoot: FilePath {
        let home = repository.home
        return home.removingLastComponent()
            .appending("\(repository.name)-sprint-\(Slug(plan.sprint ?? planFile.stem ?? "sprint").text)")
    }

    private var tests: [String] {
        guard let test = options.test else { return plan.tests.map(\.script) }
        return test.isEmpty ? [] : [test]
    }

    /// The plan's safety tag, numbered on when it already marks another commit: a safety tag is never moved.
    private func tag(at main: ObjectID) async throws -> String? {
        guard let tag = plan.tag else { return nil }
        for number in 1... {
            let name = number == 1 ? tag : "\(tag)-\(number)"
            guard let held = try await repository.ref("refs/tags/\(name)") else { return name }
            if held == main { return name }
        }
        return nil
    }

    /// Who git says the user is: `Name <email> seconds zone`.
    private func signature() async throws -> Signature {
        let identity = try await repository.git.attempt(["var", "GIT_COMMITTER_IDENT"])
        let now = Int(Date().timeIntervalSince1970)
        guard identity.status == 0, let open = identity.line.firstIndex(of: "<"),
            let end = identity.line.lastIndex(of: ">")
        else { return .standIn(time: now) }
        let name = identity.line[..<open].trimmingCharacters(in: .whitespaces)
        return Signature(name: name, email: String(identity.line[identity.line.index(after: open)..<end]), time: now)
    }
}

/// The remote and the branch of a plan's push command: `git push origin main`.
struct PushCommand: Hashable, Sendable {
    var remote: String
    /// The full name of the branch; `nil` when the command names none, or `HEAD`.
    var branch: String?

    init?(_ command: String?) {
        guard let words = command?.split(separator: " ").map(String.init), words.starts(with: ["git", "push"]) else {
            return nil
        }
        let names = words.dropFirst(2).filter { !$0.hasPrefix("-") }
        guard let remote = names.first else { return nil }
        self.remote = remote
        let target = names.dropFirst().first.map { String($0.split(separator: ":").last ?? "") }
        branch = target.flatMap { $0 == "HEAD" || $0.isEmpty ? nil : "refs/heads/\($0)" }
    }
}
