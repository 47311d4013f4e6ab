import Foundation
import LatencyHistogram
import PostgresFixture
import StoreFixture
import Synchronization
import Testing

@testable import RequestMetrics

/// What goes wrong under a store, and that counts stay exact through it: the same faults for every kind.
@Suite(.serialized) struct FaultConformanceTests {
    @Test(arguments: StoreKind.allCases)
    func aDatabaseHeldByAnotherIsLockedAndTheBatchGoesOutLater(_ kind: StoreKind) async throws {
        try await Subject.with(kind, options: "-c lock_timeout=300ms", patience: 0.1) { subject in
            try await subject.store.write(afterMigrating: .sample(1, at: .noon(10), [.permit: 1]))
            // DuckDB lets another program in only when the store has closed its file.
            if kind == .duckDB { try await subject.sql("SELECT 1") }
            let holder = try OtherProgram(holding: subject)
            let failure = await storeError {
                try await subject.store.write(.sample(2, at: .noon(20), [.permit: 2]))
            }
            #expect(failure?.code == .locked, "\(String(describing: failure))")
            if kind != .duckDB {
                // Readers wait for nobody.
                let window = try await subject.store.read(.hours(0...1))
                #expect(window.counts == [.permit: 1])
            }
            holder.end()
            try await subject.store.write(.sample(2, at: .noon(20), [.permit: 2]))
            let window = try await subject.store.read(.hours(0...1))
            #expect(window.counts == [.permit: 3])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aDatabaseThatIsAwayIsUnavailableAndTheBatchGoesOutLater(_ kind: StoreKind) async throws {
        @Sendable func check(_ subject: Subject) async throws {
            try await subject.store.write(afterMigrating: .sample(1, at: .noon(10), [.permit: 1]))
            try await subject.away {
                let writing = await storeError {
                    try await subject.store.write(.sample(2, at: .noon(20), [.permit: 2]))
                }
                #expect(writing?.code == .unavailable, "\(String(describing: writing))")
                let reading = await storeError { _ = try await subject.store.read(.hours(0...1)) }
                #expect(reading?.code == .unavailable, "\(String(describing: reading))")
            }
            // As the drain does: the same batch until it is known to be written.
            while await storeError({ try await subject.store.write(.sample(2, at: .noon(20), [.permit: 2])) }) != nil {}
            let window = try await subject.store.read(.hours(0...1))
            #expect(window.counts == [.permit: 3])
        }
        guard kind == .postgres else { return try await Subject.with(kind, check) }
        try await ThrowawayPostgres.with { server in try await Subject.with(kind, server: server, check) }
    }

    @Test(.enabled(if: TinyDisk.isPossible, "mounting a small disk needs root"), arguments: StoreKind.allCases)
    func aFullDiskIsSaidAndTheBatchGoesOutOnceThereIsRoom(_ kind: StoreKind) async throws {
        // A server of its own, which does not outlive its disk.
        try await ThrowawayPostgres.with { server in
            try await TinyDisk.with(megabytes: 12) { disk in
                try await Subject.with(kind, server: server, disk: disk) { subject in
                    try await Self.fill(subject) { try await disk.grow(toMegabytes: 200) }
                }
            }
        }
    }

    #if os(Linux)
        /// The same for whoever runs the tests: a server whose files may not grow.
        @Test func aServerWhoseDiskIsFullIsSaidSoToEverybody() async throws {
            try await ThrowawayPostgres.with(fileLimit: 4) { server in
                try await Subject.with(.postgres, server: server) { subject in
                    try await Self.fill(subject) { try await server.liftFileLimit() }
                }
            }
        }
    #endif

    private static func fill(_ subject: Subject, grow: () async throws -> Void) async throws {
        let store = subject.store
        try await store.migrate()
        var written = 0
        var failure: MetricsStoreError?
        while failure == nil {
            failure = await storeError { try await store.write(.large(written + 1)) }
            if failure == nil { written += 1 }
            try #require(written < 1_000, "the disk does not fill")
        }
        #expect(failure?.code == .full, "\(String(describing: failure))")
        try await grow()
        try await store.write(.large(written + 1))
        try await store.write(.large(written + 1))
        let window = try await store.read(.hours(0...1))
        #expect(window.counts == [.permit: UInt64(written + 1)])
        let rows = try await subject.sql("SELECT CAST(count(*) AS INTEGER) FROM request_metrics")
        #expect(rows == "\((written + 1) * MetricsBatch.largeRows)", "all of a batch or nothing of it")
    }

    @Test(arguments: StoreKind.allCases) func aNewerSchemaIsLeftAlone(_ kind: StoreKind) async throws {
        try await Subject.with(kind) { subject in
            try await subject.store.migrate()
            try await subject.sql(
                kind == .sqlite
                    ? "INSERT INTO grdb_migrations VALUES ('pitwall.9')"
                    : "UPDATE pitwall_state SET value = 99 WHERE name = 'schema_version'")
            let failure = await storeError { try await subject.another().migrate() }
            #expect(failure?.code == .schema)
            #expect(failure?.reason.hasPrefix("a newer Pitwall made its tables") == true)
        }
    }

    @Test(arguments: StoreKind.allCases) func aTableWithOtherColumnsIsASchemaError(_ kind: StoreKind) async throws {
        try await Subject.with(kind) { subject in
            try await subject.sql("CREATE TABLE request_metrics (id INTEGER PRIMARY KEY, url TEXT)")
            let failure = await storeError { try await subject.store.migrate() }
            #expect(failure?.code == .schema, "\(String(describing: failure))")
        }
    }

    @Test(arguments: StoreKind.allCases) func undrainedCountsAreAddedOnce(_ kind: StoreKind) async throws {
        try await Subject.with(kind) { subject in
            let store = subject.store
            try await store.migrate()
            let seconds = Mutex(0.0)
            let recorder = RequestRecorder(instance: "a", wallClock: { .noon(seconds.withLock { $0 }) })
            let query = MetricsQuery.hours(0...1)
            recorder.record(route: "/search", method: "GET", status: 200, nanoseconds: 1)
            seconds.withLock { $0 = 10 }
            recorder.collect()
            let batch = try #require(recorder.nextBatch())
            recorder.record(route: "/search", method: "GET", status: 200, nanoseconds: 1)
            let undrained = try await store.read(query, adding: recorder)
            #expect(undrained.counts == [.search: 2])
            let pending = recorder.pending()
            // Written between the moment pending counts were taken and the moment the store was read.
            try await store.write(batch)
            let between = try await store.read(query).adding(pending, for: query)
            #expect(between.counts == [.search: 2])
            recorder.queue.confirm(batch.sequence, at: .noon(10), seconds: 0)
            let drained = try await store.read(query, adding: recorder)
            #expect(drained.counts == [.search: 2])
            #expect(drained.timelineCount == 2)
        }
    }
}

extension MetricsStore {
    fileprivate func write(afterMigrating batch: MetricsBatch) async throws {
        try await migrate()
        try await write(batch)
    }
}

extension MetricsBatch {
    fileprivate static let largeRows = 2_000

    /// One request, and examples that take their room on a disk.
    fileprivate static func large(_ sequence: Int) -> MetricsBatch {
        var random = SystemRandomNumberGenerator()
        let rows = (0..<largeRows).map { _ in
            RequestRow.sample("/\(random.next())/\(random.next())/\(random.next())", at: .noon(10))
        }
        return .sample(UInt64(sequence), at: .noon(Double(sequence % 3_000)), [.permit: 1], rows: rows)
    }
}
