import Foundation
import LatencyHistogram
import PostgresPool
import RequestMetrics

/// Reads one window, inside one snapshot of the database.
struct WindowReader {
    private let connection: PostgresConnection
    private let query: MetricsQuery
    private let plan: WindowPlan
    private let keys: [Int: SeriesKey]
    private let instance: Int32?
    private var assembly: WindowAssembly

    init(_ query: MetricsQuery, from connection: PostgresConnection) async throws {
        self.connection = connection
        self.query = query
        plan = WindowPlan(query, try await Self.facts(connection))
        keys = try await Self.seriesKeys(query.route, connection)
        if let name = query.instance {
            // An instance without a number has no data: 0 is that of hours, which no minute carries.
            instance =
                try await connection.query("SELECT id FROM pitwall_instances WHERE name = \(name)")
                .first?.decode(Int32.self) ?? 0
        } else {
            instance = nil
        }
        assembly = WindowAssembly(query, plan, keys: keys)
    }

    consuming func read() async throws -> MetricsWindow {
        for row in try await rollups(plan.stretches) {
            let (_, number, bytes) = try row.decode(Int.self, Int.self, Data.self)
            assembly.addSeries(number, LatencyHistogram(stored: bytes))
        }
        for row in try await totals(plan.timeline) {
            let (start, errors, bytes) = try row.decode(Int.self, Int64.self, Data.self)
            assembly.addTotal(start: start, serverErrors: errors, LatencyHistogram(stored: bytes))
        }
        if query.route != nil {
            for row in try await rollups(plan.timeline) {
                let (start, number, bytes) = try row.decode(Int.self, Int.self, Data.self)
                assembly.addToTimeline(start: start, series: number, LatencyHistogram(stored: bytes))
            }
        }
        try await readInstances()
        return assembly.finish()
    }

    private static func facts(_ connection: PostgresConnection) async throws -> WindowPlan.Facts {
        let floor = try await connection.minuteFloor
        let unsettled = try await connection.query("SELECT hour FROM pitwall_unsettled").map { try $0.decode(Int.self) }
        let (oldest, newest) = try await connection.query("SELECT min(start), max(start) FROM pitwall_totals")[0]
            .decode(Int?.self, Int?.self)
        let stored = oldest.flatMap { oldest in newest.map { oldest...$0 } }
        return WindowPlan.Facts(floor: floor, unsettled: Set(unsettled), stored: stored)
    }

    private func rollups(_ stretches: [WindowPlan.Stretch]) async throws -> PostgresResult {
        let series = query.route == nil ? nil : keys.keys.map { Int32(clamping: $0) }
        return try await connection.query(
            """
            SELECT start, series, histogram FROM \(table(stretches)) JOIN pitwall_rollups r
            ON r.span = s.span AND r.start >= s.first AND r.start < s.past
            WHERE (\(series)::int[] IS NULL OR series = ANY(\(series)))
                AND (\(instance)::int IS NULL OR instance = \(instance))
            """
        )
    }

    private func totals(_ stretches: [WindowPlan.Stretch]) async throws -> PostgresResult {
        try await connection.query(
            """
            SELECT start, server_errors, histogram FROM \(table(stretches)) JOIN pitwall_totals r
            ON r.span = s.span AND r.start >= s.first AND r.start < s.past
            WHERE \(instance)::int IS NULL OR instance = \(instance)
            """
        )
    }

    /// The stretches as a table `s`.
    private func table(_ stretches: [WindowPlan.Stretch]) -> PostgresQuery {
        """
        unnest(\(stretches.map { Int32($0.resolution.rawValue) }), \(stretches.map(\.start)), \(stretches.map(\.end)))
            AS s (span, first, past)
        """
    }

    /// The names of the series to read, by number.
    private static func seriesKeys(
        _ route: MetricsQuery.Route?, _ connection: PostgresConnection
    ) async throws -> [Int: SeriesKey] {
        let rows = try await connection.query(
            """
            SELECT id, route, method, status, surface FROM pitwall_series
            WHERE \(route?.route)::text IS NULL OR (route = \(route?.route) AND method = \(route?.method))
            """
        )
        var keys: [Int: SeriesKey] = [:]
        for row in rows {
            let (id, route, method, status, surface) = try row.decode(
                Int.self, String.self, String.self, Int.self, Int.self
            )
            keys[id] = SeriesKey(
                route: route, method: method, status: status,
                surface: Surface(rawValue: UInt8(clamping: surface)) ?? .service
            )
        }
        return keys
    }

    private mutating func readInstances() async throws {
        let rows = try await connection.query(
            """
            SELECT name, last_sequence, last_seen FROM pitwall_instances
            ORDER BY last_seen DESC LIMIT \(WindowAssembly.instances)
            """
        )
        for row in rows {
            let (name, sequence, lastSeen) = try row.decode(String.self, Int64.self, Int.self)
            assembly.addInstance(name, sequence: sequence, lastSeen: lastSeen)
        }
    }
}
