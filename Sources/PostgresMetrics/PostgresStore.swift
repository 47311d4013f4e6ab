public import Foundation
import LatencyHistogram
public import PostgresPool
public import RequestMetrics
import Synchronization

/// Keeps metrics in a Postgres database, of one instance or of a fleet.
///
/// Plain Postgres 13 and later, no extension. Each instance adds rows of its own and waits for no other; readers merge
/// them. A batch is one transaction that also notes its sequence, so that one sent twice, because the answer to its
/// commit was lost with the server, counts once. Whoever finds an hour complete rolls it up, one instance at a time.
///
/// The pool is the caller's: it may serve the rest of the service as well, and ``close()`` leaves it open.
public final class PostgresStore: MetricsStore {
    /// How long what is kept.
    public let retention: RetentionSettings

    private let pool: PostgresPool
    private let sampling: SamplingRule
    private let unreadable = Mutex(0)
    private let isClosed = Mutex(false)

    /// Makes a store; nothing is asked of the server yet.
    ///
    /// - Parameters:
    ///   - pool: a pool that is being run.
    ///   - retention: how long what is kept.
    ///   - sampling: how rows came about, to tell their weight.
    public init(
        pool: PostgresPool, retention: RetentionSettings = RetentionSettings(), sampling: SamplingRule = SamplingRule()
    ) {
        self.pool = pool
        self.retention = retention
        self.sampling = sampling
    }

    /// Brings the schema up to date, under an advisory lock.
    public func migrate() async throws {
        let newer = try await asking { try await PostgresSchema.migrate($0) }
        if let newer {
            throw MetricsStoreError(
                .schema, value: pool.configuration.databaseName, reason: "a newer Pitwall made its tables (\(newer))",
                mend: "Run that version, or give another database."
            )
        }
    }

    /// The expected tables that are missing.
    public func missingTables() async throws -> [String] {
        try await asking { try await $0.withConnection { try await PostgresSchema.missingTables($0) } }
    }

    /// Keeps a batch in one transaction, and rolls up what hours are complete.
    public func write(_ batch: MetricsBatch) async throws {
        let damaged = try await asking { pool in
            // Two instances that meet a new series, or an hour, at once may deadlock: one of them goes again.
            try await pool.withTransaction(retries: 3) { try await BatchWriter(connection: $0, batch: batch).write() }
            return try await HourSettlement.settle(pool, now: batch.interval.upperBound)
        }
        unreadable.withLock { $0 += damaged }
    }

    /// Deletes what is too old or beyond the budget, in small steps.
    public func trim(now: Date) async throws {
        let retention = retention
        try await asking { try await Trimmer(pool: $0, settings: retention, now: now).trim() }
    }

    /// Reads a stretch of time from one snapshot.
    public func read(_ query: MetricsQuery) async throws -> MetricsWindow {
        let sampling = sampling
        return try await asking { pool in
            try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { connection in
                let missing = try await PostgresSchema.missingTables(connection)
                let counted = try await Self.firstCounted(connection, missing: missing)
                var window = MetricsWindow(interval: query.interval)
                if counted != nil { window = try await WindowReader(query, from: connection).read() }
                if let interval = query.intervalOfRows(firstCounted: counted), !missing.contains("request_metrics") {
                    let rows = RowReader(
                        connection: connection, interval: interval, route: query.route, sampling: sampling)
                    window.addEstimate(try await rows.estimate(query), slot: query.slot)
                }
                window.marks = missing.contains("pitwall_marks") ? [] : try await Self.marks(connection, query.interval)
                window.reach = try await Self.reach(connection, missing: missing)
                return window
            }
        }
    }

    /// The slowest rows of a stretch of time, slowest first.
    public func examples(
        in interval: Range<Date>, route: MetricsQuery.Route?, limit: Int
    ) async throws -> [RequestRow] {
        let sampling = sampling
        return try await asking { pool in
            try await pool.withConnection { connection in
                try await RowReader(connection: connection, interval: interval, route: route, sampling: sampling)
                    .slowest(limit)
            }
        }
    }

