import Foundation
import GRDB
import LatencyHistogram
import RequestMetrics

/// A day written as `pitwall` stores it, through the same door as a service's drain.
func storeHistograms(_ day: DayOfTraffic, at path: String) async throws -> SQLiteStore {
    let store = SQLiteStore(path: path)
    try await store.migrate()
    var minutes: [(start: Date, series: [SeriesDelta])] = []
    day.forEachMinute { minute, route, durations in
        var histogram = LatencyHistogram()
        for duration in durations { histogram.record(duration) }
        let key = SeriesKey(route: DayOfTraffic.path(route), method: "GET", status: 200)
        if minutes.last?.start != minute { minutes.append((minute, [])) }
        minutes[minutes.count - 1].series.append(SeriesDelta(key: key, start: minute, histogram: histogram))
    }
    for (number, minute) in minutes.enumerated() {
        try await store.write(
            MetricsBatch(
                instance: "bench", sequence: UInt64(number + 1),
                interval: minute.start..<minute.start.addingTimeInterval(60), series: minute.series))
    }
    return store
}

/// The same day as one row a request, in the contract's table and index.
func storeRows(_ day: DayOfTraffic, at path: String) throws -> DatabaseQueue {
    let database = try DatabaseQueue(path: path)
    try database.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000")
        try db.execute(
            sql: """
                CREATE TABLE request_metrics (
                    id INTEGER PRIMARY KEY, path TEXT NOT NULL, method TEXT NOT NULL DEFAULT 'GET', status_code INTEGER,
                    duration_ms FLOAT NOT NULL, recorded_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)
                """)
        try db.inTransaction {
            let insert = try db.makeStatement(
                sql: """
                    INSERT INTO request_metrics (path, status_code, duration_ms, recorded_at)
                    VALUES (?, 200, ?, strftime('%Y-%m-%d %H:%M:%f', ?, 'unixepoch'))
                    """)
            try day.forEachMinute { minute, route, durations in
                let path = DayOfTraffic.path(route)
                for duration in durations {
                    try insert.execute(arguments: [path, Double(duration) / 1e6, minute.timeIntervalSince1970])
                }
            }
            return .commit
        }
        try db.execute(sql: "CREATE INDEX idx_reqmetrics_path_ts ON request_metrics (path, recorded_at)")
    }
    return database
}

/// What the dashboard shows, as one would write it over raw rows: percentiles over all, average and p95 by route, volume.
let plainSQL = """
    WITH ranked AS (
        SELECT path, method, duration_ms,
               row_number() OVER (PARTITION BY path, method ORDER BY duration_ms) AS place,
               count(*) OVER (PARTITION BY path, method) AS requests,
               row_number() OVER (ORDER BY duration_ms) AS overall,
               count(*) OVER () AS total
        FROM request_metrics WHERE recorded_at >= ?)
    SELECT path, method, max(requests), avg(duration_ms),
           min(CASE WHEN place >= requests * 0.95 THEN duration_ms END),
           min(CASE WHEN overall >= total * 0.50 THEN duration_ms END),
           min(CASE WHEN overall >= total * 0.95 THEN duration_ms END),
           min(CASE WHEN overall >= total * 0.99 THEN duration_ms END)
    FROM ranked GROUP BY path, method
    """
