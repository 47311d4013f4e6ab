import Foundation
import GRDB
import LatencyHistogram
import Testing

@testable import RequestMetrics

/// What only the embedded store lets go; what every store does is in the conformance suite.
@Suite struct RetentionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func store(_ change: (inout RetentionSettings) -> Void = { _ in }) -> SQLiteStore {
        var settings = RetentionSettings()
        change(&settings)
        return SQLiteStore(path: folder.file(), retention: settings)
    }

    private func count(_ sql: String) async throws -> Int {
        let queue = try DatabaseQueue(path: folder.file())
        return try await queue.read { db in try Int.fetchOne(db, sql: sql) ?? 0 }
    }

    @Test func theBudgetWinsOverAgeAndTheFileShrinks() async throws {
        let store = store { $0.budget = 2_000_000 }
        let path = "/a-route-with-a-name-long-enough-to-take-some-space/{id}"
        for part in 0..<12 {
            let at = Date.noon(Double(part) * 600)
            let rows = (0..<4000).map { _ in RequestRow.sample(path, at: at) }
            try await store.write(.sample(UInt64(part + 1), at: at, [.permit: 40_000], rows: rows))
        }
        #expect(StoreFacts.bytes(path: folder.file()) > 4_000_000)
        try await store.trim(now: .noon(2 * 3600))
        let pages = try await count("PRAGMA page_count")
        #expect(pages * 4096 <= 2_000_000, "\(pages) pages")
        #expect(try await count("SELECT COUNT(*) FROM request_metrics") >= 1000)
        // The telling stays: the counts are in the histograms.
        #expect(try await store.read(.hours(0...2)).counts == [.permit: 480_000])
    }

    @Test func theBudgetIsForMetricsAndNotForTheHostsTables() async throws {
        let store = store { $0.budget = 2_000_000 }
        let rows = (0..<2000).map { _ in RequestRow.sample(at: noon) }
        try await store.write(.sample(1, at: noon, [.permit: 7], rows: rows))
        let host = try DatabaseQueue(path: folder.file())
        try await host.write { db in
            try db.execute(sql: "CREATE TABLE orders (id INTEGER PRIMARY KEY, note BLOB)")
            for _ in 0..<600 { try db.execute(sql: "INSERT INTO orders (note) VALUES (randomblob(10000))") }
        }
        #expect(StoreFacts.bytes(path: folder.file()) > 6_000_000)
        try await store.trim(now: .noon(3600))
        #expect(try await count("SELECT COUNT(*) FROM request_metrics") == 2000)
        #expect(try await store.read(.hours(0...1)).counts == [.permit: 7])
    }

    @Test func rowsWithoutAReadableTimeDoNotKeepOthersFromGoing() async throws {
        let store = store()
        try await store.write(.sample(1, at: noon))
        let host = try DatabaseQueue(path: folder.file())
        try await host.write { db in
            for _ in 0..<(RetentionSettings.batch + 10) {
                try db.execute(
                    sql: "INSERT INTO request_metrics (path, duration_ms, recorded_at) VALUES ('/', 1, 'lately')")
            }
        }
        try await store.write(.sample(2, at: noon, rows: [.sample(at: noon)]))
        try await store.trim(now: .noon(86400 * 8))
        #expect(try await count("SELECT COUNT(*) FROM request_metrics WHERE recorded_at <> 'lately'") == 0)
    }

    @Test func namesOfRoutesThatAreGoneGoWithTheirHours() async throws {
        let store = store()
        let old = SeriesKey(route: "/old", method: "GET", status: 200)
        try await store.write(.sample(1, at: noon, [old: 1]))
        try await store.write(.sample(2, at: .noon(86400 * 91), [.permit: 1]))
        try await store.trim(now: .noon(86400 * 91))
        #expect(try await count("SELECT COUNT(*) FROM pitwall_series") == 1)
        #expect(try await store.read(.hours(Double(24 * 91 - 1)...Double(24 * 91 + 1))).counts == [.permit: 1])
    }

    @Test func theBudgetTakesMinutesAndThenHoursWhenRowsAreNotEnough() async throws {
        let store = store { $0.budget = 1_000_000 }
        for hour in 0..<30 {
            var batch = MetricsBatch.sample(UInt64(hour + 1), at: .noon(Double(hour) * 3600 + 60))
            batch.series = (0..<300).map { route in
                var histogram = LatencyHistogram()
                for value in 0..<60 { histogram.record(UInt64(1_000_000 * (value + route + 1))) }
                let key = SeriesKey(route: "/route/\(route)", method: "GET", status: 200)
                return SeriesDelta(key: key, start: .noon(Double(hour) * 3600), histogram: histogram)
            }
            try await store.write(batch)
        }
        for _ in 0..<5 { try await store.trim(now: .noon(30 * 3600)) }
        let pages = try await count("PRAGMA page_count")
        #expect(pages * 4096 <= 1_000_000, "\(pages) pages")
        let oldest = try await count("SELECT MIN(start) FROM pitwall_totals WHERE span = 60")
        #expect(oldest > noon.storedSeconds)
        #expect(try await store.read(.hours(28...30)).counts.count == 300)
    }

    @Test func aLeapOfTheClockDeletesNothing() {
        var watch = ClockWatch()
        let second: UInt64 = 1_000_000_000
        func steady(_ date: Date, _ nanoseconds: UInt64) -> Bool { watch.isSteady(date, at: nanoseconds) }
        #expect(steady(noon, 0) == true)
        #expect(steady(.noon(60), 60 * second) == true)
        #expect(steady(.noon(86400 * 365), 120 * second) == false)
        #expect(steady(.noon(86400 * 365 + 60), 180 * second) == false)
        #expect(steady(.noon(240), 240 * second) == false)
        #expect(steady(.noon(240 + 3600), 3840 * second) == true)
    }
}
