import Foundation
import ResultFile

/// A load test at a terminal: live line and table on stderr, the result in a file, Ctrl-C ends it early.
public struct LoadSession: Sendable {
    private let options: LoadOptions
    private let goals: [Goal]
    private let output: String
    private let html: String?

    /// Prepares a session.
    ///
    /// - Parameters:
    ///   - options: What to push, how hard and for how long.
    ///   - goals: What the result is judged by.
    ///   - output: The file for the result.
    ///   - html: The file for a report to look at; none if `nil`.
    public init(options: LoadOptions, goals: [Goal], output: String, html: String? = nil) {
        self.options = options
        self.goals = goals
        self.output = output
        self.html = html
    }

    /// Runs the test, prints it, judges it and saves it.
    ///
    /// - Throws: ``LoadError``, ``PlanError``, ``GoalError`` and ``ResultFileError``; the first three before a request
    ///   is sent.
    public func run() async throws -> (result: LoadResult, verdict: RunVerdict) {
        try checkBeforehand()
        let terminal = RunTerminal()
        defer { terminal.close() }
        let live = terminal.live
        var result = try await LoadRunner(options, interruption: terminal.interruption) { live.show($0) }.run()
        live.clear()
        let (verdict, records) = try RunVerdict.judge(result, by: goals)
        result.goals = records
        try save(result)
        if case .none(let reason) = verdict { RunTerminal.printError("no verdict: \(reason)\n") }
        return (result, verdict)
    }

    /// Searches for the highest rate that meets the goals, prints it and saves it.
    ///
    /// - Returns: The result and the command's exit status: 1 when even the lowest rate misses a goal, 69 when that is not
    ///   known.
    /// - Throws: As ``run()``.
    public func findLimit(within bounds: ClosedRange<Double>) async throws -> (result: LoadResult, exitStatus: Int32) {
        try checkBeforehand()
        let terminal = RunTerminal()
        defer { terminal.close() }
        let live = terminal.live
        let finder = LimitFinder(options, goals: goals, within: bounds, interruption: terminal.interruption) {
            live.show($0)
        }
        let result = try await finder.run()
        live.clear()
        try save(result)
        let statuses = (result.limits ?? []).map(\.exitStatus)
        // A limit that was missed is a verdict, whatever is not known of others.
        return (result, statuses.contains(1) ? 1 : statuses.max() ?? 69)
    }

    private func save(_ result: LoadResult) throws {
        // Whatever keeps a file from being written, people see what was measured.
        defer { RunTerminal.printError(TextReport(result).text) }
        try result.write(to: output)
        if let html { try Data(HTMLReport(result).html.utf8).writeResult(to: html) }
    }

    /// What would be a pity to find out after half a minute.
    private func checkBeforehand() throws {
        try options.checkEncryption(of: [options.target])
        for file in [output] + (html.map { [$0] } ?? []) { try ResultFile(file).check() }
        if let html, ResultFile(html).isSame(as: ResultFile(output)) {
            throw UsageError("--output and --html both name \(html); one would replace the other")
        }
        for goal in goals {
            guard let scenario = goal.scenario, !options.scenarios.contains(where: { $0.name == scenario }) else {
                continue
            }
            throw GoalError(goal: goal.description, problem: "there is no scenario \(scenario) in this run")
        }
    }
}
