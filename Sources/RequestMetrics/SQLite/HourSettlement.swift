import Foundation
import GRDB
import LatencyHistogram

/// Rolls the minutes of complete hours up into hours.
enum HourSettlement {
    /// Settles hours that ended by `now`, the oldest first.
    ///
    /// - Returns: histograms that could not be read and were left out.
    @discardableResult
    static func settle(_ db: Database, now: Date) throws -> Int {
        let hours = try Int.fetchAll(
            db, sql: "SELECT hour FROM pitwall_unsettled WHERE hour <= ? ORDER BY hour LIMIT ?",
            arguments: [now.storedSeconds - 3600 - HourRollup.grace, HourRollup.atOnce])
        let floor = try minuteFloor(db)
        var unreadable = 0
        for hour in hours {
            if hour >= floor { unreadable += try settle(db, hour: hour) }
            try db.execute(sql: "DELETE FROM pitwall_unsettled WHERE hour = ?", arguments: [hour])
        }
        return unreadable
    }

    private static func settle(_ db: Database, hour: Int) throws -> Int {
        let minutes: StatementArguments = [60, hour, hour + 3600]
        var rollup = HourRollup()
        let rollups = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT series, histogram FROM pitwall_rollups WHERE span = ? AND start >= ? AND start < ?"),
            arguments: minutes)
        while let row = try rollups.next() {
            guard let number: Int = row.stored(0) else { continue }
            rollup.addSeries(number, .stored(in: row, at: 1))
        }
        let totals = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT server_errors, histogram FROM pitwall_totals WHERE span = ? AND start >= ? AND start < ?"),
            arguments: minutes)
        while let row = try totals.next() {
            rollup.addTotal(serverErrors: row.stored(0) ?? 0, .stored(in: row, at: 1))
        }
        try write(rollup, db, hour: hour)
        return rollup.unreadable
    }

    private static func write(_ rollup: HourRollup, _ db: Database, hour: Int) throws {
        try db.execute(sql: "DELETE FROM pitwall_rollups WHERE span = 3600 AND start = ?", arguments: [hour])
        let insert = try db.cachedStatement(
            sql: "INSERT INTO pitwall_rollups (span, start, series, instance, histogram) VALUES (3600, ?, ?, 0, ?)")
        var written = 0
        for (number, histogram) in rollup.series {
            let bytes = histogram.stored
            try insert.execute(arguments: [hour, number, bytes])
            written += bytes.count + BatchWriter.rowOverhead
        }
        try db.execute(sql: "UPDATE pitwall_written SET bytes = bytes + ? WHERE hour = ?", arguments: [written, hour])
        guard let total = rollup.total else { return }
        try db.execute(
            sql: """
                REPLACE INTO pitwall_totals (span, start, instance, server_errors, histogram)
                VALUES (3600, ?, 0, ?, ?)
                """,
            arguments: [hour, rollup.serverErrors, total.stored])
    }
}
