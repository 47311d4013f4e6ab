import Foundation
import GRDB
import LatencyHistogram
import Testing

@testable import RequestMetrics

/// What only the embedded store does; what every store promises is in the conformance suite.
@Suite struct SQLiteStoreTests {
    private let folder: TemporaryFolder
    private let store: SQLiteStore

    init() throws {
        folder = try TemporaryFolder()
        store = SQLiteStore(path: folder.file())
    }

    private func sql<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await DatabaseQueue(path: folder.file()).write(body)
    }

    @Test func aNewFileHasTheContractsTable() async throws {
        try await store.migrate()
        try await store.migrate()
        #expect(try await store.missingTables() == [])
        let columns = try await sql { db in try db.columns(in: "request_metrics").map(\.name) }
        #expect(columns == ["id", "path", "method", "status_code", "duration_ms", "recorded_at"])
        let index = try await sql { db in
            try db.indexes(on: "request_metrics").filter { $0.name == "idx_reqmetrics_path_ts" }.first?.columns
        }
        #expect(index == ["path", "recorded_at"])
        try await sql { db in try db.execute(sql: "INSERT INTO request_metrics (path, duration_ms) VALUES ('/x', 3)") }
        let method = try await sql { db in try String.fetchOne(db, sql: "SELECT method FROM request_metrics") }
        #expect(method == "GET")
        #expect(try await store.examples(in: .distantPast..<(.distantFuture), route: nil, limit: 5).count == 1)
    }

    @Test func anHourIsOneRowASeriesHoweverOftenItIsSettled() async throws {
        for minute in 0..<150 {
            try await store.write(
                .sample(UInt64(minute + 1), at: .noon(Double(minute) * 60 + 10), [.permit: 2, .broken: 1]))
        }
        try await store.write(.sample(151, at: .noon(3 * 3600 + 60)))
        let hours = "SELECT COUNT(*) FROM pitwall_rollups WHERE span = 3600"
        #expect(try await sql { try Int.fetchOne($0, sql: hours) } == 6)
        let again = try await sql { db in
            try db.execute(
                sql: "INSERT INTO pitwall_unsettled SELECT DISTINCT start FROM pitwall_totals WHERE span = 3600")
            try HourSettlement.settle(db, now: .noon(86400))
            return try Int.fetchOne(db, sql: hours)
        }
        #expect(again == 6)
    }

    @Test func bytesADayAreKnownFromFullHours() async throws {
        for hour in 0..<3 {
            try await store.write(
                .sample(
                    UInt64(hour + 1), at: .noon(Double(hour) * 3600 + 10), [.permit: 3],
                    rows: [.sample(at: .noon(Double(hour) * 3600))]))
        }
        let perDay = try #require(try await store.statistics().bytesPerDay)
        #expect(perDay > 24 * 100 && perDay < 24 * 1000)
    }

    @Test func theLatestWindowHoldsTheMinuteOfNow() {
        let last = MetricsQuery(last: 900, until: .noon(30), slot: 60)
        #expect(last.interval == .noon(-840)..<(.noon(60)))
        #expect(last.previous.interval == .noon(-1740)..<(.noon(-840)))
    }

    @Test func undrainedCountsAreAddedOnce() async throws {
        let clock = SettableClock(.noon(0))
        let recorder = RequestRecorder(instance: "a", wallClock: { clock.now })
        let query = MetricsQuery.hours(0...1)
        func record() { recorder.record(route: "/search", method: "GET", status: 200, nanoseconds: 1) }
        record()
        clock.advance(10)
        recorder.collect()
        let batch = try #require(recorder.nextBatch())
        record()
        #expect(try await store.readAfterMigration(query, adding: recorder).counts == [.search: 2])
        let pending = recorder.pending()
        // Written between the moment pending counts were taken and the moment the store was read.
        try await store.write(batch)
        #expect(try await store.read(query).adding(pending, for: query).counts == [.search: 2])
        recorder.queue.confirm(batch.sequence, at: clock.now, seconds: 0)
        let window = try await store.read(query, adding: recorder)
        #expect(window.counts == [.search: 2])
        #expect(window.timelineCount == 2)
        #expect(window.timeline[0].isAlive)
    }
}

extension SQLiteStore {
    fileprivate func readAfterMigration(
        _ query: MetricsQuery, adding recorder: RequestRecorder
    ) async throws -> MetricsWindow {
        try await migrate()
        return try await read(query, adding: recorder)
    }
}
