extension SprintPlan {
    /// The largest plan that is read, in bytes: 16 MiB.
    public static let largestSize = 16 << 20

    /// The most agents a plan may have: 1,000.
    public static let mostAgents = 1000

    /// The most bytes the preambles of all prompts may have together: 256 MiB.
    public static let largestPrompts = 256 << 20

    /// Reads a plan.
    ///
    /// The time taken grows in proportion to the text.
    ///
    /// - Parameter text: the Markdown text, with LF, CRLF or CR line ends, with or without a byte order mark.
    /// - Throws: ``SprintPlanRefusal`` when the plan cannot be run as it is: fewer than two agents, two of one id, a
    ///   cycle in the order, or a part that cannot be read.
    public static func read(text: String) throws(SprintPlanRefusal) -> SprintPlan {
        guard text.utf8.count <= largestSize else { throw .tooLarge(text.utf8.count) }
        let plan = PlanReader.read(text)
        guard !plan.diagnostics.contains(where: { $0.severity == .error }) else {
            throw SprintPlanRefusal(plan: plan)
        }
        return plan
    }

    /// Reads a plan from the bytes of a file.
    ///
    /// - Throws: ``SprintPlanRefusal`` as ``read(text:)`` does, and when the bytes are not UTF-8.
    public static func read(bytes: some Collection<UInt8>) throws(SprintPlanRefusal) -> SprintPlan {
        guard bytes.count <= largestSize else { throw .tooLarge(bytes.count) }
        guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
            throw .init(
                code: .notText,
                line: firstUnreadableLine(of: bytes),
                message: "the plan is not UTF-8 text from here on: save it as UTF-8"
            )
        }
        return try read(text: text)
    }

    /// The number of the first line that holds a zero byte or is no UTF-8.
    private static func firstUnreadableLine(of bytes: some Collection<UInt8>) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let index = lines.firstIndex { $0.contains(0) || String(validating: $0, as: UTF8.self) == nil }
        return (index ?? 0) + 1
    }
}

extension SprintPlanRefusal {
    fileprivate static func tooLarge(_ size: Int) -> SprintPlanRefusal {
        .init(
            code: .tooLarge,
            line: 1,
            message: "the plan has \(size) bytes, more than \(SprintPlan.largestSize): split it into several sprints"
        )
    }

    init(code: SprintPlan.Diagnostic.Code, line: Int, message: String) {
        var plan = SprintPlan()
        plan.diagnostics = [.init(line: line, severity: .error, code: code, message: message)]
        self.init(plan: plan)
    }
}
