import Foundation
import GRDB
import LatencyHistogram
import ServiceLifecycle
import Testing

@testable import RequestMetrics

@Suite struct MetricsDrainTests {
    private func record(_ count: Int, in recorder: RequestRecorder) {
        for _ in 0..<count { recorder.record(route: "/search", method: "GET", status: 200, nanoseconds: 1_000_000) }
    }

    private func settings(_ interval: Duration, limit: Duration = .seconds(60)) -> DrainSettings {
        var settings = DrainSettings()
        settings.interval = interval
        settings.shutdownLimit = limit
        return settings
    }

    /// Runs a drain in a service group until `body` returns, then shuts down gracefully.
    private func draining(
        _ drain: MetricsDrain, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let group = ServiceGroup(configuration: .init(services: [drain], logger: LogCollector().logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func aShutdownWritesWhatIsLeft() async throws {
        let store = GatedStore()
        let recorder = RequestRecorder(instance: "a")
        try await draining(MetricsDrain(recorder, to: store, settings: settings(.seconds(3600)))) {
            record(7, in: recorder)
        }
        #expect(store.keptRequests == 7)
        #expect(recorder.statistics.drained == 7)
        #expect(recorder.statistics.lastDrain != nil)
    }

    @Test func cancellationWritesWhatIsLeftToo() async throws {
        let store = GatedStore()
        let recorder = RequestRecorder(instance: "a")
        record(7, in: recorder)
        let task = Task { await MetricsDrain(recorder, to: store, settings: settings(.seconds(3600))).run() }
        task.cancel()
        await task.value
        #expect(store.keptRequests == 7)
    }

    @Test func aShutdownDoesNotWaitForAStoreThatHangs() async throws {
        let store = GatedStore(.hang)
        let logs = LogCollector()
        let recorder = RequestRecorder(instance: "a")
        let drain = MetricsDrain(
            recorder, to: store, settings: settings(.seconds(3600), limit: .milliseconds(50)), logger: logs.logger)
        try await draining(drain) { record(7, in: recorder) }
        #expect(recorder.statistics.pending == 7)
        #expect(logs.messages == ["Shut down without the last counts: the store did not answer in time."])
        store.open()
    }

    @Test func anOutageIsSaidOnceAndLosesNoCount() async throws {
        let store = GatedStore(.fail)
        let logs = LogCollector()
        let recorder = RequestRecorder(instance: "a")
        let drain = MetricsDrain(recorder, to: store, settings: settings(.milliseconds(100)), logger: logs.logger)
        try await draining(drain) {
            var writes = store.writes.makeAsyncIterator()
            record(100, in: recorder)
            for _ in 0..<3 { _ = await writes.next() }
            #expect(recorder.statistics.lastStoreError == "gate: it is shut. Open it.")
            record(10, in: recorder)
            store.behaviour = .keep
            while store.keptRequests < 110 { _ = await writes.next() }
        }
        #expect(store.keptRequests == 110)
        #expect(recorder.statistics.drained == 110)
        #expect(recorder.statistics.storeErrors >= 3)
        #expect(recorder.statistics.lastStoreError == nil)
        #expect(
            logs.messages == [
                "Metrics cannot be stored; counts wait in memory until they can.", "Metrics are stored again.",
            ])
    }

    @Test func aWriteThatSeemedToFailIsRepeatedUnchanged() async throws {
        let store = GatedStore(.keepAndFail)
        let recorder = RequestRecorder(instance: "a")
        try await draining(MetricsDrain(recorder, to: store, settings: settings(.milliseconds(100)))) {
            var writes = store.writes.makeAsyncIterator()
            record(100, in: recorder)
            _ = await writes.next()
            record(10, in: recorder)
            _ = await writes.next()
            store.behaviour = .keep
        }
        let bySequence = Dictionary(grouping: store.kept, by: \.sequence)
        #expect(bySequence[1]?.count ?? 0 >= 2)
        #expect(bySequence.values.allSatisfy { batches in batches.allSatisfy { $0.series == batches[0].series } })
        #expect(store.keptRequests == 110)
    }

    @Test func theReleaseIsMarkedOnce() async throws {
        let folder = try TemporaryFolder()
        let store = SQLiteStore(path: folder.file())
        var settings = settings(.seconds(3600))
        settings.release = "1.4.2"
        for _ in 0..<2 {
            try await draining(MetricsDrain(RequestRecorder(), to: store, settings: settings)) {}
        }
        #expect(try await store.marks(in: .distantPast..<(.distantFuture)).map(\.name) == ["1.4.2"])
    }

    @Test func aFileThatIsLockedForAWhileGetsEverything() async throws {
        let folder = try TemporaryFolder()
        let store = SQLiteStore(path: folder.file(), busyTimeout: 0.05)
        try await store.migrate()
        let lock = try ExclusiveLock(on: folder.file())
        let recorder = RequestRecorder()
        try await draining(MetricsDrain(recorder, to: store, settings: settings(.milliseconds(100)))) {
            record(1000, in: recorder)
            while recorder.statistics.storeErrors < 2 { await Task.yield() }
            record(1000, in: recorder)
            try lock.release()
        }
        let query = MetricsQuery(last: 3600, until: Date(), slot: 60)
        #expect(try await store.read(query, adding: recorder).total.count == 2000)
        #expect(recorder.statistics.pending == 0)
    }
}
