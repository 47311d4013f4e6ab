/// Why a sprint does not run, in words that say what to do.
public enum SprintError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process runs a sprint in this repository.
    case alreadyRunning(process: Int32?)
    /// A run of this repository has begun and not ended.
    case unfinished(sprint: String)
    /// The run was given up by `clean --abandon`.
    case abandoned(sprint: String)
    /// The repository has no run, or none of this name.
    case noRun(String?)
    /// The pre-flight found what stands in the way, one sentence each.
    case preflight([String])
    /// The journal cannot be read.
    case damagedJournal(String, line: Int, String)
    /// An argument names an agent that the plan does not have.
    case unknownAgent(String)

    /// What is wrong and how to mend it.
    public var description: String {
        switch self {
        case .alreadyRunning(let process):
            "a sprint is already running in this repository" + (process.map { " (process \($0))" } ?? "")
                + ": see `pitwall sprint status`, or end it with `pitwall sprint stop`"
        case .unfinished(let sprint):
            "sprint \(sprint) has begun here and is not finished: go on with `pitwall sprint resume`, or give it up with"
                + " `pitwall sprint clean --abandon`"
        case .abandoned(let sprint):
            "sprint \(sprint) was given up, and is not gone on with: begin anew with `pitwall sprint run`"
        case .noRun(let sprint):
            sprint.map { "this repository has no run of sprint \($0)" } ?? "no sprint was run in this repository"
        case .preflight(let problems):
            "not started: " + problems.joined(separator: "\n             ")
        case .damagedJournal(let path, let line, let reason):
            "the journal \(path) cannot be read from line \(line) on (\(reason)): if that line is the last, take it out and"
                + " resume; else move the journal's directory away and begin anew, the agents' branches are untouched"
        case .unknownAgent(let id):
            "the plan has no agent \(id)"
        }
    }
}
