import Foundation
import LatencyHistogram
import RequestMetrics

/// Rolls the minutes of complete hours up into hours.
enum HourSettlement {
    /// Settles hours that ended by `now`, the oldest first, inside a transaction.
    ///
    /// - Returns: histograms that could not be read and were left out.
    static func settle(_ connection: DuckDBConnection, now: Date) throws -> Int {
        let hours = try connection.query(
            "SELECT hour FROM pitwall_unsettled WHERE hour <= ? ORDER BY hour LIMIT ?",
            .number(now.storedSeconds - 3600 - HourRollup.grace), .number(HourRollup.atOnce)
        ).compactMap { $0.integer(0) }
        let floor = try connection.minuteFloor()
        var unreadable = 0
        for hour in hours {
            if hour >= floor { unreadable += try settle(connection, hour: hour) }
            try connection.execute("DELETE FROM pitwall_unsettled WHERE hour = ?", .number(hour))
        }
        return unreadable
    }

    private static func settle(_ connection: DuckDBConnection, hour: Int) throws -> Int {
        let (first, past) = (DuckDBValue.number(hour), DuckDBValue.number(hour + 3600))
        var rollup = HourRollup()
        try connection.forEachRow(
            of: "SELECT series, histogram FROM pitwall_rollups WHERE span = 60 AND start >= ? AND start < ?",
            [first, past]
        ) { row in
            if let number = row.integer(0) { rollup.addSeries(number, row.histogram(1)) }
        }
        try connection.forEachRow(
            of: "SELECT server_errors, histogram FROM pitwall_totals WHERE span = 60 AND start >= ? AND start < ?",
            [first, past]
        ) { row in
            rollup.addTotal(serverErrors: Int64(row.integer(0) ?? 0), row.histogram(1))
        }
        try write(rollup, connection, hour: first)
        return rollup.unreadable
    }

    private static func write(_ rollup: HourRollup, _ connection: DuckDBConnection, hour: DuckDBValue) throws {
        try connection.execute("DELETE FROM pitwall_rollups WHERE span = 3600 AND start = ?", hour)
        let insert = try connection.prepare("INSERT INTO pitwall_rollups VALUES (3600, ?, ?, 0, 0, ?)")
        for (number, histogram) in rollup.series {
            try insert.run([hour, .number(number), .bytes(histogram.stored)])
        }
        guard let total = rollup.total else { return }
        try connection.execute("DELETE FROM pitwall_totals WHERE span = 3600 AND start = ?", hour)
        try connection.execute(
            "INSERT INTO pitwall_totals VALUES (3600, ?, 0, 0, ?, ?)", hour, .integer(rollup.serverErrors),
            .bytes(total.stored))
    }
}

extension DuckDBRow {
    /// The histogram in a column; nil when it cannot be read.
    func histogram(_ column: Int) -> LatencyHistogram? { bytes(column).flatMap { LatencyHistogram(stored: $0) } }
}
