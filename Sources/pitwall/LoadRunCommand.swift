import ArgumentParser
import Foundation
import LoadTest

/// `pitwall load run`, also plain `pitwall load`.
struct LoadRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a load test (the default).",
        discussion: """
            Exit status: 0 done and all goals met, 1 a goal was missed, 64 wrong usage, 65 a scenario file is wrong, \
            69 the run could not be made or gives no verdict.
            """)

    @OptionGroup var load: LoadArguments

    @Option(help: ArgumentHelp("Where the results are saved.", valueName: "file"))
    var output = "load-test-results.json"

    @Flag(help: "Write the results to stdout too.")
    var json = false

    @Option(
        help: ArgumentHelp("A bound to keep, such as search.p95<150ms or errors<0.1%; repeatable.", valueName: "goal"))
    var goal: [String] = []

    @Flag(help: "Do not ask before pushing a target that is not on this machine.")
    var yes = false

    func run() async throws {
        try await LoadExit.reporting {
            let options = try load.options()
            let goals = try goal.map { try Goal($0) }
            try TargetConsent.ask(for: options.target, isGranted: yes)
            let session = LoadSession(options: options, goals: goals, output: output)
            let (result, verdict) = try await session.run()
            if json { FileHandle.standardOutput.write(try result.json()) }
            return verdict
        }
    }
}
