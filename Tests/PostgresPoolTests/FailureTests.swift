import PostgresFixture
import Testing

@testable import PostgresPool

/// Everything that a server and a network can do to a pool, done to it. Each test has a server of its own.
@Suite(.serialized, .timeLimit(.minutes(10))) struct FailureTests {
    @Test func isWholeAgainSoonAfterARestartUnderLoad() async throws {
        try await ThrowawayPostgres.with { server in
            try await withPool(
                url: server.url,
                .with {
                    ($0.minimumConnections, $0.maximumConnections) = (2, 4)
                    $0.acquireTimeout = .seconds(30)
                }
            ) { pool in
                let load = Task {
                    await withDiscardingTaskGroup { group in
                        for _ in 0..<8 {
                            group.addTask {
                                while !Task.isCancelled {
                                    _ = try? await pool.withConnection { try await $0.query("SELECT 1") }
                                    await Task.yield()
                                }
                            }
                        }
                    }
                }
                await waitUntil(pool) { pool.statistics.counts.acquired > 100 }
                try await server.stop()
                await waitUntil(pool) { pool.statistics.connectFailure != nil }
                let failuresBefore = pool.statistics.counts.connectFailures
                #expect(!pool.health.healthy)
                #expect(pool.health.available == 0)
                try await server.start()
                let back = ContinuousClock.now
                await waitUntil(pool) { pool.health.healthy }
                let acquired = pool.statistics.counts.acquired
                await waitUntil(pool) { pool.statistics.counts.acquired > acquired + 100 }
                // No assertion on the time; the machine's tests have the backoff: at most half a second.
                print("whole again after \(ContinuousClock.now - back)")
                #expect(pool.statistics.counts.connectFailures < failuresBefore + 200, "a storm")
                load.cancel()
                await load.value
                #expect(pool.health.inUse == 0)
            }
        }
    }

    @Test func whileTheServerIsAwayCallersFailFastWithTheCause() async throws {
        try await ThrowawayPostgres.with { server in
            try await withPool(url: server.url, .with { $0.minimumConnections = 1 }) { pool in
                try await pool.query("SELECT 1")
                try await server.stop(mode: "immediate")
                var refused: PoolExhaustion?
                while refused == nil {
                    do {
                        try await pool.query("SELECT 1")
                    } catch PostgresError.unavailable(let exhaustion) {
                        refused = exhaustion
                    } catch {}
                }
                #expect(refused?.connectFailure?.message.contains("Connection refused") == true)
                try await server.start()
                await untilItWorks(pool) { try await pool.query("SELECT 1") }
            }
        }
    }

    @Test func aTerminatedBackendCostsOnlyWhatRanOnIt() async throws {
        try await withPool(.with { ($0.minimumConnections, $0.maximumConnections) = (3, 3) }) { pool in
            await waitUntil(pool) { pool.statistics.idle == 3 }
            try await SharedServer.psql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aTerminatedBackendCostsOnlyWhatRanOnIt()'"
            )
            // As soon as one is seen to be dead, none of its generation is lent again.
            await waitUntil(pool) { pool.statistics.counts.closed[.lost] != nil }
            for _ in 0..<10 { try await pool.query("SELECT 1") }
            await waitUntil(pool) { pool.statistics.idle == 3 }
            #expect(pool.statistics.counts.created == 6)
        }
    }

    @Test func aBackendTerminatedWhileLentIsReplaced() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withConnection { connection in
                    try await connection.whileSleeping { sleeper in
                        try await SharedServer.psql("SELECT pg_terminate_backend(\(connection.serverProcess))")
                        _ = try await sleeper.value
                    }
                }
            }
            #expect(error?.serverError?.sqlState == "57P01")
            let one = try await pool.query("SELECT 1")[0].decode(Int.self)
            #expect(one == 1)
        }
    }

    @Test func aStreamSaysWhyTheServerEndedIt() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withConnection { connection in
                    let stream = Task { for try await _ in connection.stream("SELECT pg_sleep(600)") {} }
                    let session = "pg_stat_activity WHERE pid = \(connection.serverProcess)"
                    try await SharedServer.waitUntil("EXISTS (SELECT FROM \(session) AND wait_event = 'PgSleep')")
                    try await SharedServer.psql("SELECT pg_terminate_backend(pid) FROM \(session)")
                    try await stream.value
                }
            }
            #expect(error?.serverError?.sqlState == "57P01")
            let one = try await pool.query("SELECT 1")[0].decode(Int.self)
            #expect(one == 1)
        }
    }

    /// Ended while the writer thinks, or while the server says nothing because it waits for a lock.
    @Test(arguments: [false, true]) func aCopySaysWhyTheServerEndedIt(isAnswerAwaited: Bool) async throws {
        let table = "copied_until_ended_\(isAnswerAwaited)"
        try await SharedServer.psql("CREATE TABLE \(table) (a BIGINT)")
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withConnection { connection in
                    let session = "pg_stat_activity WHERE pid = \(connection.serverProcess)"
                    @Sendable func terminate() async throws {
                        try await SharedServer.psql("SELECT pg_terminate_backend(pid) FROM \(session)")
                        try await SharedServer.waitUntil("NOT EXISTS (SELECT FROM \(session))")
                    }
                    if isAnswerAwaited {
                        try await SharedServer.psql(
                            """
                            CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql
                            AS $$ BEGIN PERFORM pg_sleep(600); RETURN NEW; END $$;
                            CREATE TRIGGER linger AFTER INSERT ON \(table)
                            FOR EACH STATEMENT EXECUTE FUNCTION linger();
                            """)
                        let copy = Task {
                            try await connection.copyIn(table, columns: ["a"]) { try await $0.write(1) }
                        }
                        try await SharedServer.waitUntil("EXISTS (SELECT FROM \(session) AND wait_event = 'PgSleep')")
                        try await terminate()
                        _ = try await copy.value
                    } else {
                        try await connection.copyIn(table, columns: ["a"]) { writer in
                            try await writer.write(1)
                            try await terminate()
                            for number in 0..<200_000 { try await writer.write(number) }
                        }
                    }
                }
            }
            #expect(error?.serverError?.sqlState == "57P01", "\(String(describing: error))")
            let one = try await pool.query("SELECT 1")[0].decode(Int.self)
            #expect(one == 1)
        }
    }

    @Test func aHalfOpenPeerHoldsNobody() async throws {
        let proxy = try FaultProxy(target: try await SharedServer.port())
        defer { proxy.stop() }
        try await withPool(
            url: "postgres://postgres@127.0.0.1:\(proxy.port)/postgres",
            .with {
                $0.maximumConnections = 1
                $0.cleanTimeout = .milliseconds(100)
            }
        ) { pool in
            try await pool.query("SELECT 1")
            proxy.set(.frozen)
            let task = Task { try await pool.withConnection { try await $0.query("SELECT 2") } }
            // Cancelled before the statement is sent, the connection would be clean.
            await proxy.waitUntilHolding()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            await waitUntil(pool) { pool.statistics.counts.closed[.unclean] == 1 }
            proxy.set(.open)
            let three = try await pool.query("SELECT 3")[0].decode(Int.self)
            #expect(three == 3)
        }
    }

    @Test func theKeepAliveFindsAHalfOpenPeer() async throws {
        let proxy = try FaultProxy(target: try await SharedServer.port())
        defer { proxy.stop() }
        try await withPool(
            url: "postgres://postgres@127.0.0.1:\(proxy.port)/postgres",
            .with {
                ($0.minimumConnections, $0.maximumConnections) = (2, 2)
                $0.keepAlive = .milliseconds(100)
                $0.connectTimeout = .milliseconds(300)
            }
        ) { pool in
            await waitUntil(pool) { pool.statistics.idle == 2 }
            proxy.set(.frozen)
            await waitUntil(pool) { !pool.health.healthy }
            #expect(pool.statistics.counts.closed[.keepAlive, default: 0] >= 1)
            proxy.set(.open)
            await waitUntil(pool) { pool.health.healthy }
        }
    }

    @Test func aServerThatAcceptsAndNeverAnswersIsGivenUpAfterTheConnectTimeout() async throws {
        let proxy = try FaultProxy(target: try await SharedServer.port())
        proxy.set(.frozen)
        defer { proxy.stop() }
        try await withPool(
            url: "postgres://postgres@127.0.0.1:\(proxy.port)/postgres",
            .with {
                $0.connectTimeout = .milliseconds(100)
                $0.acquireTimeout = .seconds(60)
            }
        ) { pool in
            let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
            #expect(error?.description.contains("connecting fails: no answer within 0.1 s") == true)
        }
    }

    /// pgx #1354: after a cut under load some callers waited for ever.
    @Test func aCutUnderLoadLosesNoPlace() async throws {
        let proxy = try FaultProxy(target: try await SharedServer.port())
        defer { proxy.stop() }
        try await withPool(
            url: "postgres://postgres@127.0.0.1:\(proxy.port)/postgres",
            .with {
                ($0.minimumConnections, $0.maximumConnections) = (1, 4)
                $0.acquireTimeout = .seconds(1)
            }
        ) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<100 {
                    group.addTask {
                        for _ in 0..<5 {
                            _ = try? await pool.withConnection { try await $0.query("SELECT pg_sleep(0.002)") }
                        }
                    }
                    if index == 50 { proxy.set(.cut) }
                }
                proxy.set(.open)
                try await group.waitForAll()
            }
            await untilItWorks(pool) { try await pool.query("SELECT 1") }
            #expect(pool.health.inUse == 0)
            // Every place can be had at the same time: none is lost.
            try await withThrowingTaskGroup(of: Void.self) { group in
                let gate = Gate(for: 4)
                for _ in 0..<4 {
                    group.addTask {
                        try await pool.withConnection { connection in
                            try await connection.query("SELECT 1")
                            await gate.arrive()
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func aWrongDatabaseUserAndPasswordAreNamed() async throws {
        try await SharedServer.psql("CREATE ROLE locked LOGIN PASSWORD 'right'; CREATE ROLE nologin")
        let port = try await SharedServer.port()
        for (url, code) in [
            ("postgres://postgres@127.0.0.1:\(port)/nowhere", "3D000"),
            ("postgres://nobody@127.0.0.1:\(port)/postgres", "28000"),
            ("postgres://nologin@127.0.0.1:\(port)/postgres", "28000"),
        ] {
            try await withPool(url: url) { pool in
                let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
                #expect(error?.description.contains("SQLSTATE \(code)") == true)
            }
        }
    }

    @Test func aWrongPasswordIsNamedAndItsCorrectionNoticed() async throws {
        try await ThrowawayPostgres.with { server in
            try await server.psql("CREATE ROLE app LOGIN PASSWORD 'new'")
            try await server.asServer(
                "sed -i '1i host all app 127.0.0.1/32 scram-sha-256' '\(server.folder)/data/pg_hba.conf'")
            try await server.psql("SELECT pg_reload_conf()")
            try await withPool(
                url: "postgres://app:old@127.0.0.1:\(server.port)/postgres", .with { $0.minimumConnections = 1 }
            ) { pool in
                let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
                #expect(error?.description.contains("SQLSTATE 28P01") == true, "\(String(describing: error))")
                #expect(error?.description.contains("old") == false)
                try await server.psql("ALTER ROLE app PASSWORD 'old'")
                await untilItWorks(pool) { try await pool.query("SELECT 1") }
            }
        }
    }

    @Test func tooManyConnectionsFailNobodyWhileSomeAreOut() async throws {
        try await SharedServer.psql("CREATE ROLE few LOGIN CONNECTION LIMIT 2")
        try await withPool(
            url: "postgres://few@127.0.0.1:\(try await SharedServer.port())/postgres",
            .with {
                $0.maximumConnections = 6
                $0.acquireTimeout = .seconds(60)
            }
        ) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<60 {
                    group.addTask { _ = try await pool.withConnection { try await $0.query("SELECT pg_sleep(0.01)") } }
                }
                try await group.waitForAll()
            }
            #expect(pool.statistics.connectFailure?.sqlState == "53300")
        }
    }

    /// gpustack #6105: three days of failed writes on a demoted primary that answered every health check.
    @Test func aDemotedPrimaryIsLeft() async throws {
        try await ThrowawayPostgres.with { server in
            try await server.psql("CREATE TABLE written (id INT)")
            try await withPool(url: server.url, .with { ($0.minimumConnections, $0.maximumConnections) = (3, 3) }) {
                pool in
                await waitUntil(pool) { pool.statistics.idle == 3 }
                try await server.psql("ALTER SYSTEM SET default_transaction_read_only = on; SELECT pg_reload_conf()")
                while pool.statistics.counts.closed[.generation, default: 0] < 3 {
                    do {
                        try await pool.query("INSERT INTO written VALUES (1)")
                    } catch let error as PostgresError {
                        #expect(error.serverError?.sqlState == "25006")
                    }
                }
                try await server.psql(
                    "SET default_transaction_read_only = off; ALTER SYSTEM RESET default_transaction_read_only; SELECT pg_reload_conf()"
                )
                await untilItWorks(pool) { try await pool.query("INSERT INTO written VALUES (2)") }
            }
        }
    }

    @Test func aFullDiskIsReportedAndTheConnectionKept() async throws {
        try await ThrowawayPostgres.with(fileLimit: 8) { server in
            try await withPool(url: server.url, .with { $0.maximumConnections = 1 }) { pool in
                try await pool.query("CREATE TABLE big (text TEXT)")
                try await pool.query("ALTER TABLE big ALTER text SET STORAGE EXTERNAL")
                let fill: PostgresQuery = "INSERT INTO big SELECT repeat('x', 10000) FROM generate_series(1, 100)"
                let error = await #expect(throws: PostgresError.self) { while true { try await pool.query(fill) } }
                #expect(error?.serverError?.sqlState == "53100", "\(String(describing: error))")
                #expect(pool.health.healthy, "the disk is full, not the server away")
                try await pool.query("TRUNCATE big")
                try await pool.query(fill)
                #expect(pool.statistics.counts.created == 1)
            }
        }
    }

    /// Mixed callers, faults and cancellations against a real server; the seed is printed.
    @Test func nothingIsLostUnderARandomSchedule() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("random schedule, seed \(seed)")
        let proxy = try FaultProxy(target: try await SharedServer.port())
        defer { proxy.stop() }
        try await withPool(
            url: "postgres://postgres@127.0.0.1:\(proxy.port)/postgres",
            .with {
                ($0.minimumConnections, $0.maximumConnections) = (1, 5)
                $0.acquireTimeout = .milliseconds(500)
                $0.cleanTimeout = .milliseconds(500)
            }
        ) { pool in
            await withDiscardingTaskGroup { group in
                for index in 0..<2_000 {
                    group.addTask {
                        var random = SplitMix(seed: seed &+ UInt64(index))
                        await Self.actAtRandom(on: pool, &random)
                    }
                    if index % 400 == 399 {
                        proxy.set(.cut)
                        await Task.yield()
                        proxy.set(.open)
                    }
                }
            }
            await untilItWorks(pool) { try await pool.query("SELECT 1") }
            await waitUntil(pool) { pool.health.inUse == 0 && pool.statistics.waiting == 0 }
            #expect(pool.health.available == 5, "seed \(seed)")
            let open = try await pool.withConnection { try await $0.isInTransaction }
            #expect(!open, "seed \(seed)")
        }
    }

    private static func actAtRandom(on pool: PostgresPool, _ random: inout SplitMix) async {
        let kind = Int.random(in: 0..<6, using: &random)
        let pauses = Int.random(in: 0..<30, using: &random)
        let caller = Task {
            switch kind {
            case 0: try await pool.query("SELECT pg_sleep(0.001)")
            case 1: try await pool.query("SELECT 1/0")
            case 2: try await pool.withTransaction { try await $0.query("SELECT 1") }
            case 3: try await pool.withConnection { try await $0.query("BEGIN") }
            case 4:
                try await pool.withConnection { connection in
                    for try await _ in connection.stream("SELECT generate_series(1, 1000)") { break }
                }
            default: try await pool.query("SELECT 1")
            }
        }
        if pauses < 10 {
            for _ in 0..<pauses { await Task.yield() }
            caller.cancel()
        }
        _ = await caller.result
    }
}
