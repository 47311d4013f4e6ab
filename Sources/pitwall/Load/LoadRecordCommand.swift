import ArgumentParser
import Foundation
import LoadTest

/// `pitwall load record FILE`
struct LoadRecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Make a scenario file from an access log or a HAR file.",
        discussion: """
            An access log (common or combined format) becomes a mix with the log's own proportions; a HAR file, as \
            browsers export it, becomes one scenario with its requests as steps. Cookies and authorisation are left out, \
            and secrets in queries and bodies (token=…, "password": …) replaced by REDACTED.

            Exit status: 0 written, 65 the file is neither, 69 it cannot be read or written.
            """)

    @Argument(help: ArgumentHelp("The access log or HAR file.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The scenario file to write; stdout if left out.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("The most paths that a log's mix keeps.", valueName: "count"))
    var most = 20

    func run() async throws {
        try await LoadExit.reporting {
            let recording = try Recording(contentsOf: file, most: most)
            Output.tell(recording.summary)
            if let output {
                try recording.write(to: output)
            } else {
                try Output.write(Data(recording.yaml.utf8))
            }
            return 0
        }
    }
}
