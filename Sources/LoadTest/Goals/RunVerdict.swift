/// What a run means for whoever started it, a CI job above all.
public enum RunVerdict: Sendable, Hashable {
    /// Every goal was met, or none was set.
    case passed
    /// At least one goal was missed.
    case missed([GoalRecord])
    /// Nothing can be said: why.
    case none(String)

    /// Judges a result by goals.
    ///
    /// - Returns: The verdict and the records to keep in the result; no records where there is no verdict.
    /// - Throws: ``GoalError`` when a goal names a scenario that did not run.
    public static func judge(
        _ result: LoadResult, by goals: [Goal]
    ) throws(GoalError) -> (verdict: RunVerdict, records: [GoalRecord]) {
        if result.validity.stamp == .failed {
            return (
                .none(
                    (result.validity.reasons.prefix(1) + [result.stoppedEarly].compactMap(\.self)).joined(
                        separator: ": ")), []
            )
        }
        guard !goals.isEmpty else { return (.passed, []) }
        guard result.validity.isValid else {
            let reasons = result.validity.reasons.joined(separator: "; ")
            return (.none("the run is \(result.validity.stamp.rawValue), so its goals are not judged: \(reasons)"), [])
        }
        var records: [GoalRecord] = []
        for goal in goals { records += try goal.judge(result.scenarios) }
        let missed = records.filter { !$0.isMet }
        return (missed.isEmpty ? .passed : .missed(missed), records)
    }

    /// The command's exit status: 0 passed, 1 missed, 69 nothing can be said.
    public var exitStatus: Int32 {
        switch self {
        case .passed: 0
        case .missed: 1
        case .none: 69
        }
    }
}

extension RunVerdict {
    /// The command's exit status for a run that was not made: 64 wrong usage, 65 wrong files, 69 anything that kept it
    /// from being made.
    public static func exitStatus(of error: any Error) -> Int32 {
        switch error {
        case is UsageError, is GoalError, is TargetError, is UnknownScenarioError: 64
        case is PlanError, is ScenarioFileError: 65
        case let error as RecordingError: error.isUnavailable ? 69 : 65
        default: 69
        }
    }
}
