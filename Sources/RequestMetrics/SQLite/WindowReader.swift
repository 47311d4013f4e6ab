import Foundation
import GRDB
import LatencyHistogram

/// Reads one window, inside one snapshot of the file.
///
/// Hours are read where they are complete and settled, minutes at the edges and where hours are not ready: so a day of
/// sixty routes is a few thousand histograms, however many requests they hold.
struct WindowReader {
    let db: Database
    let query: MetricsQuery
    private var window: MetricsWindow
    private let floor: Int
    private let unsettled: Set<Int>
    private let instance: Int?

    /// A stretch of time to read at one resolution.
    struct Stretch: Equatable {
        let resolution: Resolution
        let start: Int
        var end: Int
    }

    init(_ query: MetricsQuery, from db: Database) throws {
        self.db = db
        self.query = query
        floor = try minuteFloor(db)
        unsettled = try Set(Int.fetchAll(db, sql: "SELECT hour FROM pitwall_unsettled"))
        if let name = query.instance {
            // An instance without a number has no data: 0 is that of hours, which no minute carries.
            instance =
                try Int.fetchOne(
                    db, sql: "SELECT id FROM pitwall_instances WHERE name = ?", arguments: [name]) ?? 0
        } else {
            instance = nil
        }
        window = MetricsWindow(interval: query.interval)
    }

    mutating func read() throws -> MetricsWindow {
        let stretches = try stretches()
        let start = min(stretches.first?.start ?? .max, minuteRange.lowerBound)
        let end = max(stretches.last?.end ?? start, minuteRange.upperBound, start)
        window.interval = Date(storedSeconds: start)..<Date(storedSeconds: end)
        window.timeline = MetricsWindow.emptySlots(over: window.interval, length: query.slot)
        try readSeries(stretches)
        try readTotals(query.slot < Resolution.hour.seconds ? fineStretches(stretches) : stretches)
        window.applied = try appliedSequences()
        return window
    }

    // MARK: - Which stretches

    /// The asked interval in full minutes.
    private var minuteRange: Range<Int> {
        let start = query.interval.lowerBound.storedSeconds
        let end = query.interval.upperBound.timeIntervalSince1970.rounded(.up)
        let first = start - (start % 60 + 60) % 60
        let last = Int(exactly: (end / 60).rounded(.up) * 60) ?? first
        return first..<max(first, last)
    }

    /// The asked interval as stretches in order, neighbours of one resolution joined.
    private func stretches() throws -> [Stretch] {
        // Only hours that hold anything are stepped through, however long the window is.
        guard let stored = try storedHours() else { return [] }
        let range = minuteRange
        var stretches: [Stretch] = []
        var hour = max(range.lowerBound - range.lowerBound % 3600, stored.lowerBound)
        while hour < range.upperBound, hour <= stored.upperBound {
            let next = hour + 3600
            let isWhole = hour >= range.lowerBound && next <= range.upperBound
            let usesHour = hour < floor || (isWhole && !unsettled.contains(hour) && instance == nil)
            let stretch =
                usesHour
                ? Stretch(resolution: .hour, start: hour, end: next)
                : Stretch(
                    resolution: .minute, start: max(hour, range.lowerBound), end: min(next, range.upperBound))
            if let last = stretches.last, last.resolution == stretch.resolution, last.end == stretch.start {
                stretches[stretches.count - 1].end = stretch.end
            } else {
                stretches.append(stretch)
            }
            hour = next
        }
        return stretches
    }

    /// The oldest and newest hour with anything in it; nil when there is none.
    private func storedHours() throws -> ClosedRange<Int>? {
        let starts = try [60, 3600].flatMap { span in
            try ["MIN", "MAX"].compactMap { function in
                try Int.fetchOne(
                    db, sql: "SELECT \(function)(start) FROM pitwall_totals WHERE span = ?", arguments: [span])
            }
        }.map { $0 - $0 % 3600 }
        guard let oldest = starts.min(), let newest = starts.max() else { return nil }
        return oldest...newest
    }

    /// The same stretches in minutes wherever minutes are kept.
    private func fineStretches(_ stretches: [Stretch]) -> [Stretch] {
        stretches.flatMap { stretch -> [Stretch] in
            guard stretch.resolution == .hour, stretch.end > floor else { return [stretch] }
            let start = max(stretch.start, floor)
            let coarse = Stretch(resolution: .hour, start: stretch.start, end: start)
            let fine = Stretch(resolution: .minute, start: start, end: stretch.end)
            return coarse.start < coarse.end ? [coarse, fine] : [fine]
        }
    }

    // MARK: - Reading

    private mutating func readSeries(_ stretches: [Stretch]) throws {
        let keys = try seriesKeys()
        var series: [Int: LatencyHistogram] = [:]
        for stretch in stretches {
            let rows = try rollups(stretch, of: keys)
            while let row = try rows.next() {
                guard let histogram = histogram(in: row, at: 2), let number: Int = row.stored(1) else { continue }
                series[number, default: LatencyHistogram(scale: histogram.scale)].merge(histogram)
            }
        }
        for (number, histogram) in series {
            if let key = keys[number] { window.series[key] = histogram }
        }
    }

    /// Fills the timeline: from totals, or from the series of the route asked for.
    private mutating func readTotals(_ stretches: [Stretch]) throws {
        for stretch in stretches {
            let rows = try totals(stretch)
            while let row = try rows.next() {
                guard let start: Int = row.stored(0), let slot = window.slot(of: Date(storedSeconds: start)) else {
                    continue
                }
                window.timeline[slot].isAlive = true
                guard query.route == nil, let histogram = histogram(in: row, at: 2) else { continue }
                window.timeline[slot].histogram.merge(histogram)
                window.timeline[slot].serverErrors &+= UInt64(clamping: row.stored(1) as Int64? ?? 0)
            }
        }
        guard query.route != nil else { return }
        let keys = try seriesKeys().filter { $0.value.surface == .service }
        for stretch in stretches {
            let rows = try rollups(stretch, of: keys)
            while let row = try rows.next() {
                guard let start: Int = row.stored(0), let slot = window.slot(of: Date(storedSeconds: start)),
                    let number: Int = row.stored(1), let key = keys[number],
                    let histogram = histogram(in: row, at: 2)
                else { continue }
                window.timeline[slot].histogram.merge(histogram)
                if key.isServerError { window.timeline[slot].serverErrors &+= histogram.count }
            }
        }
    }

    private mutating func histogram(in row: Row, at index: Int) -> LatencyHistogram? {
        let histogram = LatencyHistogram.stored(in: row, at: index)
        if histogram == nil { window.unreadable += 1 }
        return histogram
    }

    private func rollups(_ stretch: Stretch, of keys: [Int: SeriesKey]) throws -> RowCursor {
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

    private func totals(_ stretch: Stretch) throws -> RowCursor {
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
    private func seriesKeys() throws -> [Int: SeriesKey] {
        var sql = "SELECT id, route, method, status, surface FROM pitwall_series"
        var arguments: StatementArguments = []
        if let route = query.route {
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

    /// The last sequence of each instance that was alive lately enough to have a batch in flight.
    private func appliedSequences() throws -> [String: UInt64] {
        var sequences: [String: UInt64] = [:]
        let rows = try Row.fetchCursor(
            db, sql: "SELECT name, last_sequence FROM pitwall_instances ORDER BY last_seen DESC LIMIT 1000")
        while let row = try rows.next() {
            guard let name: String = row.stored(0) else { continue }
            sequences[name] = UInt64(clamping: row.stored(1) as Int64? ?? 0)
        }
        return sequences
    }
}
