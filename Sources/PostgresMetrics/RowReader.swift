import Foundation
import LatencyHistogram
import PostgresPool
import RequestMetrics

/// Reads `request_metrics`, whoever filled it.
struct RowReader {
    let connection: PostgresConnection
    let interval: Range<Date>
    let route: MetricsQuery.Route?
    let sampling: SamplingRule

    /// The slowest rows, slowest first.
    func slowest(_ limit: Int) async throws -> [RequestRow] {
        let rows = try await connection.query("\(selection) ORDER BY duration_ms DESC, id DESC LIMIT \(max(limit, 0))")
        return try rows.map(row)
    }

    /// A window made of rows alone, each counted by its weight. Rows are streamed: there may be millions.
    func estimate(_ query: MetricsQuery) async throws -> MetricsWindow {
        var window = MetricsWindow(interval: interval)
        window.timeline = MetricsWindow.emptySlots(over: interval, length: query.slot)
        // A weight need not be whole; what is left over counts with the series' next row.
        var remainders: [SeriesKey: Double] = [:]
        for try await stored in connection.stream(selection) {
            let row = try row(stored)
            let weight = row.weight + remainders[row.series, default: 0]
            let count = UInt64(max(weight, 0).rounded(.down))
            remainders[row.series] = weight - Double(count)
            window.series[row.series, default: LatencyHistogram()].record(row.nanoseconds, count: count)
            guard let slot = window.slot(of: row.recordedAt) else { continue }
            window.timeline[slot].histogram.record(row.nanoseconds, count: count)
            window.timeline[slot].isAlive = true
            if row.series.isServerError { window.timeline[slot].serverErrors &+= count }
        }
        // Nothing at all is an exact nothing.
        window.isEstimated = !window.series.isEmpty
        return window
    }

    private var selection: PostgresQuery {
        """
        SELECT path, method, status_code, duration_ms, recorded_at FROM request_metrics
        WHERE recorded_at >= \(interval.lowerBound.storable) AND recorded_at < \(interval.upperBound.storable)
            AND duration_ms >= 0 AND duration_ms < 'infinity'
            AND (\(route?.route)::text IS NULL OR (path = \(route?.route) AND method = \(route?.method)))
        """
    }

    private func row(_ row: PostgresRow) throws -> RequestRow {
        let (path, method, status, milliseconds, date) = try row.decode(
            String.self, String.self, Int?.self, Double.self, Date.self
        )
        return RequestRow(
            path: path, method: method, statusCode: status.flatMap { (100...599).contains($0) ? $0 : nil },
            durationMilliseconds: milliseconds, recordedAt: date,
            weight: sampling.weight(ofMilliseconds: milliseconds)
        )
    }
}

extension Date {
    /// The date, or the nearest one that a `timestamptz` holds: the years 1 to 9999 are enough here.
    var storable: Date {
        min(max(self, Date(timeIntervalSince1970: -62_135_596_800)), Date(timeIntervalSince1970: 253_402_300_799))
    }
}
