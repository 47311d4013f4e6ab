import Foundation
import GRDB
import LatencyHistogram

/// Writes one batch, inside a transaction.
struct BatchWriter {
    let db: Database
    let batch: MetricsBatch

    /// Bytes that a row of a table takes besides its text and blobs, roughly: header, integers and its share of a page.
    static let rowOverhead = 20
    /// The same of `request_metrics` with its index, with both dates.
    private static let exampleOverhead = 90
    private var written = 0

    init(_ batch: MetricsBatch, to db: Database) {
        self.db = db
        self.batch = batch
    }

    /// - Returns: whether the batch was new.
    @discardableResult
    mutating func write() throws -> Bool {
        guard let instance = try instanceNumber() else { return false }
        let rollup = BatchRollup(batch, floor: try minuteFloor(db))
        for entry in rollup.entries {
            let owner = entry.slot.resolution == .minute ? instance : 0
            try add(entry.histogram, of: try seriesNumber(entry.key), in: entry.slot, instance: owner)
        }
        for total in rollup.totals {
            let owner = total.slot.resolution == .minute ? instance : 0
            try addTotal(total.histogram, serverErrors: total.serverErrors, in: total.slot, instance: owner)
        }
        for hour in rollup.hours {
            try db.execute(sql: "INSERT OR IGNORE INTO pitwall_unsettled (hour) VALUES (?)", arguments: [hour])
        }
        try writeRows()
        try noteWritten()
        return true
    }

    /// The instance's number, with the sequence noted; nil when the batch was written before.
    private func instanceNumber() throws -> Int? {
        try db.execute(
            sql: """
                INSERT INTO pitwall_instances (name, last_sequence, last_seen) VALUES (?1, ?2, ?3)
                ON CONFLICT (name) DO UPDATE SET last_sequence = ?2, last_seen = ?3 WHERE last_sequence < ?2
                """,
            arguments: [
                batch.instance, Int64(clamping: batch.sequence), batch.interval.upperBound.storedSeconds,
            ])
        guard db.changesCount > 0 else { return nil }
        return try Int.fetchOne(
            db, sql: "SELECT id FROM pitwall_instances WHERE name = ?", arguments: [batch.instance])
    }

    private func seriesNumber(_ key: SeriesKey) throws -> Int {
        let arguments: StatementArguments = [key.route, key.method, key.status, Int(key.surface.rawValue)]
        let select = try db.cachedStatement(
            sql: "SELECT id FROM pitwall_series WHERE route = ? AND method = ? AND status = ? AND surface = ?")
        if let number = try Int.fetchOne(select, arguments: arguments) { return number }
        try db.execute(
            sql: "INSERT INTO pitwall_series (route, method, status, surface) VALUES (?, ?, ?, ?)",
            arguments: arguments)
        return Int(db.lastInsertedRowID)
    }

    private mutating func add(
        _ histogram: LatencyHistogram, of series: Int, in slot: BatchRollup.Slot, instance: Int
    ) throws {
        let key: StatementArguments = [slot.resolution.rawValue, slot.start, series, instance]
        let select = try db.cachedStatement(
            sql: "SELECT histogram FROM pitwall_rollups WHERE span = ? AND start = ? AND series = ? AND instance = ?")
        var merged = histogram
        var replaced = -(Self.rowOverhead)
        if let row = try Row.fetchOne(select, arguments: key) {
            // One that cannot be read is lost already; the new counts must not be.
            if let stored = LatencyHistogram.stored(in: row, at: 0) { merged.merge(stored) }
            replaced = try row.withUnsafeData(atIndex: 0) { $0?.count ?? 0 }
        }
        let bytes = merged.stored
        written += bytes.count - replaced
        try db.cachedStatement(
            sql: "REPLACE INTO pitwall_rollups (span, start, series, instance, histogram) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: key + [bytes])
    }

    private mutating func addTotal(
        _ histogram: LatencyHistogram, serverErrors: UInt64, in slot: BatchRollup.Slot, instance: Int
    ) throws {
        let key: StatementArguments = [slot.resolution.rawValue, slot.start, instance]
        let select = try db.cachedStatement(
            sql: "SELECT server_errors, histogram FROM pitwall_totals WHERE span = ? AND start = ? AND instance = ?")
        var merged = histogram
        var errors = Int64(clamping: serverErrors)
        var replaced = -(Self.rowOverhead)
        if let row = try Row.fetchOne(select, arguments: key) {
            // A second heartbeat in a minute changes nothing.
            if histogram.count == 0 { return }
            if let stored = LatencyHistogram.stored(in: row, at: 1) { merged.merge(stored) }
            errors = errors &+ (row.stored(0) as Int64? ?? 0)
            replaced = try row.withUnsafeData(atIndex: 1) { $0?.count ?? 0 }
        }
        let bytes = merged.stored
        written += bytes.count - replaced
        try db.cachedStatement(
            sql: "REPLACE INTO pitwall_totals (span, start, instance, server_errors, histogram) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: key + [errors, bytes])
    }

    private mutating func writeRows() throws {
        guard !batch.rows.isEmpty else { return }
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO request_metrics (path, method, status_code, duration_ms, recorded_at)
                VALUES (?, ?, ?, ?, ?)
                """)
        for row in batch.rows {
            try insert.execute(
                arguments: [row.path, row.method, row.statusCode, row.durationMilliseconds, row.recordedAt])
            written += 2 * row.path.utf8.count + row.method.utf8.count + Self.exampleOverhead
        }
    }

    private func noteWritten() throws {
        let hour = batch.interval.upperBound.storedSeconds / 3600 * 3600
        try db.execute(
            sql: """
                INSERT INTO pitwall_written (hour, bytes) VALUES (?1, ?2)
                ON CONFLICT (hour) DO UPDATE SET bytes = bytes + ?2
                """,
            arguments: [hour, written])
    }
}

/// The time in seconds since 1970 before which minutes no longer count; 0 as long as all do.
func minuteFloor(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT value FROM pitwall_state WHERE name = 'minute_floor'") ?? 0
}
