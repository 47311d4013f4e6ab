import ArgumentParser
import Foundation
import SprintRunner

struct SprintReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Print the report of a run as Markdown or JSON.",
        discussion: "Exit status: 0 every agent landed; 1 some did not; 69 when there is no run or it was held up."
    )

    @Argument(help: "The sprint as its plan calls it. (default: the latest)")
    var sprint: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var place: SprintPlace

    func run() async throws {
        try await SprintFailure.reporting {
            let report = try await SprintStatus.read(sprint, in: place.path).report
            print(json ? String(decoding: try report.json(), as: UTF8.self) : report.markdown)
            throw ExitCode(report.exitStatus)
        }
    }
}
