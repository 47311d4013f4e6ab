import Foundation

/// What became of an agent: its process and its branch, before any judgement.
struct AgentResult: Hashable, Sendable, Codable {
    var agent: String
    var ending: SupervisedProcess.Ending
    /// The last commit of its branch; `nil` when the branch is gone.
    var head: ObjectID?
    /// The reason that the agent itself gives for not having finished.
    var blocked: String?
    var started: Date
    var ended: Date
    /// Whether its first commit came later than the plan asks for.
    var wasLate = false
    /// How long it waited for a place or for another agent, in seconds.
    var waited = 0.0
    /// The last line of its log, where it did not end well.
    var lastWords: String?
}
