import Foundation
import LatencyHistogram
import RequestMetrics

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A process of its own for tests that need one: to kill it, to limit it, to share a file with it.
///
///     MetricsFixture migrate FILE
///     MetricsFixture write FILE BATCHES REQUESTS   prints "confirmed N" after each batch
///     MetricsFixture full FILE BYTES               fills a file of limited size, lifts the limit, writes what waited
@main
struct MetricsFixture {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count >= 2 else { exit(64) }
        let numbers = arguments.dropFirst(2).compactMap { Int($0) }
        let store = SQLiteStore(path: arguments[arguments.startIndex + 1], busyTimeout: 20)
        do {
            switch arguments.first {
            case "migrate": try await store.migrate()
            case "write": try await write(to: store, batches: numbers[0], requests: numbers[1])
            case "full": try await fill(store, limit: numbers[0])
            default: exit(64)
            }
            try await store.close()
        } catch {
            say("\(error)")
            exit(69)
        }
    }

    private static func write(to store: SQLiteStore, batches: Int, requests: Int) async throws {
        let instance = InstanceName.make()
        for sequence in 1...batches {
            try await store.write(batch(instance, UInt64(sequence), requests: requests))
            say("confirmed \(sequence)")
        }
    }

    private static func fill(_ store: SQLiteStore, limit: Int) async throws {
        try await store.migrate()
        // A write beyond the limit then fails with an error rather than a signal.
        signal(SIGXFSZ, SIG_IGN)
        var limits = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
        let lifted = limits
        limits.rlim_cur = rlim_t(limit)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
        var sequence: UInt64 = 1
        let instance = InstanceName.make()
        do {
            while true {
                try await store.write(batch(instance, sequence, requests: 1000))
                sequence += 1
            }
        } catch let error as MetricsStoreError {
            say("\(error.code)")
        }
        var again = lifted
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &again)
        try await store.write(batch(instance, sequence, requests: 1000))
        say("confirmed \(sequence)")
    }

    /// A batch of `requests` requests now, a tenth of them as rows.
    private static func batch(_ instance: String, _ sequence: UInt64, requests: Int) -> MetricsBatch {
        let now = Date()
        var histogram = LatencyHistogram()
        for request in 0..<requests { histogram.record(UInt64(1_000_000 + request * 1000)) }
        let rows = (0..<requests / 10).map { number in
            RequestRow(
                path: "/permits/{id}", method: "GET", statusCode: 200, durationMilliseconds: Double(number) + 0.5,
                recordedAt: now, weight: 10)
        }
        let key = SeriesKey(route: "/permits/{id}", method: "GET", status: 200)
        let delta = SeriesDelta(key: key, start: Resolution.minute.start(of: now), histogram: histogram)
        return MetricsBatch(instance: instance, sequence: sequence, interval: now..<now, series: [delta], rows: rows)
    }

    /// At once, so that whoever reads knows what was confirmed before a kill.
    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
