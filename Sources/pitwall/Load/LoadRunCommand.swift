import ArgumentParser
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

    @Option(help: ArgumentHelp("Also write a report to look at, as one HTML page.", valueName: "file"))
    var html: String?

    @Option(
        help: ArgumentHelp(
            "Compare with this target, side by side, for at most --duration a scenario.", valueName: "url"))
    var versus: String?

    @Option(
        help: ArgumentHelp(
            "With --versus: differences up to so many percent do not matter; 2 if left out.", valueName: "percent"))
    var margin: Double?

    @Option(
        help: ArgumentHelp(
            "Find the highest rate that meets this goal, such as p99<200ms; repeatable. --duration bounds the search.",
            valueName: "goal"))
    var findLimit: [String] = []

    @Option(
        help: ArgumentHelp(
            "With --find-limit: the lowest and highest rate to try; 10:100000 if left out.", valueName: "low:high"))
    var ramp: String?

    @Flag(help: "Do not ask before pushing a target that is not on this machine.")
    var yes = false

    /// An option that would have no effect is refused: a goal that nobody judges must not end with status 0.
    func validate() throws {
        if versus != nil {
            let others = [
                ("--goal", !goal.isEmpty), ("--find-limit", !findLimit.isEmpty), ("--html", html != nil),
                ("--requests", load.requests != nil), ("--admin-token-env", load.adminTokenEnv != nil),
            ]
            for (option, isGiven) in others where isGiven {
                throw ValidationError("\(option) does not go with --versus, which compares slices of a second")
            }
        } else if margin != nil {
            throw ValidationError("--margin needs --versus")
        }
        if findLimit.isEmpty {
            if ramp != nil { throw ValidationError("--ramp needs --find-limit") }
        } else if !goal.isEmpty {
            throw ValidationError("--goal does not go with --find-limit, which takes the goals to meet itself")
        } else if load.rate != nil {
            throw ValidationError("--rate does not go with --find-limit, which looks for it; --ramp bounds it")
        }
    }

    func run() async throws {
        try await LoadExit.reporting {
            let bounds = try findLimit.isEmpty ? nil : RampBounds.parse(ramp ?? "10:100000")
            let options = try load.options(searchingFrom: bounds?.lowerBound)
            if let versus {
                let session = try VersusSession(
                    options: options, versus: versus, marginPercent: margin ?? 2, output: output)
                try session.ask(isGranted: yes)
                let report = try await session.run()
                if json { try Output.write(try report.json()) }
                return report.exitStatus
            }
            let goals = try (findLimit.isEmpty ? goal : findLimit).map { try Goal($0) }
            try TargetConsent.ask(for: options.target, isGranted: yes)
            let session = LoadSession(options: options, goals: goals, output: output, html: html)
            if let bounds {
                let (result, status) = try await session.findLimit(within: bounds)
                if json { try Output.write(try result.json()) }
                return status
            }
            let (result, verdict) = try await session.run()
            if json { try Output.write(try result.json()) }
            return verdict.exitStatus
        }
    }
}
