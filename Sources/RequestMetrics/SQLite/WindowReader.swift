import Foundation
import GRDB
import LatencyHistogram

/// Reads one window, inside one snapshot of the file.
struct WindowReader {
    private let db: Database
    private let query: MetricsQuery
    private let plan: WindowPlan
    private let keys: [Int: SeriesKey]
    private let instance: Int?
    private var assembly: WindowAssembly

    init(_ query: MetricsQuery, from db: Database) throws {
        self.db = db
        self.query = query
        let facts = WindowPlan.Facts(
            floor: try minuteFloor(db), unsettled: try Set(Int.fetchAll(db, sql: "SELECT hour FROM pitwall_unsettled")),
            stored: try Self.storedStarts(db))
        plan = WindowPlan(query, facts)
        keys = try Self.seriesKeys(query.route, db)
        if let name = query.instance {
            // An instance without a number has no data: 0 is that of hours, which no minute carries.
            instance =
                try Int.fetchOne(db, sql: "SELECT id FROM pitwall_instances WHERE name = ?", arguments: [name]) ?? 0
        } else {
            instance = nil
        }
        assembly = WindowAssembly(query, plan, keys: keys)
    }

    consuming func read() throws -> MetricsWindow {
        for stretch in plan.stretches {
            let rows = try rollups(stretch)
            while let row = try rows.next() {
                guard let number: Int = row.stored(1) else { continue }
                assembly.addSeries(number, .stored(in: row, at: 2))
            }
        }
        for stretch in plan.timeline {
            let rows = try totals(stretch)
            while let row = try rows.next() {
                guard let start: Int = row.stored(0) else { continue }
                assembly.addTotal(start: start, serverErrors: row.stored(1) ?? 0, .stored(in: row, at: 2))
            }
            guard query.route != nil else { continue }
            let series = try rollups(stretch)
            while let row = try series.next() {
                guard let start: Int = row.stored(0), let number: Int = row.stored(1) else { continue }
                assembly.addToTimeline(start: start, series: number, .stored(in: row, at: 2))
            }
        }
        try readInstances()
        return assembly.finish()
    }

    /// The start of the oldest and of the newest total; nil when there is none.
    private static func storedStarts(_ db: Database) throws -> ClosedRange<Int>? {
        // Each of the four is one look into the primary key; over both spans at once they would read all of it.
        let starts = try [60, 3600].flatMap { span in
            try ["MIN", "MAX"].compactMap { function in
                try Int.fetchOne(
                    db, sql: "SELECT \(function)(start) FROM pitwall_totals WHERE span = ?", arguments: [span])
            }
        }
        guard let oldest = starts.min(), let newest = starts.max() else { return nil }
        return oldest...newest
    }

    private func rollups(_ stretch: WindowPlan.Stretch) throws -> RowCursor {
        var sql = "SELECT start, series, histogram FROM pitwall_rollups WHERE span = ? AND start >= ? AND start < ?"
        var arguments: StatementArguments = [stretch.resolution.rawValue, stretch.start, stretch.end]
        if query.route != nil {
            sql += " AND series IN (\(keys.keys.sorted().map(String.init).joined(separator: ",")))"
        }
        if let instance {
            sql += " AND instance = ?"
            arguments += [instance]
        }
        return try Row.fetchCursor(db, sql: sql, arguments: arguments)
    }

    private func totals(_ stretch: WindowPlan.Stretch) throws -> RowCursor {
        var sql =
            "SELECT start, server_errors, histogram FROM pitwall_totals WHERE span = ? AND start >= ? AND start < ?"
        var arguments: StatementArguments = [stretch.resolution.rawValue, stretch.start, stretch.end]
        if let instance {
            sql += " AND instance = ?"
            arguments += [instance]
        }
        return try Row.fetchCursor(db, sql: sql, arguments: arguments)
    }

    /// The names of the series to read, by number.
    private static func seriesKeys(_ route: MetricsQuery.Route?, _ db: Database) throws -> [Int: SeriesKey] {
        var sql = "SELECT id, route, method, status, surface FROM pitwall_series"
        var arguments: StatementArguments = []
        if let route {
            sql += " WHERE route = ? AND method = ?"
            arguments = [route.route, route.method]
        }
        var keys: [Int: SeriesKey] = [:]
        let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
        while let row = try rows.next() {
            guard let number: Int = row.stored(0), let route: String = row.stored(1),
                let method: String = row.stored(2),
                let status: Int = row.stored(3)
            else { continue }
            let surface = Surface(rawValue: UInt8(clamping: row.stored(4) as Int? ?? 0)) ?? .service
            keys[number] = SeriesKey(route: route, method: method, status: status, surface: surface)
        }
        return keys
    }

    private mutating func readInstances() throws {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT name, last_sequence, last_seen FROM pitwall_instances ORDER BY last_seen DESC LIMIT ?",
            arguments: [WindowAssembly.instances])
        while let row = try rows.next() {
            guard let name: String = row.stored(0) else { continue }
            assembly.addInstance(name, sequence: row.stored(1) ?? 0, lastSeen: row.stored(2) ?? 0)
        }
    }
}
