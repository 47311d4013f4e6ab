package import Configuration
import Foundation
package import MetricsStores
import RequestMetrics

extension DatabaseURL {
    /// Brings all tables of the service up to date: those of the metrics and those of the register.
    package func migrate(settings: ConfigReader) async throws {
        // Another process may be filling the register just now.
        try await withStore(busyTimeout: 60, settings: settings) { store, pool in
            try await store.migrate()
            if holdsPermits { try await openPermits(pool).migrate() }
        }
    }

    /// The service's expected tables that are missing, `request_metrics` among the expected, in alphabetical order.
    package func missingTables(settings: ConfigReader) async throws -> [String] {
        if case .sqlite(let path) = self, !FileManager.default.fileExists(atPath: path) {
            return (SQLiteStore.tables + SQLitePermitStore.tables).sorted()
        }
        return try await withStore(isReadOnly: true, settings: settings) { store, pool in
            var missing = try await store.missingTables()
            if holdsPermits { missing += try await openPermits(pool, isReadOnly: true).missingTables() }
            return missing.sorted()
        }
    }
}
