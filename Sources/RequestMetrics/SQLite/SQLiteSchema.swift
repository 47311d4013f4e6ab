import Foundation
import GRDB

/// The tables of a ``SQLiteStore``, and how a file comes to have them.
///
/// - `request_metrics`: rows, exactly as the contract with other programs has it.
/// - `pitwall_series`, `pitwall_instances`: names by number, so that histograms need not repeat them.
/// - `pitwall_rollups`: one histogram a series, stretch of time and instance. `span` is the stretch's length in seconds,
///   60 or 3600; `start` its start in seconds since 1970. Hours hold all instances together, as instance 0.
/// - `pitwall_totals`: the same over all series of the service, so that a chart over time need not read them all. A total
///   without requests is a heartbeat.
/// - `pitwall_unsettled`: hours whose minutes changed since they were rolled up.
/// - `pitwall_marks`: releases.
/// - `pitwall_written`: bytes written, by hour.
/// - `pitwall_state`: single numbers; `minute_floor` is the time before which minutes no longer count.
enum SQLiteSchema {
    static let tables = [
        "request_metrics", "pitwall_series", "pitwall_instances", "pitwall_rollups", "pitwall_totals",
        "pitwall_unsettled", "pitwall_marks", "pitwall_written", "pitwall_state",
    ]

    /// Other programs may keep migrations of their own in the same file; only these are ours.
    private static let prefix = "pitwall."

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        // Every statement may find its table there: made by another program, or by a process that starts just now.
        migrator.registerMigration(prefix + "1") { try $0.execute(sql: version1) }
        return migrator
    }

    /// Idempotent, so that it also brings back a table that somebody dropped.
    private static let version1 = """
        CREATE TABLE IF NOT EXISTS request_metrics (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL,
            method TEXT NOT NULL DEFAULT 'GET',
            status_code INTEGER,
            duration_ms FLOAT NOT NULL,
            recorded_at TIMESTAMP DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
        );
        CREATE INDEX IF NOT EXISTS idx_reqmetrics_path_ts ON request_metrics (path, recorded_at);
        CREATE TABLE IF NOT EXISTS pitwall_series (
            id INTEGER PRIMARY KEY,
            route TEXT NOT NULL,
            method TEXT NOT NULL,
            status INTEGER NOT NULL,
            surface INTEGER NOT NULL,
            UNIQUE (route, method, status, surface)
        );
        CREATE TABLE IF NOT EXISTS pitwall_instances (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            last_sequence INTEGER NOT NULL,
            last_seen INTEGER NOT NULL
        );
        CREATE TABLE IF NOT EXISTS pitwall_rollups (
            span INTEGER NOT NULL,
            start INTEGER NOT NULL,
            series INTEGER NOT NULL,
            instance INTEGER NOT NULL,
            histogram BLOB NOT NULL,
            PRIMARY KEY (span, start, series, instance)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS pitwall_totals (
            span INTEGER NOT NULL,
            start INTEGER NOT NULL,
            instance INTEGER NOT NULL,
            server_errors INTEGER NOT NULL,
            histogram BLOB NOT NULL,
            PRIMARY KEY (span, start, instance)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS pitwall_unsettled (hour INTEGER PRIMARY KEY);
        CREATE TABLE IF NOT EXISTS pitwall_marks (
            id INTEGER PRIMARY KEY,
            at REAL NOT NULL,
            name TEXT NOT NULL
        );
        CREATE TABLE IF NOT EXISTS pitwall_written (hour INTEGER PRIMARY KEY, bytes INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS pitwall_state (name TEXT PRIMARY KEY, value INTEGER NOT NULL)
            WITHOUT ROWID;
        """

    /// Brings a file up to date.
    static func migrate(_ pool: DatabasePool, path: String) throws {
        let migrator = Self.migrator
        let unknown = try pool.read { db in
            try migrator.appliedIdentifiers(db).subtracting(migrator.migrations).filter { $0.hasPrefix(prefix) }
        }
        if let newest = unknown.max() {
            throw MetricsStoreError(
                .schema, value: path, reason: "a newer Pitwall made its tables (\(newest))",
                mend: "Run that version, or give another path.")
        }
        var attempt = 1
        while true {
            do {
                try migrator.migrate(pool)
                // Asked first without a transaction: most of the time there is nothing to write and nobody to wait for.
                guard try !pool.read(missingTables).isEmpty else { return }
                return try pool.write { try $0.execute(sql: version1) }
            } catch let error as DatabaseError
                where attempt < 5 && [.SQLITE_CONSTRAINT, .SQLITE_BUSY].contains(error.resultCode)
            {
                // Another process noted the same migration first; the next attempt finds it done.
                attempt += 1
            }
        }
    }

    static func missingTables(_ db: Database) throws -> [String] {
        try tables.filter { try !db.tableExists($0) }
    }
}
