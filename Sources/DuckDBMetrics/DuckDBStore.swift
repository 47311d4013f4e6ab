public import Foundation
public import RequestMetrics
import Synchronization

/// Keeps metrics in a DuckDB file, where a user analyses them.
///
/// DuckDB's library is loaded when the file is first needed: from `DUCKDB_LIBRARY`, or from the usual places. DuckDB lets
/// one program at a time open a file that is written to; others wait until it is closed.
public final class DuckDBStore: MetricsStore {
    /// Where the file is.
    public let path: String
    /// How long what is kept.
    public let retention: RetentionSettings

    private let database: DuckDBDatabase
    private let sampling: SamplingRule
    private let unreadable = Mutex(0)

    /// Makes a store; nothing is loaded or opened yet.
    ///
    /// - Parameters:
    ///   - path: of the file. It is created when missing; its folder is not.
    ///   - retention: how long what is kept.
    ///   - sampling: how rows came about, to tell their weight.
    ///   - isReadOnly: whether to read only: the file must exist, and nothing in it changes.
    public init(
        path: String, retention: RetentionSettings = RetentionSettings(), sampling: SamplingRule = SamplingRule(),
        isReadOnly: Bool = false
    ) {
        self.path = path
        self.retention = retention
        self.sampling = sampling
        database = DuckDBDatabase(path: path, isReadOnly: isReadOnly)
    }

    /// Brings the file up to date, and creates it when it is missing.
    public func migrate() async throws {
        try await database.migrate()
    }

    /// The expected tables that the file lacks.
    public func missingTables() async throws -> [String] {
        try await database.read { try DuckDBSchema.missingTables($0) }
    }

    /// Keeps a batch, and rolls up the hours that are complete, in one transaction.
    public func write(_ batch: MetricsBatch) async throws {
        let damaged = try await database.write { connection in
            try BatchWriter(connection: connection, batch: batch).write()
            return try HourSettlement.settle(connection, now: batch.interval.upperBound)
        }
        unreadable.withLock { $0 += damaged }
    }

    /// Deletes what is too old or beyond the budget, in small steps.
    public func trim(now: Date) async throws {
        try await Trimmer(database: database, settings: retention, now: now).trim()
    }

    /// Reads a stretch of time in one snapshot of the file; the time before the first histogram from rows alone.
    public func read(_ query: MetricsQuery) async throws -> MetricsWindow {
        let sampling = sampling
        return try await database.read { connection in
            let missing = try DuckDBSchema.missingTables(connection)
            let counted = try Self.firstCounted(connection, missing: missing)
            var window = MetricsWindow(interval: query.interval)
            if counted != nil { window = try WindowReader(query, from: connection).read() }
            if let interval = query.intervalOfRows(firstCounted: counted), !missing.contains("request_metrics") {
                let rows = RowReader(connection: connection, interval: interval, route: query.route, sampling: sampling)
                window.addEstimate(try rows.estimate(query), slot: query.slot)
            }
            window.marks = missing.contains("pitwall_marks") ? [] : try Self.marks(connection, in: query.interval)
            window.reach = try Self.reach(connection, missing: missing)
            return window
        }
    }

    /// The slowest rows of a stretch of time, slowest first.
    public func examples(
        in interval: Range<Date>, route: MetricsQuery.Route?, limit: Int
    ) async throws -> [RequestRow] {
        let sampling = sampling
        return try await database.read { connection in
            try RowReader(connection: connection, interval: interval, route: route, sampling: sampling).slowest(limit)
        }
    }

    /// Keeps a mark.
    public func addMark(_ mark: ReleaseMark, unlessLatest: Bool) async throws {
        try mark.requireName()
        try await database.write { connection in
            let latest = try connection.query(#"SELECT name FROM pitwall_marks ORDER BY "at" DESC, id DESC LIMIT 1"#)
            if unlessLatest, latest.first?.text(0) == mark.name { return }
            try connection.execute(
                #"INSERT INTO pitwall_marks ("at", name) VALUES (?, ?)"#, .time(mark.at), .text(mark.name))
        }
    }

    /// Marks within an interval, oldest first.
    public func marks(in interval: Range<Date>) async throws -> [ReleaseMark] {
        try await database.read { connection in
            let missing = try DuckDBSchema.missingTables(connection)
            return missing.contains("pitwall_marks") ? [] : try Self.marks(connection, in: interval)
        }
    }

    /// The size of the file with its write-ahead log, and how far back it reaches.
    public func statistics() async throws -> StoreStatistics {
        var statistics = try await database.read { connection in
            var statistics = StoreStatistics()
            statistics.reach = try Self.reach(connection, missing: DuckDBSchema.missingTables(connection))
            return statistics
        }
        statistics.budget = retention.budget
        statistics.bytes = [path, path + ".wal"].reduce(0) { sum, file in
            let attributes = try? FileManager.default.attributesOfItem(atPath: file)
            return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
        }
        statistics.unreadable = unreadable.withLock { $0 }
        return statistics
    }

    /// Closes the file. Using the store afterwards throws.
    public func close() async throws {
        try await database.close()
    }

    private static func marks(_ connection: DuckDBConnection, in interval: Range<Date>) throws -> [ReleaseMark] {
        try connection.query(
            #"SELECT "at", name FROM pitwall_marks WHERE "at" >= ? AND "at" < ? ORDER BY "at", id"#,
            .time(interval.lowerBound),
            .time(interval.upperBound)
        ).compactMap { row in
            guard let at = row.time(0), let name = row.text(1) else { return nil }
            return ReleaseMark(name: name, at: at)
        }
    }

    /// When counting began, as far back as it is kept; nil when nothing was ever counted.
    private static func firstCounted(_ connection: DuckDBConnection, missing: [String]) throws -> Date? {
        guard missing.allSatisfy({ $0 == "request_metrics" }) else { return nil }
        return try connection.query("SELECT min(start) FROM pitwall_totals").first?.integer(0)
            .map { Date(storedSeconds: $0) }
    }

    private static func reach(_ connection: DuckDBConnection, missing: [String]) throws -> MetricsReach {
        var reach = MetricsReach()
        if !missing.contains("pitwall_totals"), !missing.contains("pitwall_state") {
            let floor = DuckDBValue.number(try connection.minuteFloor())
            reach.minutes = try connection.query(
                "SELECT min(start) FROM pitwall_totals WHERE span = 60 AND start >= ?", floor
            ).first?.integer(0).map { Date(storedSeconds: $0) }
            reach.hours = try connection.query("SELECT min(start) FROM pitwall_totals WHERE span = 3600")
                .first?.integer(0).map { Date(storedSeconds: $0) }
        }
        if !missing.contains("request_metrics") {
            reach.rows = try connection.query("SELECT min(recorded_at) FROM request_metrics").first?.time(0)
        }
        return reach
    }
}
