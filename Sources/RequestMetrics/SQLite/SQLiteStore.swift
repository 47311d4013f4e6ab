public import Foundation
import GRDB
import Logging
import Synchronization

/// Keeps metrics in a SQLite file, embedded in the service.
///
/// The file is opened when first needed, and again after it was replaced, so that a service starts and answers whatever
/// state it is in. Several processes may share one file: it is in write-ahead mode, readers wait for nobody, and writers
/// take turns.
///
/// Deleting by age and budget gives space back to the file system in a file that this store made. In one that another
/// program made without incremental vacuum, it is used again instead.
public final class SQLiteStore: MetricsStore {
    /// The tables it expects in its file.
    package static var tables: [String] { SQLiteSchema.tables }

    /// Where the file is.
    public let path: String

    /// How long what is kept.
    public let retention: RetentionSettings

    private let database: SQLiteDatabase
    private let sampling: SamplingRule
    private let unreadable = Mutex(0)

    /// Makes a store; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - path: of the file. It is created when missing, and so is the folder it is in, but no folder above that.
    ///   - retention: how long what is kept.
    ///   - sampling: how rows came about, to tell their weight.
    ///   - isReadOnly: whether to read only: the file must exist, and nothing in it changes.
    ///   - mayCreate: whether to make a file that is missing.
    ///   - busyTimeout: seconds to wait while another process writes; then the write fails as locked and is done later.
    public init(
        path: String, retention: RetentionSettings = RetentionSettings(), sampling: SamplingRule = SamplingRule(),
        isReadOnly: Bool = false, mayCreate: Bool = true, busyTimeout: TimeInterval = 5
    ) {
        self.path = path
        self.retention = retention
        self.sampling = sampling
        database = SQLiteDatabase(
            path: path, isReadOnly: isReadOnly, mayCreate: mayCreate, busyTimeout: busyTimeout,
            walLimit: retention.walLimit)
    }

    /// Brings the file up to date, and creates it when it is missing.
    public func migrate() async throws {
        try await database.migrate()
    }

    /// The expected tables that the file lacks.
    public func missingTables() async throws -> [String] {
        try await database.read { try SQLiteSchema.missingTables($0) }
    }

    /// Keeps a batch, and rolls up the hours that are complete, in one transaction.
    public func write(_ batch: MetricsBatch) async throws {
        let damaged = try await database.write { db in
            var writer = BatchWriter(batch, to: db)
            try writer.write()
            return try HourSettlement.settle(db, now: batch.interval.upperBound)
        }
        unreadable.withLock { $0 += damaged }
    }

    /// Deletes what is too old or beyond the budget, at most 5,000 rows a transaction, and gives free pages back.
    public func trim(now: Date) async throws {
        try await Trimmer(database: database, settings: retention, now: now).trim()
    }

    /// Reads a stretch of time in one snapshot of the file; the time before the first histogram from rows alone.
    public func read(_ query: MetricsQuery) async throws -> MetricsWindow {
        let sampling = sampling
        return try await database.read { db in
            let counted = try StoreFacts.firstCounted(db)
            var window = MetricsWindow(interval: query.interval)
            if counted != nil {
                window = try WindowReader(query, from: db).read()
            }
            if let interval = query.intervalOfRows(firstCounted: counted) {
                let rows = RowReader(db: db, interval: interval, route: query.route, sampling: sampling)
                window.addEstimate(try rows.estimate(query), slot: query.slot)
            }
            window.marks = try StoreFacts.marks(db, in: query.interval)
            window.reach = try StoreFacts.reach(db)
            return window
        }
    }

    /// The slowest rows of a stretch of time, slowest first.
    public func examples(
        in interval: Range<Date>, route: MetricsQuery.Route?, limit: Int
    ) async throws -> [RequestRow] {
        let sampling = sampling
        return try await database.read { db in
            try RowReader(db: db, interval: interval, route: route, sampling: sampling).slowest(limit)
        }
    }

    /// Keeps a mark.
    public func addMark(_ mark: ReleaseMark, unlessLatest: Bool) async throws {
        try mark.requireName()
        try await database.write { db in
            let latest = try String.fetchOne(
                db, sql: "SELECT name FROM pitwall_marks ORDER BY at DESC, id DESC LIMIT 1")
            if unlessLatest, latest == mark.name { return }
            try db.execute(
                sql: "INSERT INTO pitwall_marks (at, name) VALUES (?, ?)",
                arguments: [mark.at.timeIntervalSince1970, mark.name])
        }
    }

    /// Marks within an interval, oldest first.
    public func marks(in interval: Range<Date>) async throws -> [ReleaseMark] {
        try await database.read { try StoreFacts.marks($0, in: interval) }
    }

    /// The size of the file with its write-ahead log, and how far back it reaches.
    public func statistics() async throws -> StoreStatistics {
        var statistics = try await database.read { db in
            var statistics = StoreStatistics()
            statistics.reach = try StoreFacts.reach(db)
            statistics.bytesPerDay = try StoreFacts.bytesPerDay(db)
            return statistics
        }
        statistics.budget = retention.budget
        statistics.bytes = StoreFacts.bytes(path: path)
        statistics.unreadable = unreadable.withLock { $0 }
        return statistics
    }

    /// Closes the file. Using the store afterwards throws.
    public func close() async throws {
        try await database.close()
    }
}
