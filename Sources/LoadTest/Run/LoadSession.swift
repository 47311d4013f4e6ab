import Dispatch
import Foundation

/// A load test at a terminal: live line and table on stderr, the result in a file, Ctrl-C ends it early.
public struct LoadSession: Sendable {
    private let options: LoadOptions
    private let goals: [Goal]
    private let output: String

    /// Prepares a session.
    ///
    /// - Parameters:
    ///   - options: What to push, how hard and for how long.
    ///   - goals: What the result is judged by.
    ///   - output: The file for the result.
    public init(options: LoadOptions, goals: [Goal], output: String) {
        self.options = options
        self.goals = goals
        self.output = output
    }

    /// Runs the test, prints it, judges it and saves it.
    ///
    /// - Throws: ``LoadError``, ``PlanError``, ``GoalError`` and ``ResultFileError``; the first three before a request
    ///   is sent.
    public func run() async throws -> (result: LoadResult, verdict: RunVerdict) {
        try checkBeforehand()
        let interruption = Interruption()
        let signals = InterruptSignals(interruption)
        defer { signals.cancel() }
        let live = LiveLine(isTerminal: isatty(2) == 1) { Self.printError($0) }
        var result = try await LoadRunner(options, interruption: interruption) { live.show($0) }.run()
        live.clear()
        let (verdict, records) = try RunVerdict.judge(result, by: goals)
        result.goals = records
        try result.write(to: output)
        Self.printError(TextReport(result).text)
        if case .none(let reason) = verdict { Self.printError("no verdict: \(reason)\n") }
        return (result, verdict)
    }

    /// What would be a pity to find out after half a minute.
    private func checkBeforehand() throws {
        let folder = URL(filePath: output).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: folder.isEmpty ? "." : folder) else {
            throw ResultFileError(path: output, problem: "it cannot be written: the folder is missing or not writable")
        }
        for goal in goals {
            guard let scenario = goal.scenario, !options.scenarios.contains(where: { $0.name == scenario }) else {
                continue
            }
            throw GoalError(goal: goal.description, problem: "there is no scenario \(scenario) in this run")
        }
    }

    private static func printError(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}

/// Ctrl-C and a polite kill raise the interruption; the second one ends the process at once.
final class InterruptSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ interruption: Interruption) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if !interruption.raise() { exit(128 + number) }
                FileHandle.standardError.write(Data("\nstopping; once more to stop at once\n".utf8))
            }
            source.resume()
            return source
        }
    }

    func cancel() {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
