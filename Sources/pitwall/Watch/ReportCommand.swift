import ArgumentParser
import MetricsStores
import PerfDashboard
import RequestMetrics

/// `pitwall report`.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write the performance report, from the database alone, for mail and cron."
    )

    @Option(help: "15m, 1h, 24h or 7d.") var window = "24h"
    @Option(help: "text, markdown, html or json.") var format = "text"
    @Option(help: "One instance of a fleet, as the dashboard names it; without it all of them.") var instance: String?
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        try await exiting {
            let window = try PerfWindow(parsing: window)
            let format = try ReportFormat(parsing: format)
            let report = try await database.withStore(isReadOnly: true) { store in
                try await PerfReport.read(window: window, instance: instance, from: store)
            }
            print(report.rendered(as: format))
        }
    }
}
