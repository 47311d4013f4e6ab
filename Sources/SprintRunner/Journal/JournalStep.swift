import Foundation

/// One line of the journal.
struct JournalRecord: Sendable, Codable {
    var time: Date
    var step: JournalStep
}

/// The steps of a run.
///
/// Those named after something that *is happening* are written before it, the others after it.
enum JournalStep: Sendable, Codable {
    /// The run's settings and the state of the repository before it.
    case beginning(RunSetup)
    /// The safety tag stands.
    case tagged(String)
    /// An agent's worktree and branch are being made on this commit.
    case preparing(agent: String, base: ObjectID)
    /// The agent's command is being started.
    case starting(agent: String)
    /// The agent has not committed within the time that the plan asks for.
    case late(agent: String)
    /// The agent's command has ended; its branch is what it is.
    case ended(AgentResult)
    /// An agent, or somebody, did what the plan's rules forbid; the runner undoes it after this.
    case trespassed(Trespass)
    /// The agent has ended and its worktree holds something that is on no branch.
    case leftOver(LeftOver)
    /// Every agent has ended.
    case gathered
    /// The merges were built on this target.
    case coupled(target: ObjectID, head: ObjectID, agents: [String])
    /// A commit's tests are over.
    case tested(TestResult)
    /// The tests name this agent as the one whose merge breaks them; the train goes on without it.
    case uncoupled(agent: String, reason: String)
    /// Failed tests are tried again, with the agents' branches as they are now.
    case retrying(heads: [String: ObjectID])
    /// The main branch is being moved.
    case landing(Landing.Move)
    /// The remote has the commit.
    case pushed(ObjectID)
    /// The push failed for a reason that a newer main does not mend.
    case pushRefused(String)
    /// The main branch is moved.
    case landed(ObjectID)
    /// The checkout of the main branch shows the new commit.
    case refreshed
    /// The run was stopped from outside and can be resumed.
    case stopped
    /// The run is over.
    case finished(RunEnding)
}

/// How a run ended.
enum RunEnding: Hashable, Sendable, Codable {
    /// The main branch holds what landed.
    case landed
    /// There was nothing to land.
    case nothingToLand
    /// Tests failed and nothing was landed.
    case testsFailed(String)
    /// The user gave the run up.
    case abandoned
    /// Something outside the plan stands in the way; `resume` tries again.
    case refused(String)
}
