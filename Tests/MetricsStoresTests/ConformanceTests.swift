import Foundation
import LatencyHistogram
import RequestMetrics
import StoreFixture
import Testing

/// What every store promises, whatever it keeps its counts in: one body over all of them.
@Suite struct ConformanceTests {
    private let noon = Date.noon(0)

    /// Runs the body with a migrated store.
    private func with(
        _ kind: StoreKind, retention: RetentionSettings = RetentionSettings(),
        _ body: @escaping @Sendable (Subject) async throws -> Void
    ) async throws {
        try await Subject.with(kind, retention: retention) { subject in
            try await subject.store.migrate()
            try await body(subject)
        }
    }

    // MARK: Schema

    @Test(arguments: StoreKind.allCases) func theContractsTableIsThere(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            try await subject.store.migrate()
            let missing = try await subject.store.missingTables()
            #expect(missing == [])
            try await subject.sql("INSERT INTO request_metrics (path, duration_ms) VALUES ('/x', 3)")
            let defaults = try await subject.sql(
                "SELECT id || ' ' || method || ' ' || (status_code IS NULL) || ' ' || (recorded_at IS NOT NULL) FROM request_metrics"
            )
            #expect(["1 GET 1 1", "1 GET true true"].contains(defaults))
            let rows = try await subject.store.examples(
                in: Date.now.addingTimeInterval(-600)..<Date.now.addingTimeInterval(600), route: nil, limit: 5)
            #expect(rows.map(\.path) == ["/x"], "recorded now, in UTC")
        }
    }

    @Test(arguments: StoreKind.allCases) func missingTablesAreNamed(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            try await subject.sql("DROP TABLE request_metrics", "DROP TABLE pitwall_totals")
            let missing = try await subject.store.missingTables()
            #expect(missing == ["request_metrics", "pitwall_totals"])
            try await subject.another().migrate()
            let afterwards = try await subject.store.missingTables()
            #expect(afterwards == [])
        }
    }

    @Test(arguments: StoreKind.allCases) func severalMigrateAtOnce(_ kind: StoreKind) async throws {
        try await Subject.with(kind) { subject in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 { group.addTask { try await subject.another().migrate() } }
                try await group.waitForAll()
            }
            let missing = try await subject.store.missingTables()
            #expect(missing == [])
        }
    }

    // MARK: Counting

    @Test(arguments: StoreKind.allCases) func whatIsWrittenIsRead(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            let store = subject.store
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
            #expect(window.applied == ["a": 2])
            let rows = try await store.examples(in: .noon(0)..<(.noon(100)), route: nil, limit: 9)
            #expect(rows == [.sample(at: .noon(65))])
        }
    }

    @Test(arguments: StoreKind.allCases) func aBatchWrittenTwiceCountsOnce(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            let store = subject.store
            let batch = MetricsBatch.sample(1, at: .noon(10), [.permit: 3], rows: [.sample()])
            try await store.write(batch)
            try await store.write(batch)
            try await store.write(.sample(2, at: .noon(20), [.permit: 1]))
            try await store.write(batch)
            let window = try await store.read(.hours(0...1))
            #expect(window.counts == [.permit: 4])
            #expect(window.timelineCount == 4)
            let rows = try await store.examples(in: .distantPast..<(.distantFuture), route: nil, limit: 9)
            #expect(rows.count == 1)
        }
    }

    @Test(arguments: StoreKind.allCases) func instancesWriteAtOnce(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for instance in 0..<6 {
                    group.addTask {
                        let store = subject.another()
                        for sequence in 1...10 {
                            let batch = MetricsBatch.sample(
                                UInt64(sequence), at: .noon(Double(sequence) * 400), instance: "i\(instance)",
                                [.permit: 2, .search: UInt64(instance)])
                            // As the drain does: the same batch until it is known to be written.
                            while await storeError({ try await store.write(batch) })?.code == .locked {}
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await subject.store.write(.sample(11, at: .noon(3 * 3600), instance: "i0"))
            let fleet = try await subject.store.read(.hours(0...2, slot: 3600))
            #expect(fleet.counts == [.permit: 120, .search: 150])
            var query = MetricsQuery.hours(0...2, slot: 3600)
            query.instance = "i3"
            let one = try await subject.store.read(query)
            #expect(one.counts == [.permit: 20, .search: 30])
            #expect(Set(fleet.applied.keys) == Set((0..<6).map { "i\($0)" }))
        }
    }

    @Test(arguments: StoreKind.allCases) func oneRouteAndOneInstanceCanBeAskedFor(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            let store = subject.store
            try await store.write(.sample(1, at: .noon(10), instance: "a", [.permit: 1, .search: 2]))
            try await store.write(.sample(1, at: .noon(20), instance: "b", [.search: 4, .broken: 8]))
            var query = MetricsQuery.hours(0...1)
            query.route = .init("/search", method: "GET")
            let route = try await store.read(query)
            #expect(route.counts == [.search: 6, .broken: 8])
            #expect(route.timelineCount == 14)
            #expect(route.timeline[0].serverErrors == 8)
            query.instance = "b"
            let routeOfB = try await store.read(query)
            #expect(routeOfB.counts == [.search: 4, .broken: 8])
            query.route = nil
            query.instance = "a"
            let instance = try await store.read(query)
            #expect(instance.counts == [.permit: 1, .search: 2])
            #expect(instance.timelineCount == 3)
            query.instance = "nobody"
            let nobody = try await store.read(query)
            #expect(nobody.counts == [:])
            query.route = .init("/nowhere", method: "GET")
            query.instance = nil
            let nowhere = try await store.read(query)
            #expect(nowhere.counts == [:])
        }
    }

    @Test(arguments: StoreKind.allCases) func theDashboardsRequestsAreInNoTotal(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            var dashboard = SeriesKey.permit
            dashboard.surface = .dashboard
            try await subject.store.write(.sample(1, at: .noon(10), [.permit: 1, dashboard: 9]))
            let window = try await subject.store.read(.hours(0...1))
            #expect(window.counts == [.permit: 1, dashboard: 9])
            #expect(window.total.count == 1)
            #expect(window.timelineCount == 1)
        }
    }

    // MARK: Hours

    @Test(arguments: StoreKind.allCases) func hoursHoldWhatTheirMinutesDid(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            let store = subject.store
            for minute in 0..<130 {
                try await store.write(
                    .sample(UInt64(minute + 1), at: .noon(Double(minute) * 60 + 10), [.permit: 2, .broken: 1]))
            }
            let before = try await store.read(.hours(0...2, slot: 3600))
            try await store.write(.sample(131, at: .noon(3 * 3600 + 60)))
            let settled = try await store.read(.hours(0...2, slot: 3600))
            #expect(settled.counts == before.counts)
            #expect(settled.counts == [.permit: 240, .broken: 120])
            #expect(settled.timeline.map(\.histogram.count) == [180, 180])
            #expect(settled.timeline.map(\.serverErrors) == [60, 60])
            let hours = try await subject.sql(
                "SELECT CAST(count(DISTINCT start) AS INTEGER) FROM pitwall_rollups WHERE span = 3600")
            #expect(hours == "3")
            // Settled once more, as after a late batch, an hour is the same.
            try await subject.sql(
                "INSERT INTO pitwall_unsettled (hour) SELECT DISTINCT start FROM pitwall_totals WHERE span = 3600 AND start < 1767276000"
            )
            try await subject.store.write(.sample(132, at: .noon(3 * 3600 + 120)))
            let again = try await subject.store.read(.hours(0...2, slot: 3600))
            #expect(again.counts == before.counts)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aLateBatchIsInTheHourThatWasSettledBefore(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            let store = subject.store
            try await store.write(.sample(1, at: .noon(10), [.permit: 1]))
            try await store.write(.sample(2, at: .noon(2 * 3600)))
            try await store.write(.sample(1, at: .noon(70), instance: "late", [.permit: 5]))
            let unsettled = try await store.read(.hours(0...1))
            #expect(unsettled.counts == [.permit: 6])
            try await store.write(.sample(3, at: .noon(2 * 3600 + 60)))
            let settled = try await store.read(.hours(0...1))
            #expect(settled.counts == [.permit: 6])
        }
    }

    @Test(arguments: StoreKind.allCases) func partsOfHoursAreReadFromMinutes(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            let store = subject.store
            for minute in 0..<180 {
                try await store.write(.sample(UInt64(minute + 1), at: .noon(Double(minute) * 60 + 10), [.permit: 1]))
            }
            try await store.write(.sample(181, at: .noon(5 * 3600)))
            let window = try await store.read(.hours(0.5...2.25))
            #expect(window.counts == [.permit: 105])
            #expect(window.timeline.map(\.histogram.count) == Array(repeating: 15, count: 7))
        }
    }

    @Test(arguments: StoreKind.allCases) func windowsOfAnyLengthAreRead(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            let store = subject.store
            try await store.write(.sample(1, at: .noon(10), [.permit: 3]))
            let ever = try await store.read(MetricsQuery(interval: .distantPast..<(.distantFuture), slot: 86400))
            #expect(ever.counts == [.permit: 3])
            let empty = try await store.read(MetricsQuery(interval: .noon(0)..<(.noon(0)), slot: 0))
            #expect(empty.counts == [:])
            let last = MetricsQuery(last: 900, until: .noon(30), slot: 60)
            let latest = try await store.read(last)
            #expect(latest.counts == [.permit: 3])
            let previous = try await store.read(last.previous)
            #expect(previous.counts == [:])
        }
    }

    // MARK: Marks and what is damaged

    @Test(arguments: StoreKind.allCases) func marksAreKeptAndARestartAddsNone(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            let store = subject.store
            try await store.addMark(ReleaseMark(name: " 1.4.1\nbeta ", at: .noon(0)))
            try await store.addMark(ReleaseMark(name: "1.4.1 beta", at: .noon(5)), unlessLatest: true)
            try await store.addMark(ReleaseMark(name: "1.4.2", at: .noon(10)), unlessLatest: true)
            let expected = [
                ReleaseMark(name: "1.4.1 beta", at: .noon(0)), ReleaseMark(name: "1.4.2", at: .noon(10)),
            ]
            let window = try await store.read(.hours(0...1))
            #expect(window.marks == expected)
            let marks = try await store.marks(in: .distantPast..<(.distantFuture))
            #expect(marks == expected)
            let nameless = await storeError { try await store.addMark(ReleaseMark(name: " \n", at: .noon(0))) }
            #expect(nameless?.code == .invalid)
        }
    }

    @Test(arguments: StoreKind.allCases) func damagedHistogramsAreSkippedAndCounted(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            try await subject.store.write(.sample(1, at: .noon(10), [.permit: 3, .search: 4]))
            let damage =
                switch kind {
                case .sqlite: "x'ff00ff'"
                case .postgres: "'\\xff00ff'::bytea"
                case .duckDB: "'\\xFF\\x00\\xFF'::BLOB"
                }
            try await subject.sql(
                """
                UPDATE pitwall_rollups SET histogram = \(damage) WHERE series =
                    (SELECT id FROM pitwall_series WHERE route = '/search')
                """)
            let window = try await subject.store.read(.hours(0...1))
            #expect(window.counts == [.permit: 3])
            #expect(window.unreadable == 1)
            try await subject.store.write(.sample(2, at: .noon(20), [.search: 1]))
            let afterwards = try await subject.store.read(.hours(0...1))
            #expect(afterwards.counts == [.permit: 3, .search: 1])
        }
    }

    @Test(arguments: StoreKind.allCases) func statisticsTellSizeAndReach(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            let store = subject.store
            for hour in 0..<3 {
                try await store.write(
                    .sample(
                        UInt64(hour + 1), at: .noon(Double(hour) * 3600 + 10), [.permit: 3],
                        rows: [.sample(at: .noon(Double(hour) * 3600))]))
            }
            let statistics = try await store.statistics()
            #expect(statistics.bytes > 4096)
            #expect(statistics.budget == 100_000_000)
            #expect(statistics.reach == MetricsReach(minutes: .noon(0), hours: .noon(0), rows: .noon(0)))
        }
    }

    @Test(arguments: StoreKind.allCases) func aClosedStoreSaysSo(_ kind: StoreKind) async throws {
        try await with(kind) { subject in
            let store = subject.store
            try await store.close()
            try await store.close()
            let failure = await storeError { try await store.write(.sample(1, at: .noon(10))) }
            #expect(failure?.code == .unavailable)
            #expect(failure?.reason == "the store is closed")
        }
    }
}
