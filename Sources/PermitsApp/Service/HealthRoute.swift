import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PostgresPool

/// `GET /health`: 200 when the service can work, 503 when it cannot, and which expected tables are missing.
struct HealthRoute<Context: RequestContext>: Sendable {
    /// The answer's body.
    struct Health: Codable, Sendable {
        /// "ok" or "unhealthy".
        let status: String
        let missingTables: [String]
        /// What went wrong when the database was asked; absent when it answered.
        let error: String?
        /// How the pool of connections is; absent where there is none.
        let pool: PoolHealth?

        enum CodingKeys: String, CodingKey {
            case status
            case missingTables = "missing_tables"
            case error
            case pool
        }
    }

    /// Each names the expected tables that one part of the service misses.
    let missingTables: [@Sendable () async throws -> [String]]
    /// The pool behind them, where there is one.
    let pool: PostgresPool?
    /// How long the database may take to answer: as long as a caller waits for a connection. A server that has stopped is told
    /// from a slow statement only much later, and whoever asks for health does not wait for that.
    var patience: Duration = .seconds(5)

    private struct NoAnswer: Error, CustomStringConvertible {
        let patience: Duration
        var description: String { "no answer within \(patience)" }
    }

    func addRoutes(to router: some RouterMethods<Context>) {
        router.get("/health") { _, context in
            let health = await health(context)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return Response(
                status: health.status == "ok" ? .ok : .serviceUnavailable,
                headers: [.contentType: "application/json", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(health))))
        }
    }

    private func health(_ context: Context) async -> Health {
        do {
            let missing = try await withThrowingTaskGroup(of: [String].self) { group in
                group.addTask {
                    var missing: [String] = []
                    for tables in missingTables { missing += try await tables() }
                    return missing
                }
                group.addTask {
                    try await Task.sleep(for: patience)
                    throw NoAnswer(patience: patience)
                }
                defer { group.cancelAll() }
                return try await group.next() ?? []
            }
            return Health(
                status: missing.isEmpty ? "ok" : "unhealthy", missingTables: missing.sorted(), error: nil,
                pool: pool?.health)
        } catch {
            context.logger.warning("The database did not answer the health check.", metadata: ["error": "\(error)"])
            return Health(
                status: "unhealthy", missingTables: [], error: "the database does not answer", pool: pool?.health)
        }
    }
}
