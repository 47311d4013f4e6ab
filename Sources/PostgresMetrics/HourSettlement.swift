import Foundation
import LatencyHistogram
import PostgresPool

/// Rolls the minutes of complete hours up into hours.
///
/// An hour is always made anew from all its minutes, so that doing it twice, or after a late batch, gives the same.
enum HourSettlement {
    /// Other instances may still bring the last seconds of an hour; waiting for them saves settling it twice.
    private static let grace = 30
    /// Hours settled in one transaction, so that no writer waits long.
    private static let atOnce = 4

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
                SELECT hour FROM pitwall_unsettled WHERE hour <= \(now.wholeSeconds - 3600 - grace)
                ORDER BY hour LIMIT \(atOnce) FOR UPDATE
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
        var unreadable = 0
        var series: [Int32: LatencyHistogram] = [:]
        let rollups = try await connection.query(
            """
            SELECT series, histogram FROM pitwall_rollups
            WHERE span = 60 AND start >= \(hour) AND start < \(hour + 3600)
            """
        )
        for row in rollups {
            let (number, bytes) = try row.decode(Int32.self, Data.self)
            guard let histogram = LatencyHistogram(stored: bytes) else {
                unreadable += 1
                continue
            }
            series[number, default: LatencyHistogram(scale: histogram.scale)].merge(histogram)
        }
        try await connection.query("DELETE FROM pitwall_rollups WHERE span = 3600 AND start = \(hour)")
        let flat = Array(series)
        try await connection.query(
            """
            INSERT INTO pitwall_rollups (span, start, series, instance, sequence, histogram)
            SELECT 3600, \(hour), series, 0, 0, histogram
            FROM unnest(\(flat.map(\.key)), \(flat.map(\.value.stored))) AS d (series, histogram)
            """
        )

        let totals = try await connection.query(
            """
            SELECT server_errors, histogram FROM pitwall_totals
            WHERE span = 60 AND start >= \(hour) AND start < \(hour + 3600)
            """
        )
        guard !totals.isEmpty else { return unreadable }
        var total = LatencyHistogram()
        var errors = 0
        for row in totals {
            let (failed, bytes) = try row.decode(Int.self, Data.self)
            guard let histogram = LatencyHistogram(stored: bytes) else {
                unreadable += 1
                continue
            }
            total.merge(histogram)
            errors &+= failed
        }
        try await connection.query("DELETE FROM pitwall_totals WHERE span = 3600 AND start = \(hour)")
        try await connection.query(
            """
            INSERT INTO pitwall_totals (span, start, instance, sequence, server_errors, histogram)
            VALUES (3600, \(hour), 0, 0, \(errors), \(total.stored))
            """
        )
        return unreadable
    }
}
