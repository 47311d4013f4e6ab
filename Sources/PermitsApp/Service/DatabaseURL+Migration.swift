package import MetricsStores
import RequestMetrics

extension DatabaseURL {
    /// Brings all tables of the service up to date: those of the metrics and those of the register.
    package func migrate() async throws {
        // Another process may be filling the register just now.
        let store = try await openStore(busyTimeout: 60)
        try await store.migrate()
        try await store.close()
        try await openPermits().migrate()
    }

    /// The service's expected tables that are missing, `request_metrics` among the expected, in alphabetical order.
    package func missingTables() async throws -> [String] {
        let store = try await openStore(isReadOnly: true)
        let missing = try await store.missingTables() + openPermits(isReadOnly: true).missingTables()
        try await store.close()
        return missing.sorted()
    }
}
