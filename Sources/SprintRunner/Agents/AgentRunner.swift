import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Runs one agent from its worktree to its result.
struct AgentRunner: Sendable {
    let repository: Repository
    let setup: RunSetup
    let directory: RunDirectory
    let worktrees: Worktrees
    let journal: Journal
    let report: @Sendable (SprintEvent) -> Void

    /// Runs the agent, or finds what became of it when an earlier runner already did.
    ///
    /// - Parameter base: the commit that its branch starts from.
    func run(_ agent: SprintPlan.Agent, base: ObjectID, waited: Double) async throws -> AgentResult {
        let branch = setup.branches[agent.id] ?? ""
        let records = directory.agent(Slug(agent.id).text)
        let prompt = records.appending("prompt.md")
        let hooks = AgentHooks(
            directory: directory.hooks, standIn: setup.signature.isStandIn ? setup.signature : nil)
        let process = SupervisedProcess(
            records: records, command: setup.command.line, directory: worktrees.path(of: agent.id),
            variables: hooks.variables.merging([
                "PITWALL_AGENT": agent.id, "PITWALL_PROMPT_FILE": prompt.string, "PITWALL_PLAN": directory.plan.string,
                "PITWALL_BRANCH": branch,
            ]) { $1 },
            mark: "\(setup.id):agent:\(agent.id)", timeLimit: .seconds(setup.timeLimit), logLimit: setup.logLimit)
        if process.isLost { try await putAside(records, agent: agent.id, branch: branch) }
        if process.isClaimed {
            report(.found(agent: agent.id))
        } else {
            // What was started and has not claimed its place yet must not begin while the worktree is made anew.
            await ProcessTree(mark: process.mark).kill()
            try await journal.write(.preparing(agent: agent.id, base: base))
            let place = try await worktrees.make(agent.id, branch: branch, at: base)
            try FileManager.default.createDirectory(atPath: records.string, withIntermediateDirectories: true)
            try Data(AgentPrompt(agent: agent, setup: setup).text.utf8).write(to: URL(fileURLWithPath: prompt.string))
            report(.started(agent: agent.id, worktree: place.string))
        }
        try await journal.write(.starting(agent: agent.id))
        let started = await journal.state.started[agent.id] ?? Date()
        let ending = try await process.run { logged in await beat(agent.id, branch, base, since: started, logged) }
        let head = try await repository.ref(branch)
        let result = AgentResult(
            agent: agent.id, ending: ending, head: head,
            blocked: try await blocked(process.log, prompt: agent.prompt, from: base, to: head), started: started,
            ended: Date(), wasLate: await journal.state.late.contains(agent.id), waited: waited,
            lastWords: ending == .exited(0) ? nil : LogTail.lastLine(process.log))
        try await journal.write(.ended(result))
        report(.ended(agent: agent.id, outcome: result.blocked.map { "BLOCKED: \($0)" } ?? "\(ending)"))
        return result
    }

    /// Shows that the agent lives, and once that it is late with its first commit.
    private func beat(_ agent: String, _ branch: String, _ base: ObjectID, since: Date, _ logged: Int) async {
        let seconds = Date().timeIntervalSince(since)
        report(.heartbeat(agent: agent, seconds: Int(seconds), logged: logged))
        guard seconds > setup.earlyCommit, await !journal.state.late.contains(agent),
            let head = try? await repository.ref(branch), head == base,
            (try? await journal.write(.late(agent: agent))) != nil
        else { return }
        report(.late(agent: agent, minutes: Int(setup.earlyCommit / 60)))
    }

    /// Keeps what a stopped attempt left, under another name, and makes room for the next.
    private func putAside(_ records: FilePath, agent: String, branch: String) async throws {
        let files = FileManager.default
        for number in 1... {
            let aside = records.string + ".attempt-\(number)"
            guard !files.fileExists(atPath: aside) else { continue }
            let name = "refs/pitwall/\(Slug(setup.sprint).text)/attempts/\(Slug(agent).text)/\(number)"
            let attempt = StoppedAttempt(
                repository: repository,
                store: try await ObjectStore(directory: directory.objects, repository: repository),
                worktree: worktrees.path(of: agent), index: records.appending("index"), signature: setup.signature)
            if try await repository.ref(name) == nil,
                let state = try await attempt.commit(agent: agent, branch: repository.ref(branch))
            {
                try await repository.moveRef(name, from: nil, to: state, reason: "pitwall: a stopped attempt")
            }
            try files.moveItem(atPath: records.string, toPath: aside)
            return report(.putAside(agent: agent, ref: name))
        }
    }

    /// The reason that the agent gives in its log or in a commit of its branch.
    private func blocked(_ log: FilePath, prompt: String, from base: ObjectID, to head: ObjectID?) async throws
        -> String?
    {
        if let reason = BlockedReason.inLog(LogTail.read(log), prompt: prompt) { return reason }
        guard let head, head != base else { return nil }
        let messages = try await repository.git.attempt([
            "log", "-n", "1000", "--format=%(trailers)", "\(base)..\(head)",
        ])
        return messages.status == 0 ? BlockedReason.inMessage(messages.text) : nil
    }
}

/// The end of a log, where an agent says how it went.
enum LogTail {
    /// The last megabyte: a log may be as long as its agent likes.
    static let length: Int64 = 1 << 20

    /// The last line that says anything, cut to a length that one reads.
    static func lastLine(_ path: FilePath) -> String? {
        read(path).split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }.map {
            String($0.prefix(300))
        }
    }

    static func read(_ path: FilePath) -> String {
        guard let file = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) else { return "" }
        defer { try? file.close() }
        guard let size = try? file.seek(offset: 0, from: .end) else { return "" }
        let start = max(0, size - length)
        var bytes = [UInt8](repeating: 0, count: Int(size - start))
        let count = bytes.withUnsafeMutableBytes { try? file.read(fromAbsoluteOffset: start, into: $0) }
        return String(decoding: bytes.prefix(count ?? 0), as: UTF8.self)
    }
}

/// What an agent is told: the plan's preamble and the agent's own part, and where it is.
struct AgentPrompt: Sendable {
    let agent: SprintPlan.Agent
    let setup: RunSetup

    var text: String {
        func list(_ paths: [String]) -> String { paths.isEmpty ? "none" : paths.joined(separator: ", ") }
        return """
            \(agent.prompt.trimmingTrailingNewlines)

            ---
            You are agent \(agent.id) of sprint \(setup.sprint). You are in a git worktree of your own, on branch \
            \(setup.branches[agent.id]?.dropFirst("refs/heads/".count) ?? "").
            Commit your work there; do not merge, push or move another branch. What is not committed is not merged.
            Files you own: \(list(agent.owned.map(\.path.description)))
            Your own output files: \(list(agent.outputs.map(\.description)))
            Files you may only append to: \(list(agent.append.map(\.description)))
            Files you must not touch: \(list(agent.deny.map(\.description)))
            If you cannot finish, print one line `BLOCKED: reason` and stop.

            """
    }
}