    /// Keeps a mark.
    public func addMark(_ mark: ReleaseMark, unlessLatest: Bool) async throws {
        guard !mark.name.isEmpty else {
            throw MetricsStoreError(
                .invalid, value: "mark", reason: "it has no name", mend: "Name it, for example: deploy 1.4.2"
            )
        }
        try await asking { pool in
            // One statement; the lock lets instances that start at once see each other's mark.
            try await pool.withTransaction { connection in
                try await connection.query("LOCK TABLE pitwall_marks IN SHARE ROW EXCLUSIVE MODE")
                try await connection.query(
                    """
                    INSERT INTO pitwall_marks (at, name) SELECT \(mark.at), \(mark.name)::text
                    WHERE NOT \(unlessLatest) OR \(mark.name)
                        IS DISTINCT FROM (SELECT name FROM pitwall_marks ORDER BY at DESC, id DESC LIMIT 1)
                    """
                )
            }
        }
    }

    /// Marks within an interval, oldest first.
    public func marks(in interval: Range<Date>) async throws -> [ReleaseMark] {
        try await asking { try await $0.withConnection { try await Self.marks($0, interval) } }
    }

    /// Its size and reach.
    public func statistics() async throws -> StoreStatistics {
        var statistics = try await asking { pool in
            try await pool.withConnection { connection in
                var statistics = StoreStatistics()
                let missing = try await PostgresSchema.missingTables(connection)
                statistics.reach = try await Self.reach(connection, missing: missing)
                statistics.bytes = try await connection.query(Self.sizeQuery)[0].decode(Int.self)
                return statistics
            }
        }
        statistics.budget = retention.budget
        statistics.unreadable = unreadable.withLock { $0 }
        return statistics
    }

    /// Uses the pool no more; the pool stays open.
    public func close() async throws {
        isClosed.withLock { $0 = true }
    }

    /// Bytes of all tables with their indexes.
    static var sizeQuery: PostgresQuery {
        "SELECT coalesce(sum(pg_total_relation_size(to_regclass(name))), 0)::bigint FROM unnest(\(PostgresSchema.tables)) AS t (name)"
    }

    /// Does something with the pool; its errors become the store's.
    private func asking<Result: Sendable>(
        _ body: @Sendable (PostgresPool) async throws -> Result
    ) async throws -> Result {
        guard !isClosed.withLock({ $0 }) else {
            throw MetricsStoreError(
                .unavailable, value: pool.configuration.databaseName, reason: "the store is closed",
                mend: "Open it again."
            )
        }
        do {
            return try await body(pool)
        } catch let error as PostgresError {
            throw MetricsStoreError(error, database: pool.configuration.databaseName)
        }
    }

    /// When counting began, as far back as it is kept; nil when nothing was ever counted.
    private static func firstCounted(_ connection: PostgresConnection, missing: [String]) async throws -> Date? {
        guard missing.allSatisfy({ $0 == "request_metrics" }) else { return nil }
        return try await connection.query("SELECT min(start) FROM pitwall_totals")[0].decode(Int?.self)
            .map { Date(storedSeconds: $0) }
    }

    private static func marks(_ connection: PostgresConnection, _ interval: Range<Date>) async throws -> [ReleaseMark] {
        try await connection.query(
            """
            SELECT name, at FROM pitwall_marks
            WHERE at >= \(interval.lowerBound.storable) AND at < \(interval.upperBound.storable) ORDER BY at, id
            """
        ).map { row in
            let (name, at) = try row.decode(String.self, Date.self)
            return ReleaseMark(name: name, at: at)
        }
    }

    private static func reach(_ connection: PostgresConnection, missing: [String]) async throws -> MetricsReach {
        var reach = MetricsReach()
        if !missing.contains("pitwall_totals"), !missing.contains("pitwall_state") {
            let floor = try await connection.minuteFloor
            reach.minutes = try await connection.query(
                "SELECT min(start) FROM pitwall_totals WHERE span = 60 AND start >= \(floor)"
            )[0].decode(Int?.self).map { Date(storedSeconds: $0) }
            reach.hours = try await connection.query("SELECT min(start) FROM pitwall_totals WHERE span = 3600")[0]
                .decode(Int?.self).map { Date(storedSeconds: $0) }
        }
        if !missing.contains("request_metrics") {
            // The first in order of arrival: the oldest but for a clock that was set back, and found at once.
            let rows = try await connection.query("SELECT recorded_at FROM request_metrics ORDER BY id LIMIT 1")
            if let row = rows.first { reach.rows = try row.decode("recorded_at", as: Date?.self) }
        }
        return reach
    }
}
