import Foundation
import PostgresFixture
import Synchronization
import Testing

@testable import PostgresPool

/// How a pool comes back to its size, and from where. See docs/tune-fault-tests.md.
@Suite(.timeLimit(.minutes(10))) struct ReconnectTests {
    /// Has so many connections at the same time.
    private func holdAtOnce(_ count: Int, _ pool: PostgresPool) async throws {
        let gate = Gate(for: count)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
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

    /// psycopg's test_reconnect_after_grow_failed.
    @Test func aPoolThatCouldNotGrowGrowsLater() async throws {
        try await SharedServer.psql("CREATE ROLE growing LOGIN CONNECTION LIMIT 1")
        try await withPool(
            url: "postgres://growing@127.0.0.1:\(try await SharedServer.port())/postgres",
            .with { ($0.minimumConnections, $0.maximumConnections) = (1, 4) }
        ) { pool in
            try await pool.withConnection { connection in
                let waiting = Task { try await pool.withConnection { try await $0.query("SELECT 1") } }
                await waitUntil(pool) { pool.statistics.connectFailure?.cause == .tooManyConnections }
                try await SharedServer.psql("ALTER ROLE growing CONNECTION LIMIT 4")
                _ = try await waiting.value
                try await connection.query("SELECT 1")
            }
            try await holdAtOnce(4, pool)
            #expect(pool.statistics.connectFailure == nil)
        }
    }

    /// HikariCP's testCredentialRotation: with a password file, which libpq reads at every connect, the new password is
    /// used without a restart, and connections made with the old one work on.
    @Test func aPasswordIsChangedUnderARunningPool() async throws {
        try await ThrowawayPostgres.with { server in
            try await server.psql("CREATE ROLE rotated LOGIN PASSWORD 'old'")
            try await server.asServer(
                "sed -i '1i host all rotated 127.0.0.1/32 scram-sha-256' '\(server.folder)/data/pg_hba.conf'")
            try await server.psql("SELECT pg_reload_conf()")
            let file = NSTemporaryDirectory() + "pitwall-passfile-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: file) }
            @Sendable func write(password: String) throws {
                try Data("*:*:*:rotated:\(password)\n".utf8).write(to: URL(fileURLWithPath: file))
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
            }
            try write(password: "old")
            try await withPool(
                url: "postgres://rotated@127.0.0.1:\(server.port)/postgres?passfile=\(file)",
                .with { $0.maximumConnections = 2 }
            ) { pool in
                try await pool.withConnection { connection in
                    try await server.psql("ALTER ROLE rotated PASSWORD 'new'")
                    try write(password: "new")
                    // A second connection, with the new password; the first, made with the old, works on.
                    try await pool.withConnection { _ in }
                    try await connection.query("SELECT 1")
                }
                #expect(pool.statistics.counts.connectFailures == 0)
            }
        }
    }

    /// npgsql's tests of several hosts: one that is down costs nothing but the attempt.
    @Test func aHostThatIsDownIsPassedOver() async throws {
        let (nobody, port) = (try freePort(), try await SharedServer.port())
        try await withPool(url: "postgres://postgres@127.0.0.1:\(nobody),127.0.0.1:\(port)/postgres") { pool in
            let found = try await pool.query("SELECT inet_server_port()")[0].decode(Int.self)
            #expect(found == port)
            #expect(pool.statistics.counts.connectFailures == 0)
        }
    }

    /// PgBouncer's server_check_query_default_negative: what stood between is killed while connections lie idle, and
    /// nobody notices.
    @Test func aCutWhileIdleFailsNobody() async throws {
        let proxy = try FaultProxy(target: try await SharedServer.port())
        defer { proxy.stop() }
        try await withPool(
            url: "postgres://postgres@127.0.0.1:\(proxy.port)/postgres",
            .with { ($0.minimumConnections, $0.maximumConnections) = (3, 3) }
        ) { pool in
            await waitUntil(pool) { pool.statistics.idle == 3 }
            proxy.set(.cut)
            proxy.set(.open)
            await waitUntil(pool) { !pool.statistics.counts.closed.isEmpty }
            for _ in 0..<10 { try await pool.query("SELECT 1") }
            try await holdAtOnce(3, pool)
        }
    }

    /// psycopg's test_connect_check_timeout: login succeeds, and what follows it is never answered. Here PgBouncer has
    /// its only server connection lent out, so that the statement timeout cannot be set.
    @Test func settingUpAConnectionEndsWithTheConnectTimeout() async throws {
        let server = try await SharedServer.port()
        try await ThrowawayPgBouncer.with(server: server, settings: ["default_pool_size = 1"]) { pooler in
            try await withPool(url: pooler.url, name: "holder", .with { $0.maximumConnections = 1 }) { holder in
                try await holder.withTransaction { connection in
                    try await connection.query("SELECT 1")
                    try await withPool(
                        url: pooler.url, .with { ($0.maximumConnections, $0.connectTimeout) = (1, .milliseconds(200)) }
                    ) { pool in
                        let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
                        guard case .unavailable(let exhaustion) = error else {
                            Issue.record("\(String(describing: error))")
                            return
                        }
                        #expect(
                            exhaustion.connectFailure?.message
                                == "cannot set statement_timeout: no answer within 0.2 s")
                    }
                }
            }
        }
    }

    /// psycopg's test_check_backoff against a real server, which ends idle sessions at once: the minimum is not connected
    /// for without end. The pauses are those of the machine's test; here they exist.
    @Test func aServerThatHangsUpAfterLoginIsLeftInPeace() async throws {
        try await SharedServer.psql("CREATE ROLE unwanted LOGIN; ALTER ROLE unwanted SET idle_session_timeout = 1")
        try await withPool(
            url: "postgres://unwanted@127.0.0.1:\(try await SharedServer.port())/postgres",
            .with { ($0.minimumConnections, $0.maximumConnections) = (1, 1) }
        ) { pool in
            await waitUntil(pool) { pool.state.withLock { $0.machine.shortLived.inARow } >= 2 }
            #expect(pool.statistics.connectFailure == nil)
        }
    }
}
