import Foundation
import GRDB
import LatencyHistogram

/// Rolls the minutes of complete hours up into hours.
///
/// An hour is always made anew from all its minutes, so that doing it twice, or after a late batch, gives the same.
enum HourSettlement {
    /// Other instances may still bring the last seconds of an hour; waiting for them saves settling it twice.
    private static let grace = 30
    /// Hours settled in one transaction, so that after an outage no writer waits long.
    private static let atOnce = 4

    /// Settles hours that ended by `now`, the oldest first.
    ///
    /// - Returns: histograms that could not be read and were left out.
    @discardableResult
    static func settle(_ db: Database, now: Date) throws -> Int {
        let hours = try Int.fetchAll(
            db, sql: "SELECT hour FROM pitwall_unsettled WHERE hour <= ? ORDER BY hour LIMIT ?",
            arguments: [now.storedSeconds - 3600 - grace, atOnce])
        let floor = try minuteFloor(db)
        var unreadable = 0
        for hour in hours {
            if hour >= floor { unreadable += try settle(db, hour: hour) }
            try db.execute(sql: "DELETE FROM pitwall_unsettled WHERE hour = ?", arguments: [hour])
        }
        return unreadable
    }

    private static func settle(_ db: Database, hour: Int) throws -> Int {
        var unreadable = 0
        let minutes: StatementArguments = [60, hour, hour + 3600]

        var series: [Int: LatencyHistogram] = [:]
        let rollups = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT series, histogram FROM pitwall_rollups WHERE span = ? AND start >= ? AND start < ?"),
            arguments: minutes)
        while let row = try rollups.next() {
            guard let histogram = LatencyHistogram.stored(in: row, at: 1), let number: Int = row.stored(0) else {
                unreadable += 1
                continue
            }
            series[number, default: LatencyHistogram(scale: histogram.scale)].merge(histogram)
        }
        try db.execute(sql: "DELETE FROM pitwall_rollups WHERE span = 3600 AND start = ?", arguments: [hour])
        let insert = try db.cachedStatement(
            sql: "INSERT INTO pitwall_rollups (span, start, series, instance, histogram) VALUES (3600, ?, ?, 0, ?)")
        var written = 0
        for (number, histogram) in series {
            let bytes = histogram.stored
            try insert.execute(arguments: [hour, number, bytes])
            written += bytes.count + BatchWriter.rowOverhead
        }
        try db.execute(sql: "UPDATE pitwall_written SET bytes = bytes + ? WHERE hour = ?", arguments: [written, hour])

        var total: (histogram: LatencyHistogram, errors: Int64)?
        let totals = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT server_errors, histogram FROM pitwall_totals WHERE span = ? AND start >= ? AND start < ?"),
            arguments: minutes)
        while let row = try totals.next() {
            let errors = row.stored(0) as Int64? ?? 0
            guard let histogram = LatencyHistogram.stored(in: row, at: 1) else {
                unreadable += 1
                continue
            }
            total = (total?.histogram ?? LatencyHistogram(scale: histogram.scale), (total?.errors ?? 0) &+ errors)
            total?.histogram.merge(histogram)
        }
        if let total {
            try db.execute(
                sql: """
                    REPLACE INTO pitwall_totals (span, start, instance, server_errors, histogram)
                    VALUES (3600, ?, 0, ?, ?)
                    """,
                arguments: [hour, total.errors, total.histogram.stored])
        }
        return unreadable
    }
}
