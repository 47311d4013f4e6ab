import Foundation
import PostgresFixture
import Synchronization
import Testing

@testable import PostgresPool

/// What a borrower may leave behind, and what the next one gets.
@Suite(.timeLimit(.minutes(10))) struct LendingTests {
    /// Lets a borrower do something to the only connection, and returns what the next one reads on it.
    private func afterwards(
        _ statement: PostgresQuery, name: String = #function,
        read: @escaping @Sendable (PostgresConnection) async throws -> String
    ) async throws -> (same: Bool, value: String) {
        try await withPool(name: name, .with { $0.maximumConnections = 1 }) { pool in
            let before = try await pool.withConnection { connection in
                _ = try? await connection.query(statement)
                return connection.serverProcess
            }
            return try await pool.withConnection { connection in
                (connection.serverProcess == before, try await read(connection))
            }
        }
    }

    @Test func rollsBackAnOpenTransaction() async throws {
        let (same, value) = try await afterwards("BEGIN") { connection in
            try await connection.isInTransaction.description
        }
        #expect(same)
        #expect(value == "false")
    }

    @Test func rollsBackAFailedTransaction() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.withConnection { connection in
                try await connection.query("BEGIN")
                await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1/0") }
            }
            let one = try await pool.query("SELECT 1")[0].decode(Int.self)
            #expect(one == 1)
        }
    }

    @Test func discardsASetting() async throws {
        let (same, value) = try await afterwards("SET work_mem = '123MB'") { connection in
            try await connection.query("SHOW work_mem")[0].decode(String.self)
        }
        #expect(same)
        #expect(value == "4MB")
    }

    @Test func discardsASettingMadeByAFunction() async throws {
        let (_, value) = try await afterwards("SELECT set_config('work_mem', '123MB', false)") { connection in
            try await connection.query("SHOW work_mem")[0].decode(String.self)
        }
        #expect(value == "4MB")
    }

    @Test func keepsTheStatementTimeoutWhenItDiscardsSettings() async throws {
        let (_, value) = try await afterwards("SET statement_timeout = 0") { connection in
            try await connection.query("SHOW statement_timeout")[0].decode(String.self)
        }
        #expect(value == "30s")
    }

    @Test func dropsATemporaryTable() async throws {
        let (_, value) = try await afterwards("CREATE TEMP TABLE left_behind (x INT)") { connection in
            try await connection.query("SELECT count(*)::text FROM pg_class WHERE relname = 'left_behind'")[0]
                .decode(String.self)
        }
        #expect(value == "0")
    }

    @Test func releasesAnAdvisoryLock() async throws {
        let (_, value) = try await afterwards("SELECT pg_advisory_lock(4711)") { connection in
            try await connection.query(
                "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711")[0]
                .decode(String.self)
        }
        #expect(value == "0")
    }

    @Test func stopsListening() async throws {
        let (_, value) = try await afterwards("LISTEN somewhere") { connection in
            try await connection.query("SELECT count(*)::text FROM pg_listening_channels()")[0].decode(String.self)
        }
        #expect(value == "0")
    }

    @Test func preparesAgainAfterTheServerForgot() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            for _ in 0..<3 { try await pool.query("SELECT 1") }
            try await pool.withConnection { connection in
                try await connection.query("DEALLOCATE ALL")
                // Still in the same lease: the cache does not know.
                let one = try await connection.query("SELECT 1")[0].decode(Int.self)
                #expect(one == 1)
            }
        }
    }

    /// In whatever way the server was made to forget: the connection goes on preparing.
    @Test(arguments: ["DEALLOCATE ALL", "DISCARD ALL", "DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$"])
    func goesOnPreparingAfterTheBorrowerMadeTheServerForget(statement: String) async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.withConnection { connection in
                for _ in 0..<3 { try await connection.query("SELECT 1") }
                try await connection.query(PostgresQuery(trusted: statement))
                for _ in 0..<3 {
                    let one = try await connection.query("SELECT 1")[0].decode(Int.self)
                    #expect(one == 1)
                }
                let prepared: PostgresQuery = "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 1'"
                let names = try await connection.query(prepared)[0].decode(Int.self)
                #expect(names == 1)
            }
        }
    }

    /// The text says so before anything is sent: not even a transaction fails.
    @Test func aTransactionInWhichStatementsAreDeallocatedGoesOn() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            for _ in 0..<3 { try await pool.query("SELECT 1") }
            try await pool.withTransaction { connection in
                try await connection.query("DEALLOCATE ALL")
                try await connection.query("SELECT 1")
                try await connection.query("SELECT 1")
            }
        }
    }

    @Test func preparesAgainAfterATableHasChanged() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await pool.query("CREATE TABLE changing (a INT)")
            try await pool.query("INSERT INTO changing VALUES (1)")
            for _ in 0..<3 { try await pool.query("SELECT * FROM changing") }
            try await pool.query("ALTER TABLE changing ADD COLUMN b INT DEFAULT 2")
            let row = try await pool.query("SELECT * FROM changing")[0].decode(Int.self, Int.self)
            #expect(row == (1, 2))
        }
    }

    @Test func endsAStreamLeftEarly() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            let process = try await pool.withConnection { connection in
                for try await _ in connection.stream("SELECT generate_series(1, 100000000)") { break }
                return connection.serverProcess
            }
            let (one, next) = try await pool.withConnection { connection in
                (try await connection.query("SELECT 1")[0].decode(Int.self), connection.serverProcess)
            }
            #expect(one == 1)
            #expect(next == process, "read to its end, not closed")
        }
    }

    @Test func goesOnAfterAStreamLeftEarlyInsideATransaction() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            let one = try await pool.withTransaction { connection in
                for try await _ in connection.stream("SELECT generate_series(1, 100000)") { break }
                return try await connection.query("SELECT 1")[0].decode(Int.self)
            }
            #expect(one == 1)
        }
    }

    @Test func aCancelledTaskCancelsItsStatementOnTheServer() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            // The one connection holds a lock, taken by a function into which the pool does not look; the statement gives
            // it back, which is the event that says that it runs.
            let lock = 4_711_001
            try await SharedServer.psql(
                "CREATE OR REPLACE FUNCTION hold_for_cancel() RETURNS void LANGUAGE sql AS 'SELECT pg_advisory_lock(\(lock))'"
            )
            try await pool.query("SELECT hold_for_cancel()")
            let task = Task {
                try await pool.query("SELECT pg_advisory_unlock(\(lock)), pg_sleep(60), 'to be cancelled'")
            }
            try await SharedServer.psql("SELECT pg_advisory_lock(\(lock))")
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let one = try await pool.query("SELECT 1")[0].decode(Int.self)
            #expect(one == 1)
            let active = try await SharedServer.psql(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%to be cancelled%' AND state = 'active' AND pid <> pg_backend_pid()"
            )
            #expect(active == "0")
        }
    }

    @Test func aCancelHitsNobodyElse() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        let query = Task { try await pool.query("SELECT \(index), pg_sleep(0.001)") }
                        if index % 4 == 0 { query.cancel() }
                        do {
                            let value = try await query.value[0].decode(Int.self)
                            #expect(value == index)
                        } catch is CancellationError {
                            #expect(index % 4 == 0, "nobody asked for this cancellation")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func aHandleKeptBeyondTheClosureIsRefused() async throws {
        try await withPool { pool in
            let kept = try await pool.withConnection { $0 }
            let error = await #expect(throws: PostgresError.self) { try await kept.query("SELECT 1") }
            #expect(
                error?.description
                    == "this connection was given back when its closure returned; use it inside the closure only"
            )
        }
    }

    @Test func aStreamHasTheConnectionForItself() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                var rows = connection.stream("SELECT generate_series(1, 3)").makeAsyncIterator()
                _ = try await rows.next()
                let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
                guard case .connectionBusy = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test func statementsOfSeveralTasksShareOneConnection() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<500 {
                    group.addTask { try await pool.query("SELECT \(index)")[0].decode(Int.self) }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 124_750)
            #expect(pool.statistics.counts.created == 1)
        }
    }

    @Test func anErrorInAPipelineIsItsOwn() async throws {
        try await withPool(.with { $0.maximumConnections = 1 }) { pool in
            let failures = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<100 {
                    group.addTask {
                        do {
                            let value = try await pool.query("SELECT 10 / \(index % 10)::int")[0].decode(Int.self)
                            return value < 0
                        } catch let error as PostgresError where error.serverError?.sqlState == "22012" {
                            return true
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(failures == 10)
        }
    }

    @Test(arguments: [
        ("SET ROLE pg_monitor", "SELECT current_user::text", "postgres"),
        ("SET SESSION AUTHORIZATION pg_monitor", "SELECT session_user::text", "postgres"),
        ("DECLARE my CURSOR WITH HOLD FOR SELECT 1", "SELECT count(*)::text FROM pg_cursors WHERE name = 'my'", "0"),
        ("PREPARE my AS SELECT 1", "SELECT count(*)::text FROM pg_prepared_statements WHERE name = 'my'", "0"),
        ("SELECT 1 INTO TEMP kept_a", "SELECT count(*)::text FROM pg_class WHERE relname = 'kept_a'", "0"),
        ("CREATE TABLE pg_temp.kept_b (a INT)", "SELECT count(*)::text FROM pg_class WHERE relname = 'kept_b'", "0"),
        ("DO $$ BEGIN PERFORM set_config('work_mem', '9MB', false); END $$", "SHOW work_mem", "4MB"),
        ("EXPLAIN ANALYZE SELECT set_config('work_mem', '9MB', false)", "SHOW work_mem", "4MB"),
        ("UPDATE pg_settings SET setting = '9216' WHERE name = 'work_mem'", "SHOW work_mem", "4MB"),
        ("DO $$ BEGIN CREATE TEMP TABLE kept_c (); END $$", "SELECT (to_regclass('kept_c') IS NULL)::text", "true"),
        ("DECLARE my CURSOR WITH HOLD FOR VALUES (1)", "SELECT count(*)::text FROM pg_cursors WHERE is_holdable", "0"),
        ("SELECT pg_try_advisory_lock_shared(815)", "SELECT count(*)::text FROM pg_locks WHERE objid = 815", "0"),
        ("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "SHOW default_transaction_read_only", "off"),
        ("LISTEN roundabout", "SELECT count(*)::text FROM pg_listening_channels()", "0"),
        ("SET search_path = pg_catalog", "SHOW search_path", "\"$user\", public"),
    ])
    func discardsWhatIsLeftInRoundaboutWays(statement: String, look: String, expected: String) async throws {
        let (same, value) = try await afterwards(PostgresQuery(trusted: statement)) { connection in
            try await connection.query(PostgresQuery(trusted: look))[0].decode(String.self)
        }
        #expect(same)
        #expect(value == expected)
    }

    /// `DISCARD ALL` leaves these as they are, so the session has to end.
    @Test(arguments: [
        "SELECT pg_create_physical_replication_slot('pitwall_kept', true, true)", "SELECT pg_backup_start('kept')",
        "SELECT setseed(0.5)", "LOAD 'auto_explain'",
    ])
    func endsASessionThatNoResetCleans(statement: String) async throws {
        let (same, _) = try await afterwards(PostgresQuery(trusted: statement)) { _ in "" }
        #expect(!same)
        try await SharedServer.waitUntil(
            "NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = 'pitwall_kept')")
    }
}
