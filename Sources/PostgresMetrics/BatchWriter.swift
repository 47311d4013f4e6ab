import Foundation
import LatencyHistogram
import PostgresPool
import RequestMetrics

/// Writes one batch, inside a transaction: a handful of statements, however many series it holds.
struct BatchWriter {
    let connection: PostgresConnection
    let batch: MetricsBatch

    /// - Returns: whether the batch was new.
    @discardableResult
    func write() async throws -> Bool {
        guard let instance = try await instanceNumber() else { return false }
        let rollup = BatchRollup(batch, floor: try await connection.minuteFloor)
        try await writeSeries(rollup.entries, instance: instance)
        try await writeTotals(rollup.totals, instance: instance)
        try await writeRows()
        try await unsettle(rollup.hours)
        return true
    }

    /// The instance's number, with the sequence noted; nil when the batch was written before.
    private func instanceNumber() async throws -> Int32? {
        let sequence = Int64(clamping: batch.sequence)
        let rows = try await connection.query(
            """
            INSERT INTO pitwall_instances AS known (name, last_sequence, last_seen)
            VALUES (\(batch.instance), \(sequence), \(batch.interval.upperBound.storedSeconds))
            ON CONFLICT (name) DO UPDATE SET last_sequence = excluded.last_sequence, last_seen = excluded.last_seen
                WHERE known.last_sequence < excluded.last_sequence
            RETURNING id
            """
        )
        return try rows.first?.decode(Int32.self)
    }

    private func writeSeries(_ entries: [BatchRollup.Entry], instance: Int32) async throws {
        guard !entries.isEmpty else { return }
        let keys = Array(Set(entries.map(\.key)))
        // In one order everywhere, so that instances that meet new series at once do not wait for each other in a ring.
        try await connection.query(
            """
            INSERT INTO pitwall_series (route, method, status, surface)
            SELECT * FROM unnest(\(keys.map(\.route)), \(keys.map(\.method)), \(keys.map { Int32($0.status) }),
                \(keys.map { Int32($0.surface.rawValue) })) AS k (route, method, status, surface)
            WHERE NOT EXISTS (SELECT 1 FROM pitwall_series s WHERE (s.route, s.method, s.status, s.surface)
                = (k.route, k.method, k.status, k.surface))
            ORDER BY 1, 2, 3, 4
            ON CONFLICT DO NOTHING
            """
        )
        try await connection.query(
            """
            INSERT INTO pitwall_rollups (span, start, series, instance, sequence, histogram)
            SELECT d.span, d.start, s.id, \(instance), \(Int64(clamping: batch.sequence)), d.histogram
            FROM unnest(\(entries.map(\.slot.span)), \(entries.map(\.slot.start)), \(entries.map(\.key.route)),
                \(entries.map(\.key.method)), \(entries.map { Int32($0.key.status) }),
                \(entries.map { Int32($0.key.surface.rawValue) }), \(entries.map(\.histogram.stored)))
                AS d (span, start, route, method, status, surface, histogram)
            JOIN pitwall_series s ON (s.route, s.method, s.status, s.surface) = (d.route, d.method, d.status, d.surface)
            """
        )
    }

    private func writeTotals(_ totals: [BatchRollup.Total], instance: Int32) async throws {
        try await connection.query(
            """
            INSERT INTO pitwall_totals (span, start, instance, sequence, server_errors, histogram)
            SELECT span, start, \(instance), \(Int64(clamping: batch.sequence)), server_errors, histogram
            FROM unnest(\(totals.map(\.slot.span)), \(totals.map(\.slot.start)),
                \(totals.map { Int64(clamping: $0.serverErrors) }), \(totals.map(\.histogram.stored)))
                AS d (span, start, server_errors, histogram)
            """
        )
    }

    private func writeRows() async throws {
        guard !batch.rows.isEmpty else { return }
        // An array has no NULL here: 0 stands for a status that is not known.
        try await connection.query(
            """
            INSERT INTO request_metrics (path, method, status_code, duration_ms, recorded_at)
            SELECT path, method, nullif(status, 0), duration, at
            FROM unnest(\(batch.rows.map(\.path)), \(batch.rows.map(\.method)),
                \(batch.rows.map { Int32($0.statusCode ?? 0) }), \(batch.rows.map(\.durationMilliseconds)),
                \(batch.rows.map(\.recordedAt))) AS r (path, method, status, duration, at)
            """
        )
    }

    /// Notes that hours have to be rolled up again. Last, because the note locks its row until the commit: whoever
    /// rolls the hour up waits for it, and then sees this batch.
    private func unsettle(_ hours: [Int]) async throws {
        try await connection.query(
            """
            INSERT INTO pitwall_unsettled (hour) SELECT unnest(\(hours))
            ON CONFLICT (hour) DO UPDATE SET touched = pitwall_unsettled.touched + 1
            """
        )
    }
}

extension BatchRollup.Slot {
    /// The length as the tables have it.
    fileprivate var span: Int32 { Int32(resolution.rawValue) }
}

extension PostgresConnection {
    /// The time in seconds since 1970 before which minutes no longer count; 0 as long as all do.
    var minuteFloor: Int {
        get async throws {
            try await query("SELECT value FROM pitwall_state WHERE name = 'minute_floor'").first?.decode(Int.self) ?? 0
        }
    }
}
