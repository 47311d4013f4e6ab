import ArgumentParser
import SprintRunner

struct SprintCleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Remove the worktrees and branches that have landed; keep and name the rest.",
        discussion: "Exit status: 0 all removed; 1 something was kept; 69 when there is no run or it is not finished."
    )

    @Argument(help: "The sprint as its plan calls it. (default: the latest)")
    var sprint: String?

    @Flag(help: "Give an unfinished run up; what it made and did not land is kept.")
    var abandon = false

    @OptionGroup var place: SprintPlace

    func run() async throws {
        try await SprintFailure.reporting {
            let cleanup = try await SprintCleanup.clean(sprint, in: place.path, abandoning: abandon)
            for branch in cleanup.removed { print("removed \(branch)") }
            for branch in cleanup.kept { print("kept \(branch.branch): \(branch.reason)") }
            if cleanup.removed.isEmpty, cleanup.kept.isEmpty { print("nothing is left to remove") }
            if !cleanup.kept.isEmpty { throw ExitCode(1) }
        }
    }
}
