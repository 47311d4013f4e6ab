import Foundation
import LatencyHistogram
import RequestMetrics

/// Writes one batch, inside a transaction.
struct BatchWriter {
    let connection: DuckDBConnection
    let batch: MetricsBatch

    private var sequence: DuckDBValue { .number(batch.sequence) }

    /// Does nothing when the batch was written before.
    func write() throws {
        guard let instance = try instanceNumber() else { return }
        let rollup = BatchRollup(batch, floor: try connection.minuteFloor())
        try writeSeries(rollup.entries, instance: instance)
        try writeTotals(rollup.totals, instance: instance)
        try writeRows()
        for hour in rollup.hours {
            try connection.execute(
                "INSERT INTO pitwall_unsettled SELECT $1 WHERE NOT EXISTS (FROM pitwall_unsettled WHERE hour = $1)",
                .number(hour))
        }
    }

    /// The instance's number, with the sequence noted; nil when the batch was written before.
    private func instanceNumber() throws -> Int? {
        let seen = DuckDBValue.number(batch.interval.upperBound.storedSeconds)
        let known = try connection.query(
            "SELECT id, last_sequence FROM pitwall_instances WHERE name = ?", .text(batch.instance)
        ).first
        guard let id = known?.integer(0), let last = known?.integer(1) else {
            return try connection.query(
                "INSERT INTO pitwall_instances (name, last_sequence, last_seen) VALUES (?, ?, ?) RETURNING id",
                .text(batch.instance), sequence, seen
            ).first?.integer(0)
        }
        guard last < Int64(clamping: batch.sequence) else { return nil }
        try connection.execute(
            "UPDATE pitwall_instances SET last_sequence = ?, last_seen = ? WHERE id = ?", sequence, seen, .number(id))
        return id
    }

    private func writeSeries(_ entries: [BatchRollup.Entry], instance: Int) throws {
        guard !entries.isEmpty else { return }
        var numbers: [SeriesKey: Int] = [:]
        for row in try connection.query("SELECT id, route, method, status, surface FROM pitwall_series") {
            if let (number, key) = row.series { numbers[key] = number }
        }
        var rows: [[DuckDBValue]] = []
        for entry in entries {
            let number = try numbers[entry.key] ?? addSeries(entry.key)
            numbers[entry.key] = number
            rows.append([
                .number(entry.slot.resolution.rawValue), .number(entry.slot.start), .number(number),
                .number(instance), sequence, .bytes(entry.histogram.stored),
            ])
        }
        try connection.append(to: "pitwall_rollups", rows)
    }

    private func addSeries(_ key: SeriesKey) throws -> Int {
        try connection.query(
            "INSERT INTO pitwall_series (route, method, status, surface) VALUES (?, ?, ?, ?) RETURNING id",
            .text(key.route), .text(key.method), .number(key.status), .number(key.surface.rawValue)
        ).first?.integer(0) ?? 0
    }

    private func writeTotals(_ totals: [BatchRollup.Total], instance: Int) throws {
        try connection.append(
            to: "pitwall_totals",
            totals.map { total in
                [
                    .number(total.slot.resolution.rawValue), .number(total.slot.start), .number(instance), sequence,
                    .number(total.serverErrors), .bytes(total.histogram.stored),
                ]
            })
    }

    private func writeRows() throws {
        guard !batch.rows.isEmpty else { return }
        // An appender gives no defaults, and whoever made the table says what its ids are: so by way of another table.
        try connection.execute(
            """
            CREATE OR REPLACE TEMP TABLE pitwall_incoming
                (path TEXT, method TEXT, status_code INTEGER, duration_ms DOUBLE, recorded_at TIMESTAMP)
            """)
        try connection.append(
            to: "pitwall_incoming",
            batch.rows.map { row in
                [
                    .text(row.path), .text(row.method), row.statusCode.map { .number($0) } ?? .null,
                    .real(row.durationMilliseconds), .time(row.recordedAt),
                ]
            })
        try connection.execute(
            """
            INSERT INTO request_metrics (path, method, status_code, duration_ms, recorded_at)
            SELECT * FROM pitwall_incoming
            """)
        try connection.execute("DROP TABLE pitwall_incoming")
    }
}

extension DuckDBRow {
    /// The series in `id, route, method, status, surface`.
    var series: (Int, SeriesKey)? {
        guard let number = integer(0), let route = text(1), let method = text(2), let status = integer(3) else {
            return nil
        }
        let surface = Surface(rawValue: UInt8(clamping: integer(4) ?? 0)) ?? .service
        return (number, SeriesKey(route: route, method: method, status: status, surface: surface))
    }
}
