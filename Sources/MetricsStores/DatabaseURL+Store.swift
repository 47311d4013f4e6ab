public import Configuration
import DuckDBMetrics
public import Logging
import PostgresMetrics
public import PostgresPool
public import RequestMetrics

extension DatabaseURL {
    /// Opens the store that the URL names, for the time of a closure; its schema stays as it is.
    ///
    /// - Parameters:
    ///   - retention: how long what is kept, and how much.
    ///   - sampling: how rows came about, to tell their weight.
    ///   - isReadOnly: whether only to read, so that nothing is made where nothing is.
    ///   - mayCreate: whether to make a file that is missing.
    ///   - busyTimeout: seconds to wait while another process writes to the same file.
    ///   - settings: where the pool's settings (`DB_POOL_MAX`, …) are read.
    ///   - logger: what the pool writes to. Nothing when not said: a command's error says it all.
    ///   - body: gets the store, and behind a server the pool that it uses, which runs until the closure returns.
    /// - Throws: `ConfigurationError` for a setting of the pool, `MetricsStoreError` when the store cannot be opened,
    ///   and what the closure throws.
    public func withStore<Result: Sendable>(
        retention: RetentionSettings = RetentionSettings(), sampling: SamplingRule = SamplingRule(),
        isReadOnly: Bool = false, mayCreate: Bool = true, busyTimeout: Double = 5,
        settings: ConfigReader = ConfigReader(provider: EnvironmentVariablesProvider()),
        logger: Logger = Logger(label: "pitwall.database") { _ in SwiftLogNoOpLogHandler() },
        _ body: @Sendable (any MetricsStore, PostgresPool?) async throws -> Result
    ) async throws -> Result {
        switch self {
        case .sqlite(let path):
            let store = SQLiteStore(
                path: path, retention: retention, sampling: sampling, isReadOnly: isReadOnly, mayCreate: mayCreate,
                busyTimeout: busyTimeout)
            return try await Self.with(store) { try await body(store, nil) }
        case .duckDB(let path):
            let store = DuckDBStore(path: path, retention: retention, sampling: sampling, isReadOnly: isReadOnly)
            return try await Self.with(store) { try await body(store, nil) }
        case .postgres(let url):
            let configuration = try PostgresPoolConfiguration(connectionString: url, reader: settings)
            return try await PostgresPool.withPool(configuration, logger: logger) { pool in
                let store = PostgresStore(pool: pool, retention: retention, sampling: sampling)
                return try await Self.with(store) { try await body(store, pool) }
            }
        }
    }

    /// Does something and closes the store, whatever comes of it.
    private static func with<Result: Sendable>(
        _ store: any MetricsStore, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            let result = try await body()
            try await store.close()
            return result
        } catch {
            try? await store.close()
            throw error
        }
    }
}
