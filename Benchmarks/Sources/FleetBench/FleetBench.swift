import Foundation
import LatencyHistogram
import PerfDashboard
import PostgresMetrics
import PostgresPool
import RequestMetrics

/// Measures the fleet's store on a server that is running: `FleetBench postgres://…`. Prints one figure a line, in milliseconds.
@main
struct FleetBench {
    static func main() async throws {
        guard CommandLine.arguments.count == 2 else {
            print("usage: FleetBench postgres://…")
            exit(64)
        }
        let configuration = PostgresPoolConfiguration(connectionString: CommandLine.arguments[1])
        try await PostgresPool.withPool(configuration) { pool in
            let bench = FleetBench(pool: pool)
            try await bench.drains()
            try await bench.dashboard()
        }
    }

    let pool: PostgresPool
    /// A full hour of the past.
    private let end = Date(timeIntervalSince1970: 1_767_268_800)

    /// What one drain of a busy service costs: 1,000 routes, each with requests since the last, and 100 examples.
    private func drains() async throws {
        let store = try await emptyStore()
        var times: [Double] = []
        for sequence in 1...20 {
            let at = end.addingTimeInterval(Double(sequence) * 10)
            let series = (0..<1_000).map { delta(route: $0, of: 50, at: at) }
            let rows = (0..<100).map { row in
                RequestRow(
                    path: path(row), method: "GET", statusCode: 200, durationMilliseconds: 250, recordedAt: at,
                    weight: 1)
            }
            let batch = MetricsBatch(
                instance: "bench", sequence: UInt64(sequence), interval: at.addingTimeInterval(-10)..<at,
                series: series, rows: rows)
            times.append(try await milliseconds { try await store.write(batch) })
        }
        // The first one meets every series for the first time.
        print("drain first\t\(times[0])")
        for time in times.dropFirst() { print("drain next\t\(time)") }
    }

    /// A day of two instances, 60 routes, 10 million requests in all, read as the dashboard reads it.
    private func dashboard() async throws {
        let store = try await emptyStore()
        // 10 million over 2 instances, 60 routes and the minutes of a day: 57.9 each.
        let perSlot: UInt64 = 57
        for minute in 0..<(24 * 60) {
            let at = end.addingTimeInterval(Double(minute) * 60 + 59)
            for instance in ["web-1", "web-2"] {
                let series = (0..<60).map { delta(route: $0, of: perSlot + ($0 < 52 ? 1 : 0), at: at) }
                try await store.write(
                    MetricsBatch(
                        instance: instance, sequence: UInt64(minute + 1), interval: at.addingTimeInterval(-60)..<at,
                        series: series))
            }
        }
        let now = end.addingTimeInterval(24 * 3600 - 1)
        let report = try await PerfReport.read(window: .day, from: store, at: now)
        guard report.totals.requests > 9_900_000 else {
            print("only \(report.totals.requests) requests were stored")
            exit(1)
        }
        for (name, instance, window) in [
            ("day fleet", nil, PerfWindow.day), ("day one", "web-1", .day), ("hour fleet", nil, .hour),
        ] {
            for _ in 0..<9 {
                let time = try await milliseconds {
                    _ = try await PerfReport.read(window: window, instance: instance, from: store, at: now)
                }
                print("dashboard \(name)\t\(time)")
            }
        }
    }

    private func emptyStore() async throws -> PostgresStore {
        let store = PostgresStore(pool: pool)
        try await store.migrate()
        try await pool.query(
            """
            TRUNCATE request_metrics, pitwall_series, pitwall_instances, pitwall_rollups, pitwall_totals,
                pitwall_unsettled, pitwall_marks
            """
        )
        return store
    }

    private func delta(route: Int, of count: UInt64, at: Date) -> SeriesDelta {
        var histogram = LatencyHistogram()
        let center = log(1e6 * (1 + Double(route % 12) * 4))
        for _ in 0..<count {
            let normal =
                (-2 * log(Double.random(in: 0x1p-53...1))).squareRoot() * cos(2 * .pi * Double.random(in: 0..<1))
            histogram.record(UInt64(exp(center + 0.6 * normal)))
        }
        let key = SeriesKey(route: path(route), method: "GET", status: 200)
        return SeriesDelta(key: key, start: Resolution.minute.start(of: at), histogram: histogram)
    }

    private func path(_ route: Int) -> String { "/resource-\(route)/{id}" }

    private func milliseconds(_ body: () async throws -> Void) async throws -> Double {
        try await ContinuousClock().measure { try await body() } / .milliseconds(1)
    }
}
