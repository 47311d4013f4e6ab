import Foundation

/// What a run is about, settled before its first step and never changed: the options, and the repository as it was.
struct RunSetup: Sendable, Codable {
    /// Different for every run; marks its processes.
    var id: String
    /// The sprint as the plan calls it.
    var sprint: String
    /// The plan's file as the caller named it.
    var plan: String
    var command: AgentCommand
    var jobs: Int
    var slots: Int
    /// The scripts that have to pass; none means that nothing is tested.
    var tests: [String]
    var push: Bool
    var allow: Set<String>
    /// Seconds.
    var timeLimit: Double
    var testTimeLimit: Double
    var earlyCommit: Double
    var keepGoing: Bool
    var fetches: Bool
    var logLimit: Int
    /// The full name of the branch to land on.
    var branch: String
    /// The remote, when the repository has one.
    var remote: String?
    /// What the branch held before the run.
    var main: ObjectID
    /// What the agents start from: the branch, or the remote's newer one.
    var base: ObjectID
    var tag: String?
    /// The directory of the agents' worktrees.
    var worktrees: String
    /// The branch of each agent.
    var branches: [String: String]
    var signature: Signature
    var snapshot: RepositorySnapshot
}

extension RunSetup {
    /// The branch's name without `refs/heads/`.
    var branchName: String { String(branch.dropFirst("refs/heads/".count)) }
}
