import ArgumentParser
import Foundation
import SprintRunner
import SystemPackage
import UnixSignals

struct SprintRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a plan: agents side by side, their branches merged, tested and landed.",
        discussion: """
            Exit status: 0 every agent landed; 1 some did not, or the tests failed; 64 wrong usage; 65 the plan cannot \
            be run; 69 not started, stopped or held up by something outside the plan (resume goes on).
            """
    )

    @Argument(help: "The plan, a Markdown file.")
    var plan: String

    @Option(help: "The command that does an agent's work, run by sh; or claude, codex, aider.")
    var agent: String

    @Option(help: "Agents at work at one time. (default: all)")
    var jobs: Int?

    @Option(help: "Test runs side by side.")
    var slots = 4

    @Option(help: "The test command, in place of the plan's; empty for none.")
    var test: String?

    @Flag(help: "Push the result.")
    var push = false

    @Option(help: "Let an agent land in spite of violations. May be repeated.")
    var allow: [String] = []

    @Option(help: "The most time an agent may take, such as 90s, 60m or 2h.")
    var timeout = TimeSpan(duration: .seconds(3600))

    @Option(help: "The most time one run of the tests may take.")
    var testTimeout = TimeSpan(duration: .seconds(3600))

    @Option(help: "Show an agent as late when it has no commit after this time. (default: the plan's, or 10m)")
    var earlyCommit: TimeSpan?

    @Flag(help: "Land without an agent whose merge breaks the tests, instead of stopping.")
    var keepGoing = false

    @Flag(inversion: .prefixedNo, help: "Ask the remote for news before the start and before landing.")
    var fetch = true

    @Option(help: "The branch to land on. (default: the one the plan pushes, or the one checked out)")
    var branch: String?

    @Option(help: "Where to make the worktrees. (default: a directory beside the repository)")
    var worktrees: String?

    @Flag(help: "Check everything and tell what would be done; do nothing.")
    var dryRun = false

    @OptionGroup var place: SprintPlace

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs has to be at least 1, not \(jobs)") }
        if slots < 1 { throw ValidationError("--slots has to be at least 1, not \(slots)") }
        if agent.allSatisfy(\.isWhitespace) {
            throw ValidationError("--agent is empty: give the command that does the work")
        }
    }

    func run() async throws {
        try await SprintFailure.reporting {
            let file = FilePath(plan)
            guard let text = FileManager.default.contents(atPath: plan) else {
                throw SprintFailure(
                    status: 65,
                    message: "cannot read the plan \(plan): give the path of a Markdown file that you may read")
            }
            if dryRun {
                for line in try await SprintRun.rehearse(
                    SprintPlan.read(bytes: text), file: file, in: place.path, options: options)
                {
                    print(line)
                }
                return
            }
            let run = try await SprintRun.begin(
                text: text, file: file, in: place.path, options: options, report: SprintProgress.show)
            try await SprintSession(run: run).finish()
        }
    }

    private var options: SprintRunOptions {
        var options = SprintRunOptions(agent: AgentCommand(agent))
        options.jobs = jobs
        options.slots = slots
        options.test = test
        options.push = push
        options.allow = Set(allow)
        options.timeLimit = timeout.duration
        options.testTimeLimit = testTimeout.duration
        options.earlyCommit = earlyCommit?.duration
        options.keepGoing = keepGoing
        options.fetches = fetch
        options.branch = branch
        options.worktrees = worktrees.map { SprintPlace.absolute($0) }
        return options
    }
}
