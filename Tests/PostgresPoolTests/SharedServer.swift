import Logging
import PitwallTestSupport
import PostgresPool
import Testing

/// The server that tests share which do not harm it. Started by the first; the watchdog stops it with the process.
enum SharedServer {
    private static let server = Task { try await ThrowawayPostgres.start(settings: ["max_connections = 200"]) }

    static func url() async throws -> String { try await server.value.url }

    static func psql(_ sql: String) async throws -> String { try await server.value.psql(sql) }
}

extension PostgresPoolConfiguration {
    /// Settings for tests: the shared server, quick time-outs, a name of its own in `pg_stat_activity`.
    static func test(
        url: String? = nil, name: String = #function, _ change: (inout PostgresPoolConfiguration) -> Void = { _ in }
    ) async throws -> PostgresPoolConfiguration {
        let shared = try await SharedServer.url()
        var configuration = PostgresPoolConfiguration(connectionString: url ?? shared)
        configuration.minimumConnections = 0
        configuration.maximumConnections = 2
        configuration.applicationName = String(name.prefix(63))
        change(&configuration)
        return configuration
    }
}

/// Runs a pool for a test.
func withPool<Result: Sendable>(
    url: String? = nil, logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    name: String = #function,
    _ change: (inout PostgresPoolConfiguration) -> Void = { _ in },
    _ body: @Sendable (PostgresPool) async throws -> Result
) async throws -> Result {
    let configuration = try await PostgresPoolConfiguration.test(url: url, name: name, change)
    return try await PostgresPool.withPool(configuration, logger: logger, body)
}
