import Foundation
import RequestMetrics

/// The tables of a ``DuckDBStore``, and how a file comes to have them.
///
/// `request_metrics` is exactly as the contract with other programs has it; the others are those of the other stores.
/// Histograms have no key: each batch adds rows of its own, told apart by instance and sequence, and the reader merges
/// them, because DuckDB checks a key against rows that the same transaction has deleted.
enum DuckDBSchema {
    static let tables = [
        "request_metrics", "pitwall_series", "pitwall_instances", "pitwall_rollups", "pitwall_totals",
        "pitwall_unsettled", "pitwall_marks", "pitwall_state",
    ]

    /// The version that these statements make. A greater one in the file is a newer Pitwall's.
    private static let version = 1

    private static let statements = [
        "CREATE SEQUENCE IF NOT EXISTS request_metrics_id",
        // DuckDB's now() has a time zone; a TIMESTAMP has none and holds UTC, whatever the zone of whoever writes.
        """
        CREATE TABLE IF NOT EXISTS request_metrics (
            id INTEGER PRIMARY KEY DEFAULT nextval('request_metrics_id'),
            path TEXT NOT NULL,
            method TEXT NOT NULL DEFAULT 'GET',
            status_code INTEGER,
            duration_ms FLOAT NOT NULL,
            recorded_at TIMESTAMP DEFAULT make_timestamp(epoch_us(now()))
        )
        """,
        "CREATE INDEX IF NOT EXISTS idx_reqmetrics_path_ts ON request_metrics (path, recorded_at)",
        "CREATE SEQUENCE IF NOT EXISTS pitwall_series_id",
        """
        CREATE TABLE IF NOT EXISTS pitwall_series (
            id INTEGER DEFAULT nextval('pitwall_series_id'),
            route TEXT NOT NULL,
            method TEXT NOT NULL,
            status INTEGER NOT NULL,
            surface INTEGER NOT NULL
        )
        """,
        "CREATE SEQUENCE IF NOT EXISTS pitwall_instances_id",
        """
        CREATE TABLE IF NOT EXISTS pitwall_instances (
            id INTEGER DEFAULT nextval('pitwall_instances_id'),
            name TEXT NOT NULL,
            last_sequence BIGINT NOT NULL,
            last_seen BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS pitwall_rollups (
            span INTEGER NOT NULL,
            start BIGINT NOT NULL,
            series INTEGER NOT NULL,
            instance INTEGER NOT NULL,
            sequence BIGINT NOT NULL,
            histogram BLOB NOT NULL
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS pitwall_totals (
            span INTEGER NOT NULL,
            start BIGINT NOT NULL,
            instance INTEGER NOT NULL,
            sequence BIGINT NOT NULL,
            server_errors BIGINT NOT NULL,
            histogram BLOB NOT NULL
        )
        """,
        "CREATE TABLE IF NOT EXISTS pitwall_unsettled (hour BIGINT NOT NULL)",
        "CREATE SEQUENCE IF NOT EXISTS pitwall_marks_id",
        """
        CREATE TABLE IF NOT EXISTS pitwall_marks (
            id INTEGER DEFAULT nextval('pitwall_marks_id'),
            "at" TIMESTAMP NOT NULL,
            name TEXT NOT NULL
        )
        """,
        "CREATE TABLE IF NOT EXISTS pitwall_state (name TEXT NOT NULL, value BIGINT NOT NULL)",
    ]

    /// Brings a file up to date. Only one program has it open for writing, so nobody else is at it.
    static func migrate(_ connection: DuckDBConnection, path: String) throws {
        try connection.inTransaction { connection in
            let there = try presentTables(connection)
            let found = there.contains("pitwall_state") ? try connection.state("schema_version") : nil
            if let found, found > version {
                throw MetricsStoreError(
                    .schema, value: path, reason: "a newer Pitwall made its tables (\(found))",
                    mend: "Run that version, or give another path.")
            }
            // Nothing is written where all is well: a look must not change the file.
            if found == version, Set(tables).isSubset(of: there) { return }
            for statement in statements { try connection.execute(statement) }
            try connection.setState("schema_version", to: version)
        }
    }

    static func missingTables(_ connection: DuckDBConnection) throws -> [String] {
        let there = try presentTables(connection)
        return tables.filter { !there.contains($0) }
    }

    private static func presentTables(_ connection: DuckDBConnection) throws -> Set<String> {
        Set(try connection.query("SELECT table_name FROM duckdb_tables()").compactMap { $0.text(0) })
    }
}

extension DuckDBConnection {
    /// A single number of the store.
    func state(_ name: String) throws -> Int? {
        try query("SELECT value FROM pitwall_state WHERE name = ?", .text(name)).first?.integer(0)
    }

    func setState(_ name: String, to value: Int) throws {
        if try execute("UPDATE pitwall_state SET value = ? WHERE name = ?", .number(value), .text(name)) == 0 {
            try execute("INSERT INTO pitwall_state (name, value) VALUES (?, ?)", .text(name), .number(value))
        }
    }

    /// The time in seconds since 1970 before which minutes no longer count; 0 as long as all do.
    func minuteFloor() throws -> Int { try state("minute_floor") ?? 0 }
}
