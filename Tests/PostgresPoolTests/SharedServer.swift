import Logging
import PostgresFixture
import PostgresPool
import Synchronization
import Testing

/// The server that tests share which do not harm it. Started by the first; the watchdog stops it with the process.
enum SharedServer {
    private static let server = Task { try await ThrowawayPostgres.start(settings: ["max_connections = 200"]) }

    static func url() async throws -> String { try await server.value.url }

    static func port() async throws -> Int { try await server.value.port }

    @discardableResult
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
        // A machine under load is no failure.
        configuration.acquireTimeout = .seconds(60)
        configuration.cleanTimeout = .seconds(60)
        configuration.connectTimeout = .seconds(60)
        configuration.applicationName = String(name.prefix(63))
        change(&configuration)
        return configuration
    }
}

/// What a test sets otherwise.
struct SettingsChange {
    let apply: (inout PostgresPoolConfiguration) -> Void

    static func with(_ apply: @escaping (inout PostgresPoolConfiguration) -> Void) -> SettingsChange {
        SettingsChange(apply: apply)
    }
}

/// Runs a pool for a test.
func withPool<Result: Sendable>(
    url: String? = nil, logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    name: String = #function,
    _ settings: SettingsChange = .with { _ in },
    _ body: @Sendable (PostgresPool) async throws -> Result
) async throws -> Result {
    let configuration = try await PostgresPoolConfiguration.test(url: url, name: name, settings.apply)
    return try await PostgresPool.withPool(configuration, logger: logger, body)
}

/// Counts from several tasks.
final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    @discardableResult
    func increment() -> Int { count.add(1, ordering: .relaxed).newValue }
}

extension PostgresConnection {
    /// Asks the server: a savepoint is only possible inside a transaction.
    var isInTransaction: Bool {
        get async throws {
            do {
                try await query("SAVEPOINT probe")
                return true
            } catch let error as PostgresError where error.serverError?.sqlState == "25P01" {
                return false
            } catch let error as PostgresError where error.serverError?.sqlState == "25P02" {
                return true
            }
        }
    }
}
