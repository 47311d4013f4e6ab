import Foundation
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
        var estimate = RowEstimate(over: interval, slot: query.slot)
        for try await stored in connection.stream(selection) { estimate.add(try row(stored)) }
        return estimate.window
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
