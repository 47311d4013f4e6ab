import Foundation
import GRDB

/// Reads `request_metrics`, whoever filled it.
///
/// Other programs write dates as ISO 8601 with a `T`, as seconds since 1970, or as SQLite's own text; SQLite itself makes
/// one number of all of these. Rows without a usable path, duration (three days at most) or date are passed over.
struct RowReader {
    let db: Database
    let interval: Range<Date>
    let route: MetricsQuery.Route?
    let sampling: SamplingRule

    /// `julianday` with `auto` takes text and numbers alike: <https://www.sqlite.org/lang_datefunc.html>
    private static let day = "julianday(recorded_at, 'auto')"
    private static let julianDayOf1970 = 2_440_587.5

    /// The slowest rows, slowest first.
    func slowest(_ limit: Int) throws -> [RequestRow] {
        try rows(suffix: "ORDER BY duration_ms DESC, id DESC LIMIT \(max(limit, 0))") { cursor in
            var rows: [RequestRow] = []
            while let row = try cursor.next() { rows.append(self.row(row)) }
            return rows
        }
    }

    /// A window made of rows alone, each counted by its weight.
    func estimate(_ query: MetricsQuery) throws -> MetricsWindow {
        var estimate = RowEstimate(over: interval, slot: query.slot)
        guard try db.tableExists("request_metrics") else { return estimate.window }
        try rows(suffix: "") { cursor in
            while let stored = try cursor.next() { estimate.add(row(stored)) }
        }
        return estimate.window
    }

    private func rows<T>(suffix: String, _ body: (RowCursor) throws -> T) throws -> T {
        // Text is compared by its date first, which an index or a plain comparison can do; the exact moment after that.
        var sql = """
            SELECT path, method, status_code, duration_ms, \(Self.day) FROM request_metrics
            WHERE (typeof(recorded_at) <> 'text' OR recorded_at BETWEEN ? AND ?)
                AND \(Self.day) >= ? AND \(Self.day) < ?
                AND typeof(duration_ms) IN ('real', 'integer') AND duration_ms BETWEEN 0 AND 281474976
                AND typeof(path) = 'text'
            """
        var arguments: StatementArguments = [
            dayText(interval.lowerBound.addingTimeInterval(-86400)),
            dayText(interval.upperBound.addingTimeInterval(2 * 86400)),
            julianDay(interval.lowerBound), julianDay(interval.upperBound),
        ]
        if let route {
            sql += " AND path = ? AND method = ?"
            arguments += [route.route, route.method]
        }
        return try body(Row.fetchCursor(db, sql: sql + " " + suffix, arguments: arguments))
    }

    private func row(_ row: Row) -> RequestRow {
        let status = (row[2] as DatabaseValue).storage.value as? Int64
        let milliseconds: Double = row[3]
        let seconds = ((row[4] as Double) - Self.julianDayOf1970) * 86400
        return RequestRow(
            path: row[0], method: (row[1] as DatabaseValue).storage.value as? String ?? "GET",
            statusCode: status.flatMap { (100...599).contains($0) ? Int($0) : nil },
            durationMilliseconds: milliseconds,
            // A Julian day in a double tells moments a twentieth of a millisecond apart.
            recordedAt: Date(timeIntervalSince1970: (seconds * 1000).rounded() / 1000),
            weight: sampling.weight(ofMilliseconds: milliseconds))
    }

    private func julianDay(_ date: Date) -> Double {
        date.timeIntervalSince1970 / 86400 + Self.julianDayOf1970
    }

    private func dayText(_ date: Date) -> String {
        let clamped = min(max(date, Date(timeIntervalSince1970: 0)), Date(timeIntervalSince1970: 253_402_300_799))
        return clamped.formatted(.iso8601.year().month().day())
    }
}
