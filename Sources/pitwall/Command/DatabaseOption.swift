import ArgumentParser
import Configuration
import MetricsStores
import RequestMetrics

/// `--database-url`, which all commands that read or write metrics share.
struct DatabaseOption: ParsableArguments {
    @Option(help: "sqlite:FILE, postgres://user:password@host:port/database or duckdb:FILE; DATABASE_URL says it too.")
    var databaseURL: String?

    /// The flag over the environment.
    var settings: ConfigReader { Environment.reader(flags: ["database.url": databaseURL]) }

    /// The URL of the flag, the environment, or the demo's file.
    ///
    /// - Throws: `DatabaseURLError`.
    var url: DatabaseURL {
        get throws {
            try DatabaseURL(settings.string(forKey: "database.url", default: "sqlite:.pitwall/demo.sqlite"))
        }
    }

    /// Opens the store for the time of a closure.
    func withStore<Result: Sendable>(
        isReadOnly: Bool = false, mayCreate: Bool = true, _ body: @Sendable (any MetricsStore) async throws -> Result
    ) async throws -> Result {
        try await url.withStore(isReadOnly: isReadOnly, mayCreate: mayCreate, settings: settings) { store, _ in
            try await body(store)
        }
    }
}
