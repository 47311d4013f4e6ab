import ArgumentParser
import LoadTest

/// `pitwall load compare BASE… --with NEW…`
struct LoadCompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare results of load tests: slower, faster, equivalent or undecided.",
        discussion: """
            Exit status: 0 not slower, 1 slower, 64 wrong usage, 69 the results cannot be compared.
            """)

    @Argument(help: ArgumentHelp("Results before the change.", valueName: "base"))
    var base: [String]

    @Option(
        name: .customLong("with"), parsing: .upToNextOption, help: ArgumentHelp("Results after it.", valueName: "new"))
    var new: [String]

    @Option(help: ArgumentHelp("Differences up to so many percent do not matter.", valueName: "percent"))
    var margin = 2.0

    @Flag(help: "Write the comparison to stdout as JSON too.")
    var json = false

    func run() async throws {
        try await LoadExit.reporting {
            let report = try ResultComparison.compare(files: base, with: new, marginPercent: margin)
            Output.tell(report.text)
            if json { try Output.write(try report.json()) }
            return report.exitStatus
        }
    }
}
