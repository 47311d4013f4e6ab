import Foundation
import GRDB
import LatencyHistogram
import Testing

@testable import RequestMetrics

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

    @Test func missingTablesAreNamed() async throws {
        try await store.migrate()
        try await sql { db in try db.execute(sql: "DROP TABLE request_metrics; DROP TABLE pitwall_totals") }
        #expect(try await store.missingTables() == ["request_metrics", "pitwall_totals"])
    }

    @Test func whatIsWrittenIsRead() async throws {
        try await store.write(.sample(1, at: .noon(10), [.permit: 3, .search: 4]))
        try await store.write(.sample(2, at: .noon(70), [.permit: 5, .broken: 2], rows: [.sample(at: .noon(65))]))
        let window = try await store.read(.hours(0...1, slot: 60))
        #expect(window.counts == [.permit: 8, .search: 4, .broken: 2])
        #expect(window.total.count == 14)
        #expect(window.serverErrors == 2)
        #expect(window.isEstimated == false)
        #expect(window.timeline.count == 60)
        #expect(window.timeline.prefix(3).map(\.histogram.count) == [7, 7, 0])
        #expect(window.timeline.prefix(3).map(\.serverErrors) == [0, 2, 0])
        #expect(window.timeline.prefix(3).map(\.isAlive) == [true, true, false])
        #expect(try await store.examples(in: noon..<(.noon(100)), route: nil, limit: 9) == [.sample(at: .noon(65))])
    }

    @Test func aBatchWrittenTwiceCountsOnce() async throws {
        let batch = MetricsBatch.sample(1, at: .noon(10), [.permit: 3], rows: [.sample()])
        try await store.write(batch)
        try await store.write(batch)
        try await store.write(.sample(2, at: .noon(20), [.permit: 1]))
        try await store.write(batch)
        #expect(try await store.read(.hours(0...1)).counts == [.permit: 4])
        #expect(try await store.examples(in: .distantPast..<(.distantFuture), route: nil, limit: 9).count == 1)
    }

    @Test func hoursHoldWhatTheirMinutesDidHoweverOftenTheyAreSettled() async throws {
        for minute in 0..<150 {
            try await store.write(
                .sample(UInt64(minute + 1), at: .noon(Double(minute) * 60 + 10), [.permit: 2, .broken: 1]))
        }
        let before = try await store.read(.hours(0...2, slot: 3600))
        try await store.write(.sample(151, at: .noon(3 * 3600 + 60)))
        let settled = try await store.read(.hours(0...2, slot: 3600))
        #expect(settled.counts == before.counts)
        #expect(settled.counts == [.permit: 240, .broken: 120])
        #expect(settled.timeline.map(\.histogram.count) == [180, 180])
        #expect(settled.timeline.map(\.serverErrors) == [60, 60])
        let hourRows = try await sql { db in
            try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM pitwall_rollups WHERE span = 3600")
        }
        #expect(hourRows == 6)
        let again = try await sql { db in
            try db.execute(
                sql: "INSERT INTO pitwall_unsettled SELECT DISTINCT start FROM pitwall_totals WHERE span = 3600")
            try HourSettlement.settle(db, now: .noon(86400))
            return try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM pitwall_rollups WHERE span = 3600")
        }
        #expect(again == 6)
        #expect(try await store.read(.hours(0...2, slot: 3600)).counts == before.counts)
    }

    @Test func aLateBatchIsInTheHourThatWasSettledBefore() async throws {
        try await store.write(.sample(1, at: .noon(10), [.permit: 1]))
        try await store.write(.sample(2, at: .noon(2 * 3600)))
        try await store.write(.sample(1, at: .noon(70), instance: "late", [.permit: 5]))
        #expect(try await store.read(.hours(0...1)).counts == [.permit: 6])
        try await store.write(.sample(3, at: .noon(2 * 3600 + 60)))
        #expect(try await store.read(.hours(0...1)).counts == [.permit: 6])
    }

    @Test func partsOfHoursAreReadFromMinutes() async throws {
        for minute in 0..<180 {
            try await store.write(.sample(UInt64(minute + 1), at: .noon(Double(minute) * 60 + 10), [.permit: 1]))
        }
        try await store.write(.sample(181, at: .noon(5 * 3600)))
        let window = try await store.read(.hours(0.5...2.25, slot: 900))
        #expect(window.counts == [.permit: 105])
        #expect(window.timeline.map(\.histogram.count) == Array(repeating: 15, count: 7))
    }

    @Test func oneRouteAndOneInstanceCanBeAskedFor() async throws {
        try await store.write(.sample(1, at: .noon(10), instance: "a", [.permit: 1, .search: 2]))
        try await store.write(.sample(1, at: .noon(20), instance: "b", [.search: 4, .broken: 8]))
        var query = MetricsQuery.hours(0...1)
        query.route = .init("/search", method: "GET")
        let route = try await store.read(query)
        #expect(route.counts == [.search: 6, .broken: 8])
        #expect(route.timelineCount == 14)
        #expect(route.timeline[0].serverErrors == 8)
        query.instance = "b"
        #expect(try await store.read(query).counts == [.search: 4, .broken: 8])
        query.route = nil
        query.instance = "a"
        let instance = try await store.read(query)
        #expect(instance.counts == [.permit: 1, .search: 2])
        #expect(instance.timelineCount == 3)
        query.instance = "nobody"
        #expect(try await store.read(query).counts == [:])
    }

    @Test func theDashboardsRequestsAreInNoTotal() async throws {
        var dashboard = SeriesKey.permit
        dashboard.surface = .dashboard
        try await store.write(.sample(1, at: .noon(10), [.permit: 1, dashboard: 9]))
        let window = try await store.read(.hours(0...1))
        #expect(window.counts == [.permit: 1, dashboard: 9])
        #expect(window.total.count == 1)
        #expect(window.timelineCount == 1)
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

    @Test func marksAreKeptAndARestartAddsNone() async throws {
        try await store.addMark(ReleaseMark(name: " 1.4.1\nbeta ", at: noon))
        try await store.addMark(ReleaseMark(name: "1.4.1 beta", at: .noon(5)), unlessLatest: true)
        try await store.addMark(ReleaseMark(name: "1.4.2", at: .noon(10)), unlessLatest: true)
        let marks = try await store.read(.hours(0...1)).marks
        #expect(marks == [ReleaseMark(name: "1.4.1 beta", at: noon), ReleaseMark(name: "1.4.2", at: .noon(10))])
        await #expect(throws: MetricsStoreError.self) { try await store.addMark(ReleaseMark(name: " \n", at: noon)) }
    }

    @Test func damagedHistogramsAreSkippedAndCounted() async throws {
        try await store.write(.sample(1, at: .noon(10), [.permit: 3, .search: 4]))
        try await sql { db in
            try db.execute(
                sql: """
                    UPDATE pitwall_rollups SET histogram = x'ff00ff' WHERE series =
                        (SELECT id FROM pitwall_series WHERE route = '/search')
                    """)
        }
        let window = try await store.read(.hours(0...1))
        #expect(window.counts == [.permit: 3])
        #expect(window.unreadable == 1)
        try await store.write(.sample(2, at: .noon(20), [.search: 1]))
        #expect(try await store.read(.hours(0...1)).counts == [.permit: 3, .search: 1])
    }

    @Test func statisticsTellSizeAndReach() async throws {
        for hour in 0..<3 {
            try await store.write(
                .sample(
                    UInt64(hour + 1), at: .noon(Double(hour) * 3600 + 10), [.permit: 3],
                    rows: [.sample(at: .noon(Double(hour) * 3600))]))
        }
        let statistics = try await store.statistics()
        #expect(statistics.bytes > 4096)
        #expect(statistics.budget == 100_000_000)
        #expect(statistics.reach == MetricsReach(minutes: noon, hours: noon, rows: noon))
        let perDay = try #require(statistics.bytesPerDay)
        #expect(perDay > 24 * 100 && perDay < 24 * 1000)
    }

    @Test func windowsOfAnyLengthAreRead() async throws {
        try await store.write(.sample(1, at: .noon(10), [.permit: 3]))
        let ever = MetricsQuery(interval: .distantPast..<(.distantFuture), slot: 86400)
        #expect(try await store.read(ever).counts == [.permit: 3])
        let empty = MetricsQuery(interval: noon..<noon, slot: 0)
        #expect(try await store.read(empty).counts == [:])
        let last = MetricsQuery(last: 900, until: .noon(30), slot: 60)
        #expect(last.interval == .noon(-840)..<(.noon(60)))
        #expect(last.previous.interval == .noon(-1740)..<(.noon(-840)))
        #expect(try await store.read(last).counts == [.permit: 3])
        #expect(try await store.read(last.previous).counts == [:])
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
