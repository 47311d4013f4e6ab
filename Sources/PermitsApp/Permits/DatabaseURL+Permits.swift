import MetricsStores
import PostgresPool

extension DatabaseURL {
    /// Opens the permits, which live in the same database as the metrics.
    ///
    /// - Parameter pool: the pool of the store, behind a server.
    /// - Throws: `DatabaseURLError` where the demo service cannot keep permits.
    func openPermits(_ pool: PostgresPool?, isReadOnly: Bool = false) throws -> any PermitStore {
        switch (self, pool) {
        case (.sqlite(let path), _): return try SQLitePermitStore(path: path, isReadOnly: isReadOnly)
        case (.postgres, let pool?): return PostgresPermitStore(pool: pool)
        case (.postgres(let text), nil): throw DatabaseURLError(text, cannotBeUsed: "its pool is not running")
        case (.duckDB(let path), _):
            throw DatabaseURLError(
                "duckdb:\(path)",
                cannotBeUsed: "the demo service keeps its permits in SQLite or Postgres; write sqlite:FILE or "
                    + "postgres://user:password@host:port/database")
        }
    }

    /// Whether the demo service's permits can live there; a file for analysis holds metrics alone.
    var holdsPermits: Bool { if case .duckDB = self { false } else { true } }
}
