import ArgumentParser
import SprintRunner

struct SprintResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a run that was stopped, killed or held up, or whose tests failed.",
        discussion: """
            Where the tests failed they are run again, with the agents' branches as they are now: mend what broke them, \
            or land the others with --keep-going.

            Exit status: as of run; 69 also when there is no run to go on with.
            """
    )

    @Argument(help: "The sprint as its plan calls it. (default: the latest)")
    var sprint: String?

    @Flag(help: "Land on top of a main branch that was moved by hand while the agents worked.")
    var acceptMain = false

    @Flag(help: "Land without agents whose merges break the tests.")
    var keepGoing = false

    @OptionGroup var place: SprintPlace

    func run() async throws {
        try await SprintFailure.reporting {
            var run = try await SprintRun.reopen(sprint, in: place.path, report: SprintProgress.show)
            if acceptMain { run.acceptMovedMain() }
            if keepGoing { run.keepGoing() }
            try await SprintSession(run: run).finish()
        }
    }
}
