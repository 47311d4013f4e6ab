import ArgumentParser
import Foundation
import MetricsStores
import RequestMetrics

/// `pitwall mark`.
struct MarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mark",
        abstract: "Mark this moment on every chart: a deployment, a change of settings."
    )

    @Argument(help: "What happened, such as 'deploy 1.4.2'.") var name: String
    @OptionGroup var database: DatabaseOption

    func validate() throws {
        guard !ReleaseMark(name: name, at: .now).name.isEmpty else {
            throw ValidationError("A mark needs a name, such as 'deploy 1.4.2'.")
        }
    }

    func run() async throws {
        try await exiting {
            let mark = ReleaseMark(name: name, at: .now)
            // A mark on a mistyped path would be lost in a file that nobody reads.
            try await database.withStore(mayCreate: false) { try await $0.addMark(mark) }
            print("Marked '\(mark.name)'.")
        }
    }
}
