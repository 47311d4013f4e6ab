/// Something worth a line on the terminal while a sprint runs.
public enum SprintEvent: Hashable, Sendable, CustomStringConvertible {
    /// What the run will do, or has found before it starts.
    case notice(String)
    /// An agent's command was started in its worktree.
    case started(agent: String, worktree: String)
    /// An agent that a killed runner left at work was found again.
    case found(agent: String)
    /// What a stopped attempt of an agent had done is kept, and the agent starts again.
    case putAside(agent: String, ref: String)
    /// An agent is at work.
    case heartbeat(agent: String, seconds: Int, logged: Int)
    /// An agent has not committed within the time the plan asks for.
    case late(agent: String, minutes: Int)
    /// An agent has ended.
    case ended(agent: String, outcome: String)
    /// An agent has ended and left something in its worktree that is on no branch, and so is not merged.
    case leftOver(agent: String, what: String)
    /// The plan's rules were broken.
    case trespass(String)
    /// The train was built.
    case coupled(agents: [String], conflicts: [String])
    /// Commits are being tested.
    case testing(round: Int, prefixes: Int)
    /// A commit was tested.
    case tested(commit: String, passed: Bool)
    /// The tests name an agent.
    case culprit(agent: String)
    /// The remote has moved, and the train is built again on it.
    case replaying(on: String)
    /// The main branch was moved.
    case landed(branch: String, commit: String)
    /// The result was pushed.
    case pushed(remote: String)

    /// The line; nothing in it is an order to a terminal.
    public var description: String { text.printable }

    private var text: String {
        switch self {
        case .notice(let text): text
        case .started(let agent, let worktree): "\(agent): started in \(worktree)"
        case .found(let agent): "\(agent): still at work; waiting for it"
        case .putAside(let agent, let ref): "\(agent): starting again; what it had done is kept as \(ref)"
        case .heartbeat(let agent, let seconds, let logged):
            "\(agent): at work for \(seconds) s, \(logged) bytes logged"
        case .late(let agent, let minutes): "\(agent): no commit within \(minutes) minutes"
        case .ended(let agent, let outcome): "\(agent): \(outcome)"
        case .leftOver(let agent, let what): "\(agent): not merged, as it is on no branch: \(what)"
        case .trespass(let text): "rule broken: \(text)"
        case .coupled(let agents, let conflicts):
            "merged in memory: \(agents.isEmpty ? "none" : agents.joined(separator: ", "))"
                + (conflicts.isEmpty ? "" : "; in conflict: \(conflicts.joined(separator: ", "))")
        case .testing(let round, let prefixes): "testing, round \(round): \(prefixes) commits side by side"
        case .tested(let commit, let passed): "tests of \(commit): \(passed ? "passed" : "failed")"
        case .culprit(let agent): "the tests fail from the merge of \(agent) on"
        case .replaying(let commit): "the remote has moved to \(commit): building the train again on it"
        case .landed(let branch, let commit): "\(branch) is at \(commit)"
        case .pushed(let remote): "pushed to \(remote)"
        }
    }
}
