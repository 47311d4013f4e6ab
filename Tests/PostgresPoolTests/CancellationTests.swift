import Foundation
import PostgresFixture
import Synchronization
import Testing

@testable import PostgresPool

/// Callers that leave at the worst moment, against a real server. See docs/tune-fault-tests.md.
@Suite(.timeLimit(.minutes(10))) struct CancellationTests {
    private func url(_ proxy: FaultProxy) -> String { "postgres://postgres@127.0.0.1:\(proxy.port)/postgres" }

    /// psycopg's test_cancellation_in_queue, asyncpg's task_cancel_in_acquire_with_timeout.
    @Test func everybodyInTheQueueMayLeave() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.withConnection { connection in
                let callers = (0..<100).map { _ in Task { try await pool.withConnection { _ in } } }
                await waitUntil(pool) { pool.statistics.waiting == 100 }
                for caller in callers { caller.cancel() }
                for caller in callers { await #expect(throws: CancellationError.self) { try await caller.value } }
                #expect(pool.statistics.waiting == 0)
                #expect(pool.statistics.counts.cancelled == 100)
                try await connection.query("SELECT 1")
            }
            try await pool.withConnection { try await $0.query("SELECT 1") }
            #expect(pool.statistics.counts.created == 1)
        }
    }

    /// psycopg's test_cancelled_waiter_assigned_conn_is_reclaimed: the caller leaves as the connection is handed to him.
    @Test func aConnectionHandedToOneWhoLeavesIsTheNextOnes() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            for _ in 0..<300 {
                let gate = Gate(for: 2)
                let caller = try await pool.withConnection { _ in
                    let caller = Task { try await pool.withConnection { _ in } }
                    await waitUntil(pool) { pool.statistics.waiting == 1 }
                    // Cancels on another thread while this one gives the connection back.
                    Task {
                        await gate.arrive()
                        caller.cancel()
                    }
                    await gate.arrive()
                    return caller
                }
                _ = await caller.result
                try await pool.withConnection { _ in }
            }
            #expect(pool.health.inUse == 0)
            #expect(pool.statistics.counts.created == 1)
        }
    }

    /// puddle's CalledConstructorIsNotCanceled, pgx's TestConstructorIgnoresContext.
    @Test func theConnectOfOneWhoLeavesJoinsThePool() async throws {
        let proxy = try FaultProxy(target: try await SharedServer.port())
        defer { proxy.stop() }
        proxy.set(.frozen)
        try await withPool(url: url(proxy)) { pool in
            let caller = Task { try await pool.withConnection { _ in } }
            await proxy.waitUntilHolding()
            caller.cancel()
            await #expect(throws: CancellationError.self) { try await caller.value }
            #expect(pool.statistics.connecting == 1)
            proxy.set(.open)
            await waitUntil(pool) { pool.statistics.idle == 1 }
            try await pool.withConnection { try await $0.query("SELECT 1") }
            #expect(proxy.accepted == 1)
        }
    }

    /// windmill PR #10822: BEGIN is on its way as its task is cancelled; the next borrower is in no transaction.
    @Test func aCancelBetweenBeginAndItsAnswerLeavesNoTransaction() async throws {
        let proxy = try FaultProxy(target: try await SharedServer.port())
        defer { proxy.stop() }
        try await withPool(url: url(proxy), .with { $0.maximumConnections = 1 }) { pool in
            try await pool.query("SELECT 1")
            proxy.set(.frozen)
            let caller = Task { try await pool.withTransaction { _ in Issue.record("BEGIN was not answered") } }
            await proxy.waitUntilHolding()
            caller.cancel()
            await #expect(throws: CancellationError.self) { try await caller.value }
            proxy.set(.open)
            let isInTransaction = try await pool.withConnection { try await $0.isInTransaction }
            #expect(!isInTransaction)
            #expect(pool.statistics.counts.created == 1, "rolled back, not closed")
        }
    }

    /// pgx's TestConnReleaseClosesBusyConn, asyncpg's query_cancel_in_release: a statement outlives the closure.
    @Test func aStatementLeftRunningEndsWithItsClosure() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            let left = try await pool.withConnection { try await $0.whileSleeping { $0 } }
            let error = await #expect(throws: PostgresError.self) { try await left.value }
            guard case .connectionReturned = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            let one = try await pool.query("SELECT 1")[0].decode(Int.self)
            #expect(one == 1)
            #expect(pool.statistics.counts.created == 1, "cancelled on the server, not closed")
        }
    }

    @Test func aStreamKeptBeyondItsClosureIsEnded() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            var kept = try await pool.withConnection { connection in
                var rows = connection.stream("SELECT generate_series(1, 100000000)").makeAsyncIterator()
                _ = try await rows.next()
                return rows
            }
            let one = try await pool.query("SELECT 1")[0].decode(Int.self)
            #expect(one == 1)
            await #expect(throws: PostgresError.self) { _ = try await kept.next() }
            #expect(pool.statistics.counts.created == 1, "cancelled on the server, not closed")
        }
    }

    /// pgx's TestPoolQueryRowScanPanicReleasesConnection: what cannot be decoded, in the middle of a stream.
    @Test func anErrorWhileReadingRowsGivesTheConnectionBack() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            await #expect(throws: PostgresDecodingError.self) {
                try await pool.withConnection { connection in
                    for try await row in connection.stream("SELECT 'x' || generate_series(1, 100000)") {
                        _ = try row.decode(Int.self)
                    }
                }
            }
            let one = try await pool.query("SELECT 1")[0].decode(Int.self)
            #expect(one == 1)
            #expect(pool.statistics.counts.created == 1)
        }
    }

    /// puddle's TestStress: thousands whose deadline is over before anybody could serve them.
    @Test func deadlinesOfAMicrosecondLoseNothing() async throws {
        try await withPool(
            .with {
                $0.maximumConnections = 3
                $0.acquireTimeout = .microseconds(1)
            }
        ) { pool in
            await withDiscardingTaskGroup { group in
                for _ in 0..<5_000 {
                    group.addTask {
                        do { try await pool.withConnection { _ in } } catch PostgresError.acquireTimeout {} catch {
                            Issue.record(error)
                        }
                    }
                }
            }
            await waitUntil(pool) { pool.statistics.connecting == 0 }
            #expect(pool.health.inUse == 0)
            #expect(pool.statistics.waiting == 0)
            #expect(pool.statistics.counts.created <= 3, "a storm")
            #expect(pool.statistics.counts.timedOut > 0)
        }
    }

    /// The thread that would read the break is held up, so that whoever gives the stream up is the one to find it.
    @Test func aStreamThatIsBrokenAsItIsGivenUpHoldsNobody() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            await #expect(throws: (any Error).self) {
                try await pool.withConnection { connection in
                    let (process, physical) = (connection.serverProcess, connection.physical)
                    let stream = Task { for try await _ in connection.stream("SELECT pg_sleep(600)") {} }
                    try await SharedServer.waitUntil(
                        "EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(process) AND wait_event = 'PgSleep')")
                    while physical.state.withLock({ $0.exclusiveWaiter == nil }) { await Task.yield() }
                    let (isHeldUp, mayGoOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
                    physical.state.withLock { $0.thread }.schedule(at: 0) {
                        isHeldUp.signal()
                        mayGoOn.wait()
                    }
                    defer { mayGoOn.signal() }
                    await BlockingThreads.connecting.run { isHeldUp.wait() }
                    try await SharedServer.psql("SELECT pg_terminate_backend(\(process))")
                    let socket = physical.state.withLock { $0.handle?.socket ?? -1 }
                    await BlockingThreads.connecting.run {
                        var peer = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
                        poll(&peer, 1, -1)
                    }
                    stream.cancel()
                    try await stream.value
                }
            }
        }
    }
}
