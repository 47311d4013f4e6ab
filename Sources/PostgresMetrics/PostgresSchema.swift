import PostgresPool

/// The tables of a ``PostgresStore``, and how a database comes to have them.
///
/// - `request_metrics`: rows, exactly as the contract with other programs has it.
/// - `pitwall_series`, `pitwall_instances`: names by number, so that histograms need not repeat them.
/// - `pitwall_rollups`: histograms of one series and stretch of time. `span` is the stretch's length in seconds, 60 or
///   3600; `start` its start in seconds since 1970. Each batch adds rows of its own, told apart by instance and
///   sequence, and the reader merges them: instances never wait for each other. Hours hold all instances together, as
///   instance 0.
/// - `pitwall_totals`: the same over all series of the service. A total without requests is a heartbeat.
/// - `pitwall_unsettled`: hours whose minutes changed since they were rolled up.
/// - `pitwall_marks`: releases.
/// - `pitwall_state`: single numbers; `minute_floor` is the time before which minutes no longer count.
enum PostgresSchema {
    static let tables = [
        "request_metrics", "pitwall_series", "pitwall_instances", "pitwall_rollups", "pitwall_totals",
        "pitwall_unsettled", "pitwall_marks", "pitwall_state",
    ]

    /// The version that these statements make. A greater one in the database is a newer Pitwall's.
    static let version = 1

    /// Names the lock that migrations take turns by: "pitwall" in ASCII.
    static let migrationLock = 0x70_69_74_77_61_6C_6C
    /// Names the lock that whoever rolls up or deletes holds.
    static let upkeepLock = 0x70_69_74_77_61_6C_6D

    static let statements: [PostgresQuery] = [
        """
        CREATE TABLE IF NOT EXISTS request_metrics (
            id SERIAL PRIMARY KEY,
            path TEXT NOT NULL,
            method TEXT NOT NULL DEFAULT 'GET',
            status_code INTEGER,
            duration_ms FLOAT NOT NULL,
            recorded_at TIMESTAMPTZ DEFAULT now()
        )
        """,
        "CREATE INDEX IF NOT EXISTS idx_reqmetrics_path_ts ON request_metrics (path, recorded_at)",
        """
        CREATE TABLE IF NOT EXISTS pitwall_series (
            id SERIAL PRIMARY KEY,
            route TEXT NOT NULL,
            method TEXT NOT NULL,
            status INTEGER NOT NULL,
            surface INTEGER NOT NULL,
            UNIQUE (route, method, status, surface)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS pitwall_instances (
            id SERIAL PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
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
            histogram BYTEA NOT NULL,
            PRIMARY KEY (span, start, series, instance, sequence)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS pitwall_totals (
            span INTEGER NOT NULL,
            start BIGINT NOT NULL,
            instance INTEGER NOT NULL,
            sequence BIGINT NOT NULL,
            server_errors BIGINT NOT NULL,
            histogram BYTEA NOT NULL,
            PRIMARY KEY (span, start, instance, sequence)
        )
        """,
        "CREATE TABLE IF NOT EXISTS pitwall_unsettled (hour BIGINT PRIMARY KEY, touched BIGINT NOT NULL DEFAULT 0)",
        "CREATE TABLE IF NOT EXISTS pitwall_marks (id SERIAL PRIMARY KEY, at TIMESTAMPTZ NOT NULL, name TEXT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS pitwall_state (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
    ]

    /// Brings a database up to date; several processes that start at once take turns.
    ///
    /// - Returns: the version found when it is a newer one than this program knows: then nothing has changed.
    static func migrate(_ pool: PostgresPool) async throws -> Int? {
        try await pool.withTransaction { connection in
            try await connection.query("SELECT pg_advisory_xact_lock(\(migrationLock))")
            let isThere = try await connection.query("SELECT to_regclass('pitwall_state') IS NOT NULL")
            if try isThere[0].decode(Bool.self) {
                let stored = try await connection.query("SELECT value FROM pitwall_state WHERE name = 'schema_version'")
                if let found = try stored.first?.decode(Int.self), found > version { return found }
            }
            for statement in statements { try await connection.query(statement) }
            try await connection.query(
                """
                INSERT INTO pitwall_state (name, value) VALUES ('schema_version', \(version))
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """
            )
            return nil
        }
    }

    /// The tables that are not there.
    static func missingTables(_ connection: PostgresConnection) async throws -> [String] {
        let rows = try await connection.query(
            "SELECT name FROM unnest(\(tables)) WITH ORDINALITY AS t (name, n) WHERE to_regclass(name) IS NULL ORDER BY n"
        )
        return try rows.map { try $0.decode(String.self) }
    }
}
