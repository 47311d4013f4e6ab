import Foundation
import LatencyHistogram
import RequestMetrics

/// Reads one window, inside one snapshot of the file.
struct WindowReader {
    private let connection: DuckDBConnection
    private let query: MetricsQuery
    private let plan: WindowPlan
    private let instance: Int?
    private let keys: [Int: SeriesKey]
    private var assembly: WindowAssembly

    init(_ query: MetricsQuery, from connection: DuckDBConnection) throws {
        self.connection = connection
        self.query = query
        plan = WindowPlan(query, try Self.facts(connection))
        keys = try Self.seriesKeys(query.route, connection)
        if let name = query.instance {
            // An instance without a number has no data: 0 is that of hours, which no minute carries.
            instance =
                try connection.query("SELECT id FROM pitwall_instances WHERE name = ?", .text(name)).first?.integer(0)
                ?? 0
        } else {
            instance = nil
        }
        assembly = WindowAssembly(query, plan, keys: keys)
    }

    consuming func read() throws -> MetricsWindow {
        var assembly = assembly
        for stretch in plan.stretches {
            try forEachRow("start, series, histogram", "pitwall_rollups", stretch, series: keys) { row in
                if let number = row.integer(1) { assembly.addSeries(number, row.histogram(2)) }
            }
        }
        for stretch in plan.timeline {
            try forEachRow("start, server_errors, histogram", "pitwall_totals", stretch) { row in
                guard let start = row.integer(0) else { return }
                assembly.addTotal(start: start, serverErrors: Int64(row.integer(1) ?? 0), row.histogram(2))
            }
            guard query.route != nil else { continue }
            try forEachRow("start, series, histogram", "pitwall_rollups", stretch, series: keys) { row in
                guard let start = row.integer(0), let number = row.integer(1) else { return }
                assembly.addToTimeline(start: start, series: number, row.histogram(2))
            }
        }
        let instances = try connection.query(
            "SELECT name, last_sequence, last_seen FROM pitwall_instances ORDER BY last_seen DESC LIMIT ?",
            .number(WindowAssembly.instances))
        for row in instances {
            guard let name = row.text(0) else { continue }
            assembly.addInstance(name, sequence: Int64(row.integer(1) ?? 0), lastSeen: row.integer(2) ?? 0)
        }
        return assembly.finish()
    }

    private static func facts(_ connection: DuckDBConnection) throws -> WindowPlan.Facts {
        let unsettled = try connection.query("SELECT hour FROM pitwall_unsettled").compactMap { $0.integer(0) }
        let range = try connection.query("SELECT min(start), max(start) FROM pitwall_totals").first
        let stored = range?.integer(0).flatMap { oldest in range?.integer(1).map { oldest...$0 } }
        return WindowPlan.Facts(floor: try connection.minuteFloor(), unsettled: Set(unsettled), stored: stored)
    }

    private func forEachRow(
        _ columns: String, _ table: String, _ stretch: WindowPlan.Stretch, series: [Int: SeriesKey] = [:],
        _ body: (DuckDBRow) -> Void
    ) throws {
        var sql = "SELECT \(columns) FROM \(table) WHERE span = ? AND start >= ? AND start < ?"
        var values: [DuckDBValue] = [
            .number(stretch.resolution.rawValue), .number(stretch.start), .number(stretch.end),
        ]
        if query.route != nil, table == "pitwall_rollups" {
            guard !series.isEmpty else { return }
            sql += " AND series IN (\(series.keys.sorted().map(String.init).joined(separator: ",")))"
        }
        if let instance {
            sql += " AND instance = ?"
            values.append(.number(instance))
        }
        try connection.forEachRow(of: sql, values, body)
    }

    /// The names of the series to read, by number.
    private static func seriesKeys(
        _ route: MetricsQuery.Route?, _ connection: DuckDBConnection
    ) throws -> [Int: SeriesKey] {
        var keys: [Int: SeriesKey] = [:]
        for row in try connection.query("SELECT id, route, method, status, surface FROM pitwall_series") {
            guard let (number, key) = row.series else { continue }
            if let route, route != MetricsQuery.Route(key.route, method: key.method) { continue }
            keys[number] = key
        }
        return keys
    }
}
