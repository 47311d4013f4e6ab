import Foundation
import LatencyHistogram
import PostgresPool
import RequestMetrics

/// Reads one window, inside one snapshot of the database.
///
/// Hours are read where they are complete and settled, minutes at the edges and where hours are not ready.
struct WindowReader {
    private let connection: PostgresConnection
    private let query: MetricsQuery
    private var window: MetricsWindow
    private let floor: Int
    private let unsettled: Set<Int>
    private let instance: Int32?
    private let keys: [Int32: SeriesKey]

    /// A stretch of time to read at one resolution.
    private struct Stretch {
        let resolution: Resolution
        let start: Int
        var end: Int
    }

    init(_ query: MetricsQuery, from connection: PostgresConnection) async throws {
        self.connection = connection
        self.query = query
        window = MetricsWindow(interval: query.interval)
        floor = try await connection.minuteFloor
        unsettled = Set(
            try await connection.query("SELECT hour FROM pitwall_unsettled").map { try $0.decode(Int.self) })
        if let name = query.instance {
            // An instance without a number has no data: 0 is that of hours, which no minute carries.
            instance =
                try await connection.query("SELECT id FROM pitwall_instances WHERE name = \(name)")
                .first?.decode(Int32.self) ?? 0
        } else {
            instance = nil
        }
        keys = try await Self.seriesKeys(query.route, connection)
    }

    mutating func read() async throws -> MetricsWindow {
        let stretches = try await stretches()
        let start = min(stretches.first?.start ?? .max, minuteRange.lowerBound)
        window.interval = Date(wholeSeconds: start)..<Date(wholeSeconds: max(minuteRange.upperBound, start))
        window.timeline = MetricsWindow.emptySlots(over: window.interval, length: query.slot)
        let fine = query.slot < Resolution.hour.seconds ? fineStretches(stretches) : stretches
        try await readSeries(stretches)
        try await readTotals(fine)
        if query.route != nil { try await readTimelineOfRoute(fine) }
        window.applied = try await appliedSequences()
        return window
    }

    // MARK: - Which stretches

    /// The asked interval in full minutes.
    private var minuteRange: Range<Int> {
        let start = query.interval.lowerBound.wholeSeconds
        let first = start - (start % 60 + 60) % 60
        let end = (query.interval.upperBound.timeIntervalSince1970 / 60).rounded(.up) * 60
        return first..<max(first, Int(exactly: end) ?? first)
    }

