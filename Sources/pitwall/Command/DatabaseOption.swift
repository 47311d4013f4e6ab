import ArgumentParser
import Configuration
import MetricsStores

/// `--database-url`, which all commands that read or write metrics share.
struct DatabaseOption: ParsableArguments {
    @Option(help: "sqlite:FILE; DATABASE_URL says it too.") var databaseURL: String?

    /// The URL of the flag, the environment, or the demo's file.
    ///
    /// - Throws: `DatabaseURLError`.
    var url: DatabaseURL {
        get throws {
            let reader = Environment.reader(flags: ["database.url": databaseURL])
            return try DatabaseURL(reader.string(forKey: "database.url", default: "sqlite:.pitwall/demo.sqlite"))
        }
    }
}
