import Foundation
import RequestMetrics

/// Reads `request_metrics`, whoever filled it.
struct RowReader {
    let connection: DuckDBConnection
    let interval: Range<Date>
    let route: MetricsQuery.Route?
    let sampling: SamplingRule

    /// The slowest rows, slowest first.
    func slowest(_ limit: Int) throws -> [RequestRow] {
        var rows: [RequestRow] = []
        try forEachRow(suffix: "ORDER BY duration_ms DESC, id DESC LIMIT \(max(limit, 0))") { rows.append($0) }
        return rows
    }

    /// A window made of rows alone, each counted by its weight.
    func estimate(_ query: MetricsQuery) throws -> MetricsWindow {
        var estimate = RowEstimate(over: interval, slot: query.slot)
        try forEachRow(suffix: "") { estimate.add($0) }
        return estimate.window
    }

    private func forEachRow(suffix: String, _ body: (RequestRow) -> Void) throws {
        var sql = """
            SELECT path, method, status_code, duration_ms, recorded_at FROM request_metrics
            WHERE recorded_at >= ? AND recorded_at < ? AND duration_ms >= 0 AND isfinite(duration_ms)
            """
        var values: [DuckDBValue] = [.time(interval.lowerBound), .time(interval.upperBound)]
        if let route {
            sql += " AND path = ? AND method = ?"
            values += [.text(route.route), .text(route.method)]
        }
        try connection.forEachRow(of: sql + " " + suffix, values) { row in
            guard let path = row.text(0), let milliseconds = row.real(3), let date = row.time(4) else { return }
            body(
                RequestRow(
                    path: path, method: row.text(1) ?? "GET",
                    statusCode: row.integer(2).flatMap { (100...599).contains($0) ? $0 : nil },
                    durationMilliseconds: milliseconds, recordedAt: date,
                    weight: sampling.weight(ofMilliseconds: milliseconds)))
        }
    }
}
