import Foundation
import LatencyHistogram
import PostgresPool
import RequestMetrics

/// Rolls the minutes of complete hours up into hours.
enum HourSettlement {
    /// Settles hours that ended by `now`, the oldest first, unless another instance is about it.
    ///
    /// - Returns: histograms that could not be read and were left out.
    static func settle(_ pool: PostgresPool, now: Date) async throws -> Int {
        try await pool.withTransaction { connection in
            let lock = try await connection.query("SELECT pg_try_advisory_xact_lock(\(PostgresSchema.upkeepLock))")
            guard try lock[0].decode(Bool.self) else { return 0 }
            // Locking the notes waits for batches that are about to be committed; each statement below sees them.
            let hours = try await connection.query(
                """
                SELECT hour FROM pitwall_unsettled WHERE hour <= \(now.storedSeconds - 3600 - HourRollup.grace)
                ORDER BY hour LIMIT \(HourRollup.atOnce) FOR UPDATE
                """
            ).map { try $0.decode(Int.self) }
            let floor = try await connection.minuteFloor
            var unreadable = 0
            for hour in hours {
                if hour >= floor { unreadable += try await settle(connection, hour: hour) }
                try await connection.query("DELETE FROM pitwall_unsettled WHERE hour = \(hour)")
            }
            return unreadable
        }
    }

    private static func settle(_ connection: PostgresConnection, hour: Int) async throws -> Int {
        var rollup = HourRollup()
        let rollups = try await connection.query(
            """
            SELECT series, histogram FROM pitwall_rollups
            WHERE span = 60 AND start >= \(hour) AND start < \(hour + 3600)
            """
        )
        for row in rollups {
            let (number, bytes) = try row.decode(Int.self, Data.self)
            rollup.addSeries(number, LatencyHistogram(stored: bytes))
        }
        let totals = try await connection.query(
            """
            SELECT server_errors, histogram FROM pitwall_totals
            WHERE span = 60 AND start >= \(hour) AND start < \(hour + 3600)
            """
        )
        for row in totals {
            let (errors, bytes) = try row.decode(Int64.self, Data.self)
            rollup.addTotal(serverErrors: errors, LatencyHistogram(stored: bytes))
        }
        try await write(rollup, connection, hour: hour)
        return rollup.unreadable
    }

    private static func write(_ rollup: HourRollup, _ connection: PostgresConnection, hour: Int) async throws {
        try await connection.query("DELETE FROM pitwall_rollups WHERE span = 3600 AND start = \(hour)")
        let series = Array(rollup.series)
        try await connection.query(
            """
            INSERT INTO pitwall_rollups (span, start, series, instance, sequence, histogram)
            SELECT 3600, \(hour), series, 0, 0, histogram
            FROM unnest(\(series.map { Int32(clamping: $0.key) }), \(series.map(\.value.stored))) AS d (series, histogram)
            """
        )
        guard let total = rollup.total else { return }
        try await connection.query("DELETE FROM pitwall_totals WHERE span = 3600 AND start = \(hour)")
        try await connection.query(
            """
            INSERT INTO pitwall_totals (span, start, instance, sequence, server_errors, histogram)
            VALUES (3600, \(hour), 0, 0, \(rollup.serverErrors), \(total.stored))
            """
        )
    }
}
