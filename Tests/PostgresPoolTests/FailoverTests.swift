import PostgresFixture
import Testing

@testable import PostgresPool

/// Two real servers, the second following the first by streaming replication.
@Suite(.serialized, .timeLimit(.minutes(10))) struct FailoverTests {
    private func withPair(
        _ body: @Sendable (_ primary: ThrowawayPostgres, _ standby: ThrowawayPostgres) async throws -> Void
    ) async throws {
        try await ThrowawayPostgres.with { primary in
            try await primary.psql("CREATE TABLE written (id INT)")
            let standby = try await primary.startStandby()
            do {
                try await body(primary, standby)
                await standby.destroy()
            } catch {
                await standby.destroy()
                throw error
            }
        }
    }

    @Test func aPromotedStandbyIsFoundByItsRole() async throws {
        try await withPair { primary, standby in
            let url =
                "postgres://postgres@127.0.0.1:\(standby.port),127.0.0.1:\(primary.port)/postgres?target_session_attrs=read-write"
            try await withPool(url: url, .with { ($0.minimumConnections, $0.maximumConnections) = (2, 4) }) { pool in
                let before = try await pool.query("SELECT inet_server_port()")[0].decode(Int.self)
                #expect(before == primary.port, "the standby is named first, and passed over")
                try await pool.query("INSERT INTO written VALUES (1)")
                try await primary.stop(mode: "immediate")
                try await standby.promote()
                await untilItWorks(pool) { try await pool.query("INSERT INTO written VALUES (2)") }
                let after = try await pool.query("SELECT inet_server_port()")[0].decode(Int.self)
                #expect(after == standby.port)
                #expect(pool.health.healthy)
            }
        }
    }

    /// gpustack #6105, and asyncpg's full_reconnect_on_node_change_role: connections to a standby answer every question
    /// and refuse every write.
    @Test func connectionsToAStandbyAreLeftWhenAWriteIsRefused() async throws {
        try await withPair { primary, standby in
            try await withPool(url: standby.url, .with { ($0.minimumConnections, $0.maximumConnections) = (3, 3) }) {
                pool in
                await waitUntil(pool) { pool.statistics.idle == 3 }
                try await pool.query("SELECT 1")
                while pool.statistics.counts.closed[.generation, default: 0] < 3 {
                    let error = await #expect(throws: PostgresError.self) {
                        try await pool.query("INSERT INTO written VALUES (1)")
                    }
                    #expect(error?.serverError?.sqlState == "25006", "\(String(describing: error))")
                }
                try await standby.promote()
                await untilItWorks(pool) { try await pool.query("INSERT INTO written VALUES (2)") }
            }
        }
    }
}
