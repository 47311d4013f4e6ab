import Foundation
import PostgresFixture
import Synchronization
import Testing

@testable import PostgresPool

/// Servers that say nothing while the kernel at the other end, or something in between, keeps the link.
@Suite(.timeLimit(.minutes(10))) struct SilenceTests {
    private static var quick: SettingsChange {
        .with {
            ($0.minimumConnections, $0.maximumConnections) = (1, 1)
            $0.statementTimeout = "300ms"
            // Long enough for a machine under load to connect.
            $0.connectTimeout = .seconds(2)
        }
    }

    @Test func aBackendThatIsHeldCostsItsConnection() async throws {
        try await withPool(Self.quick) { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withConnection { connection in
                    let process = connection.serverProcess
                    try #require(kill(process, SIGSTOP) == 0)
                    defer { kill(process, SIGCONT) }
                    try await connection.query("SELECT 1")
                }
            }
            guard case .noAnswer(let waited, let timeout) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(waited >= .milliseconds(2_300))
            #expect(timeout == .milliseconds(300))
            #expect(error?.description.contains("although the server ends a statement after 0.3 s") == true)
            await untilItWorks(pool) { try await pool.query("SELECT 1") }
            #expect(pool.statistics.counts.closed == [.silent: 1])
        }
    }

    @Test func aServerThatIsHeldIsUnhealthyUntilItGoesOn() async throws {
        try await ThrowawayPostgres.with { server in
            try await withPool(
                url: server.url,
                .with {
                    Self.quick.apply(&$0)
                    ($0.minimumConnections, $0.maximumConnections) = (3, 4)
                }
            ) { pool in
                await waitUntil(pool) { pool.statistics.idle == 3 }
                try await server.whileHeld {
                    // Shared, borrowed, streamed.
                    let errors = await withTaskGroup(of: (any Error)?.self) { group in
                        group.addTask { await error { try await pool.query("SELECT 1") } }
                        group.addTask { await error { try await pool.withTransaction { _ in } } }
                        group.addTask {
                            await error {
                                try await pool.withConnection { connection in
                                    for try await _ in connection.stream("SELECT 1") {}
                                }
                            }
                        }
                        return await group.reduce(into: []) { $0.append($1) }
                    }
                    // The first to be found closes the idle ones; those who are lent one meanwhile wait as long.
                    for error in errors { #expect(error is PostgresError) }
                    #expect(pool.statistics.counts.closed[.silent, default: 0] >= 1)
                    await waitUntil(pool) { !pool.health.healthy }
                    #expect(pool.statistics.connectFailure?.message == "no answer within 2 s")
                }
                await untilItWorks(pool) { try await pool.query("SELECT 1") }
                await waitUntil(pool) { pool.health.healthy && pool.statistics.idle == 3 }
            }
        }
    }

    @Test func theKeepAliveFindsAServerThatIsHeld() async throws {
        try await ThrowawayPostgres.with { server in
            try await withPool(
                url: server.url,
                .with {
                    ($0.minimumConnections, $0.maximumConnections) = (2, 2)
                    $0.keepAlive = .milliseconds(100)
                    $0.connectTimeout = .seconds(2)
                }
            ) { pool in
                await waitUntil(pool) { pool.statistics.idle == 2 }
                try await server.whileHeld { await waitUntil(pool) { !pool.health.healthy } }
                #expect(pool.statistics.counts.closed[.keepAlive, default: 0] >= 1)
                await waitUntil(pool) { pool.health.healthy }
            }
        }
    }

    /// A host that is sent no calls while it is unhealthy, and has no minimum, asks for nothing but its health.
    @Test func whoeverAsksForHealthFindsThatTheServerIsBack() async throws {
        let proxy = try FaultProxy(target: try await SharedServer.port())
        defer { proxy.stop() }
        proxy.set(.cut)
        try await withPool(url: "postgres://postgres@127.0.0.1:\(proxy.port)/postgres") { pool in
            await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
            proxy.set(.open)
            while !pool.health.healthy { await Task.yield() }
        }
    }

    @Test func aProxyThatGoesSilentCostsItsConnections() async throws {
        let proxy = try FaultProxy(target: try await SharedServer.port())
        defer { proxy.stop() }
        try await withPool(url: "postgres://postgres@127.0.0.1:\(proxy.port)/postgres", Self.quick) { pool in
            try await pool.query("SELECT 1")
            proxy.set(.frozen)
            let error = await error { try await pool.query("SELECT 2") }
            guard case .noAnswer = error as? PostgresError else {
                Issue.record("\(String(describing: error))")
                return
            }
            proxy.set(.open)
            await untilItWorks(pool) { try await pool.query("SELECT 3") }
        }
    }

    /// A server that is held keeps each cancel request's thread.
    @Test func cancelsThatAreNeverAnsweredHoldUpNoConnect() async throws {
        let proxy = try FaultProxy(target: try await SharedServer.port())
        defer { proxy.stop() }
        try await withPool(
            url: "postgres://postgres@127.0.0.1:\(proxy.port)/postgres",
            .with {
                $0.maximumConnections = 12
                $0.cleanTimeout = .milliseconds(100)
            }
        ) { pool in
            let gate = Gate(for: 12)
            await withDiscardingTaskGroup { group in
                for _ in 0..<12 {
                    group.addTask {
                        try? await pool.withConnection { connection in
                            try await connection.query("SELECT 1")
                            await gate.arrive()
                            proxy.set(.frozen)
                            let asked = Task { try await connection.query("SELECT 2") }
                            while connection.physical.state.withLock({ $0.exchanges.isEmpty }) { await Task.yield() }
                            asked.cancel()
                            _ = try await asked.value
                        }
                    }
                }
            }
            try await withPool(.with { $0.connectTimeout = .seconds(5) }) { other in
                let one = try await other.query("SELECT 1")[0].decode(Int.self)
                #expect(one == 1)
            }
        }
    }

    // MARK: What counts as silence, with a clock that the test turns

    /// Has the pool look for silence as if an hour went by between two looks.
    private func lookAnHourApart(_ connection: PhysicalConnection) {
        let now = MonotonicTime.now
        connection.closeIfSilent(now: now)
        connection.closeIfSilent(now: now + 3_600 * .second)
    }

    @Test func aStatementThatOwesAnAnswerIsEnded() async throws {
        try await withPool { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withConnection { connection in
                    try await connection.whileSleeping { sleeper in
                        lookAnHourApart(connection.physical)
                        _ = try await sleeper.value
                    }
                }
            }
            guard case .noAnswer(let waited, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(waited >= .seconds(3_600))
        }
    }

    @Test(arguments: [
        "SET statement_timeout = 0", "SELECT set_config('statement_timeout', '1h', false)",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; SET LOCAL statement_timeout = '1h'", "RESET ALL",
    ])
    func aTimeoutThatTheBorrowerHasChangedBoundsNothing(change: String) async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.withConnection { connection in
                for statement in change.split(separator: "; ") {
                    try await connection.query(PostgresQuery(trusted: "\(statement)"))
                }
                try await connection.whileSleeping { sleeper in
                    lookAnHourApart(connection.physical)
                    sleeper.cancel()
                    await #expect(throws: CancellationError.self) { try await sleeper.value }
                }
            }
            // Reset, the next borrower's statements are bounded again.
            try await pool.withConnection { connection in
                #expect(connection.physical.state.withLock { $0.hasStatementTimeout })
            }
            #expect(pool.statistics.counts.created == 1)
        }
    }

    @Test func withoutATimeoutNothingIsBounded() async throws {
        try await withPool(.with { $0.statementTimeout = "0" }) { pool in
            try await pool.withConnection { connection in
                try await connection.whileSleeping { sleeper in
                    lookAnHourApart(connection.physical)
                    sleeper.cancel()
                }
            }
            #expect(pool.statistics.counts.closed.isEmpty)
        }
    }

    @Test func aReaderAWriterAListenerAndAThinkerMayTakeTheirTime() async throws {
        try await SharedServer.psql("CREATE TABLE taken_slowly (id BIGINT)")
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.withConnection { connection in
                lookAnHourApart(connection.physical)
                var rows = 0
                for try await _ in connection.stream("SELECT repeat('x', 10000) FROM generate_series(1, 2000)") {
                    rows += 1
                    if rows == 1 || rows == 1_000 { lookAnHourApart(connection.physical) }
                }
                #expect(rows == 2_000)
                try await connection.copyIn("taken_slowly", columns: ["id"]) { writer in
                    lookAnHourApart(connection.physical)
                    try await writer.write(1)
                    lookAnHourApart(connection.physical)
                }
                let notifications = try await connection.listen(to: "slow")
                lookAnHourApart(connection.physical)
                try await SharedServer.psql("NOTIFY slow")
                for try await _ in notifications { break }
            }
            #expect(pool.statistics.counts.created == 1)
        }
    }

    /// The server is held up, not gone: what came in the meantime is an answer.
    @Test func anAnswerThatNobodyHasReadYetIsNoSilence() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.withConnection { connection in
                let physical = connection.physical
                let (isHeldUp, mayGoOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
                physical.state.withLock { $0.thread }.schedule(at: 0) {
                    isHeldUp.signal()
                    mayGoOn.wait()
                }
                await BlockingThreads.connecting.run { isHeldUp.wait() }
                let answer = Task { try await connection.query("SELECT 1")[0].decode(Int.self) }
                while physical.state.withLock({ $0.exchanges.isEmpty }) { await Task.yield() }
                let socket = physical.state.withLock { $0.handle?.socket ?? -1 }
                await BlockingThreads.connecting.run {
                    var peer = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
                    poll(&peer, 1, -1)
                }
                lookAnHourApart(physical)
                mayGoOn.signal()
                let one = try await answer.value
                #expect(one == 1)
            }
        }
    }

    /// Each of a batch has a time-out of its own, and their sum is no silence: they are sent again, each by itself.
    @Test func aBatchIsAskedToStopBeforeItIsGivenUp() async throws {
        try await ThrowawayPostgres.with { server in
            try await server.psql("CREATE TABLE first_lock (id INT); CREATE TABLE second_lock (id INT)")
            try await withPool(url: server.url, .with { ($0.minimumConnections, $0.maximumConnections) = (1, 2) }) {
                pool in
                let physical = try await pool.withConnection { $0.physical }
                try await PostgresPool.withPool(.test(url: server.url)) { others in
                    try await others.withConnection { holder in
                        try await holder.query("BEGIN")
                        try await holder.query("LOCK second_lock")
                        let batch = try await others.withTransaction { first in
                            try await first.query("LOCK first_lock")
                            // The first two go at once, each with a sync of its own; what comes after waits for them.
                            let ahead = (0..<2).map { _ in
                                Task { try await pool.query("SELECT count(*) FROM first_lock") }
                            }
                            while physical.state.withLock({ $0.syncs < 2 }) { await Task.yield() }
                            let batch = (0..<3).map { index in
                                Task {
                                    try await pool.query("SELECT count(*) + \(index) FROM second_lock")[0].decode(
                                        Int.self)
                                }
                            }
                            while physical.state.withLock({ $0.reads.count < 3 }) { await Task.yield() }
                            _ = ahead
                            return batch
                        }
                        while physical.state.withLock({ $0.exchanges.count != 3 || $0.syncs != 1 }) {
                            await Task.yield()
                        }
                        lookAnHourApart(physical)
                        while physical.state.withLock({ $0.exchanges.count != 3 || $0.syncs != 3 }) {
                            await Task.yield()
                        }
                        try await holder.query("COMMIT")
                        for (index, task) in batch.enumerated() {
                            let count = try await task.value
                            #expect(count == index)
                        }
                    }
                }
                #expect(pool.statistics.counts.closed[.silent] == nil)
            }
        }
    }
}

/// What the body throws.
private func error(_ body: () async throws -> Void) async -> (any Error)? {
    do { try await body() } catch { return error }
    return nil
}
