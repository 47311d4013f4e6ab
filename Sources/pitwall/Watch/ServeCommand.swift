import ArgumentParser
import Configuration
import Logging
import PermitsApp

/// `pitwall serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Start the measured demo service.",
        discussion: "Flags win over the environment, which can say all of it:\n\n" + Environment.help
    )

    @Option(parsing: .unconditional, help: "Address to listen on.") var host: String?
    @Option(parsing: .unconditional, help: "Port to listen on; 0 takes any free one.") var port: String?
    @OptionGroup var database: DatabaseOption
    @Option(
        parsing: .unconditional, help: "Bytes the metrics may take in the database before old ones go, such as 50MB.")
    var keep: String?
    @Flag(help: "Keep a gentle stream of real requests on the service; loopback only.") var traffic = false

    func run() async throws {
        try await exiting {
            let settings = try ServeSettings(
                Environment.reader(flags: [
                    "host": host, "port": port, "database.url": database.databaseURL, "pitwall.keep": keep,
                    "traffic": traffic ? "true" : nil,
                ]))
            let logger = try Environment.logger(label: "permits")
            let app = PermitsApp(settings, logger: logger) { address in
                print("Service:    \(address.url)")
                print("Dashboard:  \(address.dashboardURL)" + (address.closed.map { " (\($0))" } ?? ""))
                print("Stop:       Ctrl-C")
                Output.flush()
            }
            try await app.run()
        }
    }
}
