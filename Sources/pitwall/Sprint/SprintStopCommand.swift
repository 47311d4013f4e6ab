import ArgumentParser
import SprintRunner

struct SprintStopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop the run with all its agents; resume goes on.",
        discussion: "Exit status: 0 when nothing runs any more; 69 when there is no run."
    )

    @OptionGroup var place: SprintPlace

    func run() async throws {
        try await SprintFailure.reporting {
            print(try await SprintStop.stop(in: place.path))
        }
    }
}
