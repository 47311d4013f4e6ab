import Foundation
import LatencyComparison
import LatencyHistogram
import RequestMetrics

/// Writes the past of a service into a real store, minute by minute, with latencies whose truth is known.
struct ServiceHistory {
    static let noon = Date(timeIntervalSince1970: 1_767_268_800)

    let store: SQLiteStore
    private let folder: URL
    private var random: SeededGenerator
    private var sequence: UInt64 = 0

    init(seed: UInt64 = 11) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "pitwall-verdict-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = SQLiteStore(path: folder.appending(path: "metrics.sqlite").path)
        random = SeededGenerator(seed: seed)
        try await store.migrate()
    }

    /// Adds minutes of requests around 20 ms, lognormal, times a factor.
    mutating func add(
        _ route: String, minutes: Range<Int>, requests: Int = 300, factor: Double = 1, status: Int = 200,
        surface: Surface = .service
    ) async throws {
        for minute in minutes {
            let start = Self.noon.addingTimeInterval(Double(minute) * 60)
            var histogram = LatencyHistogram()
            for _ in 0..<requests { histogram.record(UInt64(20e6 * factor * exp(normal() * 0.35))) }
            sequence += 1
            let key = SeriesKey(route: route, method: "GET", status: status, surface: surface)
            try await store.write(
                MetricsBatch(
                    instance: "a", sequence: sequence, interval: start..<start.addingTimeInterval(60),
                    series: [SeriesDelta(key: key, start: start, histogram: histogram)]))
        }
    }

    func mark(_ name: String, minute: Double) async throws {
        try await store.addMark(ReleaseMark(name: name, at: Self.noon.addingTimeInterval(minute * 60)))
    }

    func end() async throws {
        try await store.close()
        try FileManager.default.removeItem(at: folder)
    }

    private mutating func normal() -> Double {
        let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &random))).squareRoot()
        return radius * cos(2 * Double.pi * Double.random(in: 0..<1, using: &random))
    }
}
