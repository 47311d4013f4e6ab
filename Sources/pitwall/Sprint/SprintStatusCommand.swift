import ArgumentParser
import Foundation
import SprintRunner

struct SprintStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show where a run stands, from any terminal.",
        discussion: "Exit status: 0 whatever the state; 69 when there is no run."
    )

    @Argument(help: "The sprint as its plan calls it. (default: the latest)")
    var sprint: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var place: SprintPlace

    func run() async throws {
        try await SprintFailure.reporting {
            let status = try await SprintStatus.read(sprint, in: place.path)
            if json {
                print(String(decoding: try status.report.json(), as: UTF8.self))
                return
            }
            print(status.process.map { "process \($0) is at work" } ?? "no process is at work")
            print(status.report.verdict)
            print()
            print(status.report.table)
            for (agent, activity) in status.activity.sorted(by: { $0.key < $1.key }) {
                print("\(agent): silent for \(Int(activity.idle)) s, last: \(activity.line)")
            }
        }
    }
}
