public import Foundation

/// What came of a sprint: verdict first, then each agent, then the detail.
public struct SprintReport: Hashable, Sendable, Codable {
    /// How an agent's work ended.
    public enum Status: Hashable, Sendable, Codable {
        /// It is on the main branch.
        case merged
        /// It could land, and the run ended before anything did.
        case ready
        /// It was kept out, for this reason.
        case blocked(String)
        /// It does not fit what landed before it.
        case conflict(String)
        /// Its merge breaks the tests.
        case failed(String)
        /// It has not ended yet.
        case running
        /// It has not begun yet.
        case waiting
    }

    /// One agent's line, with all that is known of it.
    public struct Row: Hashable, Sendable, Codable {
        /// The agent's id as the plan writes it.
        public var agent: String
        /// Its title.
        public var title: String
        /// How its work ended.
        public var status: Status
        /// Test cases that its branch adds.
        public var tests: Int
        /// Files that its branch changes.
        public var files: Int
        /// The branch that holds its work.
        public var branch: String
        /// The branch's last commit.
        public var head: ObjectID?
        /// Seconds from its start to its end.
        public var seconds: Double
        /// Seconds for which it waited for a place or another agent.
        public var waited: Double
        /// Whether its first commit came later than the plan asks for.
        public var wasLate: Bool
        /// The last line of its output, where it did not end well; `pitwall sprint status` names the log.
        public var lastWords: String?
        /// What it left in its worktree that is on no branch, and so was not merged; `nil` when there is nothing.
        public var leftOver: LeftOver?
        /// The paths that are not simply its own.
        public var paths: [PathVerdict]
        /// Where it does not fit what landed before it.
        public var conflicts: [Conflict]
        /// What was merged by the runner's own rules.
        public var resolutions: [Resolution]
    }

    /// The sprint as the plan calls it.
    public var sprint: String
    /// The plan's title.
    public var title: String
    /// The outcome in a sentence.
    public var verdict: String
    /// The commit that the main branch was moved to; `nil` when it was not.
    public var landed: ObjectID?
    /// Whether the remote has it.
    public var isPushed: Bool
    /// Whether every agent landed, and was pushed if that was asked for.
    public var isComplete: Bool
    /// Whether something outside the plan stopped the run, and `resume` may go on.
    public var isInterrupted: Bool
    /// When the run began.
    public var began: Date?
    /// Seconds from the first step to the last.
    public var seconds: Double
    /// Test rounds that were needed.
    public var testRounds: Int
    /// One row an agent, in the plan's order.
    public var rows: [Row]
    /// Rules that were broken.
    public var trespasses: [Trespass]

    /// 0 when everything landed, 1 when something did not, 69 when the run was interrupted.
    public var exitStatus: Int32 { isInterrupted ? 69 : isComplete ? 0 : 1 }
}

extension SprintReport.Status: CustomStringConvertible {
    /// The status as the plan's table shows it.
    public var description: String {
        switch self {
        case .merged: "Merged"
        case .ready: "Ready"
        case .blocked(let reason): "Blocked: \(reason)"
        case .conflict(let detail): "Conflict: \(detail)"
        case .failed(let reason): "Failed: \(reason)"
        case .running: "Running"
        case .waiting: "Waiting"
        }
    }
}
