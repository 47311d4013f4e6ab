import ArgumentParser
import Foundation
import LatencyComparison
import MetricsStores
import ReleaseVerdict
import RequestMetrics

/// `pitwall verdict`.
struct VerdictCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verdict",
        abstract: "Say whether the service became slower with a release, for a roll-back hook.",
        discussion: """
            Compares the minutes before a mark with the minutes after it, route by route, from the stored histograms.

            Exit status: 0 not slower, or undecided, which is said; 1 slower; 64 wrong usage; 65 there is no such mark; \
            69 the store cannot be reached.
            """
    )

    @Option(help: ArgumentHelp("The mark, as `pitwall mark` set it.", valueName: "name")) var mark: String
    @Option(help: ArgumentHelp("Minutes on each side at most.", valueName: "minutes")) var window = 30
    @Option(help: ArgumentHelp("Minutes after the mark that are left out.", valueName: "minutes")) var settle = 1
    @Option(help: ArgumentHelp("Differences up to so many percent do not matter.", valueName: "percent"))
    var margin = 5.0
    @Flag(help: "Write JSON instead of text.") var json = false
    @OptionGroup var database: DatabaseOption

    func validate() throws {
        guard (1...2_880).contains(window) else {
            throw ValidationError("--window is \(window); it must be from 1 to 2880 minutes.")
        }
        guard (0...1_440).contains(settle) else {
            throw ValidationError("--settle is \(settle); it must be from 0 to 1440 minutes.")
        }
        guard margin > 0, margin < 100 else {
            throw ValidationError("--margin is \(margin); it must be above 0 and below 100 percent.")
        }
    }

    func run() async throws {
        try await exiting {
            var options = VerdictOptions()
            options.window = Double(window) * 60
            options.settling = Double(settle) * 60
            options.comparison.margin = margin / 100
            let chosen = options
            let verdict = try await database.withStore(isReadOnly: true) { store in
                try await ReleaseVerdict.read(mark: mark, from: store, options: chosen)
            }
            try Output.write(json ? try verdict.json() : Data(verdict.text.utf8))
            if verdict.exitStatus != 0 { throw ExitCode(verdict.exitStatus) }
        }
    }
}
