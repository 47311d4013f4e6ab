#if canImport(System)
    public import System
#else
    public import SystemPackage
#endif

/// What the caller of a run decides, on top of what the plan says.
public struct SprintRunOptions: Sendable {
    /// The command that does each agent's work.
    public var agent: AgentCommand
    /// Agents at work at one time, at least 1; `nil` for all of them.
    public var jobs: Int?
    /// Test runs side by side, at least 1.
    public var slots = 4
    /// The test command, in place of the plan's; an empty string runs no tests.
    public var test: String?
    /// Whether the result is pushed to the remote.
    public var push = false
    /// Agents that may land in spite of violations.
    public var allow: Set<String> = []
    /// The most time that one agent may take.
    public var timeLimit: Duration = .seconds(3600)
    /// The most time that one run of the tests may take.
    public var testTimeLimit: Duration = .seconds(3600)
    /// The time within which a first commit is expected; `nil` for the plan's, or 10 minutes.
    public var earlyCommit: Duration?
    /// Whether the train lands without an agent whose merge breaks the tests, instead of stopping.
    public var keepGoing = false
    /// Whether the remote is asked for news before the start and before landing.
    public var fetches = true
    /// The branch to land on; `nil` for the one the plan pushes, or the one checked out.
    public var branch: String?
    /// Where the worktrees are made; `nil` for a directory beside the repository.
    public var worktrees: FilePath?
    /// The most bytes that an agent or a test may print.
    public var logLimit = 64 << 20

    /// Options for a command, with everything else at its default.
    public init(agent: AgentCommand) {
        self.agent = agent
    }
}