    /// The asked interval as stretches in order, neighbours of one resolution joined.
    private func stretches() async throws -> [Stretch] {
        // Only hours that hold anything are stepped through, however long the window is.
        let (oldest, newest) = try await connection.query("SELECT min(start), max(start) FROM pitwall_totals")[0]
            .decode(Int?.self, Int?.self)
        guard let oldest, let newest else { return [] }
        let range = minuteRange
        var stretches: [Stretch] = []
        var hour = max(range.lowerBound - range.lowerBound % 3600, oldest - oldest % 3600)
        while hour < range.upperBound, hour <= newest {
            let next = hour + 3600
            let isWhole = hour >= range.lowerBound && next <= range.upperBound
            let usesHour = hour < floor || (isWhole && !unsettled.contains(hour) && instance == nil)
            let stretch =
                usesHour
                ? Stretch(resolution: .hour, start: hour, end: next)
                : Stretch(resolution: .minute, start: max(hour, range.lowerBound), end: min(next, range.upperBound))
            if let last = stretches.last, last.resolution == stretch.resolution, last.end == stretch.start {
                stretches[stretches.count - 1].end = stretch.end
            } else {
                stretches.append(stretch)
            }
            hour = next
        }
        return stretches
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

    private mutating func readSeries(_ stretches: [Stretch]) async throws {
        for row in try await rollups(stretches) {
            let (_, number, bytes) = try row.decode(Int.self, Int32.self, Data.self)
            guard let key = keys[number], let histogram = histogram(bytes) else { continue }
            window.series[key, default: LatencyHistogram(scale: histogram.scale)].merge(histogram)
        }
    }

    private mutating func readTotals(_ stretches: [Stretch]) async throws {
        let totals = try await connection.query(
            """
            SELECT start, server_errors, histogram FROM \(stretched(stretches)) JOIN pitwall_totals r
            ON r.span = s.span AND r.start >= s.first AND r.start < s.past
            WHERE \(instance)::int IS NULL OR instance = \(instance)
            """
        )
        for row in totals {
            let (start, errors, bytes) = try row.decode(Int.self, Int.self, Data.self)
            guard let slot = window.slot(of: Date(wholeSeconds: start)) else { continue }
            window.timeline[slot].isAlive = true
            guard query.route == nil, let histogram = histogram(bytes) else { continue }
            window.timeline[slot].histogram.merge(histogram)
            window.timeline[slot].serverErrors &+= UInt64(clamping: errors)
        }
    }

    private mutating func readTimelineOfRoute(_ stretches: [Stretch]) async throws {
        for row in try await rollups(stretches) {
            let (start, number, bytes) = try row.decode(Int.self, Int32.self, Data.self)
            guard let slot = window.slot(of: Date(wholeSeconds: start)), let key = keys[number],
                key.surface == .service, let histogram = histogram(bytes)
            else { continue }
            window.timeline[slot].histogram.merge(histogram)
            if key.isServerError { window.timeline[slot].serverErrors &+= histogram.count }
        }
    }

    private mutating func histogram(_ bytes: Data) -> LatencyHistogram? {
        let histogram = LatencyHistogram(stored: bytes)
        if histogram == nil { window.unreadable += 1 }
        return histogram
    }

    private func rollups(_ stretches: [Stretch]) async throws -> PostgresResult {
        let series = query.route == nil ? nil : Array(keys.keys)
        return try await connection.query(
            """
            SELECT start, series, histogram FROM \(stretched(stretches)) JOIN pitwall_rollups r
            ON r.span = s.span AND r.start >= s.first AND r.start < s.past
            WHERE (\(series)::int[] IS NULL OR series = ANY(\(series)))
                AND (\(instance)::int IS NULL OR instance = \(instance))
            """
        )
    }

    /// The stretches as a table `s`.
    private func stretched(_ stretches: [Stretch]) -> PostgresQuery {
        """
        unnest(\(stretches.map { Int32($0.resolution.rawValue) }), \(stretches.map(\.start)), \(stretches.map(\.end)))
            AS s (span, first, past)
        """
    }

    /// The names of the series to read, by number.
    private static func seriesKeys(
        _ route: MetricsQuery.Route?, _ connection: PostgresConnection
    ) async throws -> [Int32: SeriesKey] {
        let rows = try await connection.query(
            """
            SELECT id, route, method, status, surface FROM pitwall_series
            WHERE \(route?.route)::text IS NULL OR (route = \(route?.route) AND method = \(route?.method))
            """
        )
        var keys: [Int32: SeriesKey] = [:]
        for row in rows {
            let (id, route, method, status, surface) = try row.decode(
                Int32.self, String.self, String.self, Int.self, Int.self
            )
            keys[id] = SeriesKey(
                route: route, method: method, status: status,
                surface: Surface(rawValue: UInt8(clamping: surface)) ?? .service
            )
        }
        return keys
    }

    /// The last sequence of each instance that was alive lately enough to have a batch in flight.
    private func appliedSequences() async throws -> [String: UInt64] {
        let rows = try await connection.query(
            "SELECT name, last_sequence FROM pitwall_instances ORDER BY last_seen DESC LIMIT 1000"
        )
        var sequences: [String: UInt64] = [:]
        for row in rows {
            let (name, sequence) = try row.decode(String.self, Int.self)
            sequences[name] = UInt64(clamping: sequence)
        }
        return sequences
    }
}
