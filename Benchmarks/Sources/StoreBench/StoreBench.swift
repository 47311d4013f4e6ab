import Foundation
import GRDB
import LatencyHistogram
import RequestMetrics

/// A day of a service with sixty routes, kept as rolled-up histograms and as raw rows: what each takes, and how long the
/// dashboard's question of the day takes to answer from each.
///
///     StoreBench [REQUESTS]     default 10,000,000; needs about 130 bytes of disk a request
@main
struct StoreBench {
    static let routes = (0..<60).map { "/api/v1/resource-\($0)/{id}" }
    static let start = Date(timeIntervalSince1970: 1_767_225_600)
    static let minutes = 1440

    static func main() async throws {
        let requests = Int(CommandLine.arguments.dropFirst().first ?? "") ?? 10_000_000
        let folder = NSTemporaryDirectory() + "pitwall-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }

        let store = SQLiteStore(path: folder + "/rollups.sqlite")
        for minute in 0..<minutes { try await store.write(batch(minute, of: requests)) }
        let rolledUp = try await seconds {
            _ = try await store.read(
                MetricsQuery(interval: start..<start.addingTimeInterval(86400), slot: 900))
        }
        let raw = try DatabaseQueue(path: folder + "/raw.sqlite")
        try await fill(raw, requests)
        let plain = try await seconds { try await raw.read { _ = try Row.fetchAll($0, sql: question) } }
        try await store.close()
        try raw.close()

        let millions = Double(requests) / 1_000_000
        let small = bytes(folder + "/rollups.sqlite")
        let large = bytes(folder + "/raw.sqlite")
        print("requests                      \(requests)")
        print("24 h from rollups             \(format(rolledUp * 1000)) ms")
        print("24 h from raw rows            \(format(plain * 1000)) ms, \(format(plain / rolledUp)) times as long")
        print("rollups, bytes a million      \(format(small / millions)), bytes a day \(format(small))")
        print("raw rows, bytes a million     \(format(large / millions)), \(format(large / small)) times as many")
    }

    /// What `/admin/perf` asks, in plain SQL: count, mean, p50, p95 and p99 of each route.
    static let question = """
        SELECT path, count(*), avg(duration_ms), max(CASE WHEN place <= 0.50 THEN duration_ms END),
            max(CASE WHEN place <= 0.95 THEN duration_ms END), max(CASE WHEN place <= 0.99 THEN duration_ms END)
        FROM (SELECT path, duration_ms, percent_rank() OVER (PARTITION BY path ORDER BY duration_ms) AS place
            FROM request_metrics WHERE recorded_at >= '2026-01-01')
        GROUP BY path
        """

    /// One minute's share, spread over the routes; durations are log-normal around 5 ms.
    static func batch(_ minute: Int, of requests: Int) -> MetricsBatch {
        var random = SystemRandomNumberGenerator()
        let at = start.addingTimeInterval(Double(minute) * 60)
        let first = requests * minute / minutes
        let last = requests * (minute + 1) / minutes
        var histograms = Array(repeating: LatencyHistogram(), count: routes.count)
        for request in first..<last {
            let radius = (-2 * log(Double.random(in: 1e-12..<1, using: &random))).squareRoot()
            let normal = radius * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
            histograms[request % routes.count].record(UInt64(5e6 * exp(0.7 * normal)))
        }
        let deltas = zip(routes, histograms).filter { $0.1.count > 0 }.map { route, histogram in
            SeriesDelta(
                key: SeriesKey(route: route, method: "GET", status: 200), start: at, histogram: histogram)
        }
        return MetricsBatch(
            instance: "bench", sequence: UInt64(minute + 1), interval: at..<at.addingTimeInterval(59), series: deltas)
    }

    /// The same number of rows in the contract's table, made inside SQLite.
    static func fill(_ queue: DatabaseQueue, _ requests: Int) async throws {
        try await queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE request_metrics (
                        id INTEGER PRIMARY KEY, path TEXT NOT NULL, method TEXT NOT NULL DEFAULT 'GET',
                        status_code INTEGER, duration_ms FLOAT NOT NULL, recorded_at TIMESTAMP);
                    CREATE INDEX idx_reqmetrics_path_ts ON request_metrics (path, recorded_at);
                    """)
            try db.execute(
                sql: """
                    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
                    INSERT INTO request_metrics (path, method, status_code, duration_ms, recorded_at)
                    SELECT '/api/v1/resource-' || (i % 60) || '/{id}', 'GET', 200, 5 * exp((random() % 1000000) / 1e6),
                        strftime('%Y-%m-%d %H:%M:%f', 1767225600 + i * 86400.0 / ?1, 'unixepoch')
                    FROM n
                    """,
                arguments: [requests])
        }
    }

    /// The best of three.
    static func seconds(_ body: @Sendable () async throws -> Void) async throws -> Double {
        var best = Double.infinity
        for _ in 0..<3 {
            let start = ContinuousClock.now
            try await body()
            best = min(best, (ContinuousClock.now - start) / .seconds(1))
        }
        return best
    }

    static func bytes(_ path: String) -> Double {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
    }

    static func format(_ value: Double) -> String {
        value >= 100 ? String(Int(value.rounded())) : String(format: "%.1f", value)
    }
}
