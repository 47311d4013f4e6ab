import Foundation
import LatencyHistogram
import PostgresPool
import RequestMetrics

/// Writes one batch, inside a transaction: a handful of statements, however many series it holds.
struct BatchWriter {
    let connection: PostgresConnection
    let batch: MetricsBatch

    /// How far back heartbeats are written after a long outage, in minutes.
    private static let longestSilence = 48 * 60

    private struct Slot: Hashable {
        let start: Int
        let span: Int32
    }

    /// - Returns: whether the batch was new.
    @discardableResult
    func write() async throws -> Bool {
        guard let instance = try await instanceNumber() else { return false }
        let floor = try await connection.minuteFloor
        try await writeSeries(instance: instance, floor: floor)
        let slots = try await writeTotals(instance: instance, floor: floor)
        try await writeRows()
        try await unsettle(slots)
        return true
    }

    /// The instance's number, with the sequence noted; nil when the batch was written before.
    private func instanceNumber() async throws -> Int32? {
        let sequence = Int64(clamping: batch.sequence)
        let rows = try await connection.query(
            """
            INSERT INTO pitwall_instances AS known (name, last_sequence, last_seen)
            VALUES (\(batch.instance), \(sequence), \(batch.interval.upperBound.wholeSeconds))
            ON CONFLICT (name) DO UPDATE SET last_sequence = excluded.last_sequence, last_seen = excluded.last_seen
                WHERE known.last_sequence < excluded.last_sequence
            RETURNING id
            """
        )
        return try rows.first?.decode(Int32.self)
    }

    private func writeSeries(instance: Int32, floor: Int) async throws {
        guard !batch.series.isEmpty else { return }
        var deltas: [Slot: [SeriesKey: LatencyHistogram]] = [:]
        for delta in batch.series {
            let slot = slot(of: delta, floor: floor)
            deltas[slot, default: [:]][delta.key, default: LatencyHistogram(scale: delta.histogram.scale)]
                .merge(delta.histogram)
        }
        let keys = Array(Set(batch.series.map(\.key)))
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
        let flat = deltas.flatMap { slot, series in series.map { (slot, $0.key, $0.value) } }
        try await connection.query(
            """
            INSERT INTO pitwall_rollups (span, start, series, instance, sequence, histogram)
            SELECT d.span, d.start, s.id, \(instance), \(Int64(clamping: batch.sequence)), d.histogram
            FROM unnest(\(flat.map(\.0.span)), \(flat.map(\.0.start)), \(flat.map(\.1.route)), \(flat.map(\.1.method)),
                \(flat.map { Int32($0.1.status) }), \(flat.map { Int32($0.1.surface.rawValue) }), \(flat.map(\.2.stored)))
                AS d (span, start, route, method, status, surface, histogram)
            JOIN pitwall_series s ON (s.route, s.method, s.status, s.surface) = (d.route, d.method, d.status, d.surface)
            """
        )
    }

    /// - Returns: all slots that the batch touched.
    private func writeTotals(instance: Int32, floor: Int) async throws -> Set<Slot> {
        var totals: [Slot: (histogram: LatencyHistogram, errors: UInt64)] = [:]
        for delta in batch.series where delta.key.surface == .service {
            let slot = slot(of: delta, floor: floor)
            var total = totals[slot] ?? (LatencyHistogram(scale: delta.histogram.scale), 0)
            total.histogram.merge(delta.histogram)
            if delta.key.isServerError { total.errors &+= delta.histogram.count }
            totals[slot] = total
        }
        for slot in heartbeats(floor: floor) where totals[slot] == nil { totals[slot] = (LatencyHistogram(), 0) }
        let flat = Array(totals)
        try await connection.query(
            """
            INSERT INTO pitwall_totals (span, start, instance, sequence, server_errors, histogram)
            SELECT span, start, \(instance), \(Int64(clamping: batch.sequence)), server_errors, histogram
            FROM unnest(\(flat.map(\.key.span)), \(flat.map(\.key.start)),
                \(flat.map { Int64(clamping: $0.value.errors) }), \(flat.map(\.value.histogram.stored)))
                AS d (span, start, server_errors, histogram)
            """
        )
        return Set(totals.keys).union(batch.series.map { slot(of: $0, floor: floor) })
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
    private func unsettle(_ slots: Set<Slot>) async throws {
        let hours = Set(slots.filter { $0.span == 60 }.map { $0.start - $0.start % 3600 }).sorted()
        try await connection.query(
            """
            INSERT INTO pitwall_unsettled (hour) SELECT unnest(\(hours))
            ON CONFLICT (hour) DO UPDATE SET touched = pitwall_unsettled.touched + 1
            """
        )
    }

    /// Where a delta belongs: in its minute as long as minutes of its hour are kept, else in its hour.
    private func slot(of delta: SeriesDelta, floor: Int) -> Slot {
        let start = delta.start.wholeSeconds
        return start >= floor
            ? Slot(start: start - start % 60, span: 60) : Slot(start: start - start % 3600, span: 3600)
    }

    private func heartbeats(floor: Int) -> [Slot] {
        let last = batch.interval.upperBound.wholeSeconds / 60
        let first = max(batch.interval.lowerBound.wholeSeconds / 60, last - Self.longestSilence, floor / 60)
        return first <= last ? (first...last).map { Slot(start: $0 * 60, span: 60) } : []
    }
}

extension PostgresConnection {
    /// The time in seconds since 1970 before which minutes no longer count; 0 as long as all do.
    var minuteFloor: Int {
        get async throws {
            try await query("SELECT value FROM pitwall_state WHERE name = 'minute_floor'").first?.decode(Int.self) ?? 0
        }
    }
}
