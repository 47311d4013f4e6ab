import Foundation
import PostgresFixture
import Testing

/// The command on a server: the same subcommands, the fleet's database.
@Suite(.serialized) struct PostgresWatchTests {
    private static let server = Task {
        let server = try await ThrowawayPostgres.start()
        try await server.asServer(
            "printf 'host all locked 127.0.0.1/32 scram-sha-256\\n' | cat - '\(server.folder)/data/pg_hba.conf' > '\(server.folder)/hba' && mv '\(server.folder)/hba' '\(server.folder)/data/pg_hba.conf'"
        )
        try await server.psql("SELECT pg_reload_conf()")
        try await server.psql("CREATE USER locked PASSWORD 'right'")
        return server
    }

    private func database() async throws -> String {
        let server = try await Self.server.value
        let name = "pitwall_\(UUID().uuidString.lowercased().filter { $0 != "-" })"
        try await server.psql("CREATE DATABASE \(name)")
        return "postgres://postgres@127.0.0.1:\(server.port)/\(name)"
    }

    @Test func migrateReportAndMark() async throws {
        let url = try await database()
        try await withTemporaryFolder { folder in
            let before = try await Command.run(["migrate", "--check", "--database-url", url], in: folder)
            #expect(before.status == 1)
            #expect(before.output.hasPrefix("Missing tables: permits, pitwall_instances, "))
            let migrated = try await Command.run(["migrate"], environment: ["DATABASE_URL": url], in: folder)
            #expect(migrated.output == "The tables are up to date.\n")
            #expect(migrated.errors == "")
            let after = try await Command.run(["migrate", "--check", "--database-url", url], in: folder)
            #expect(after.output == "All tables are there.\n")
            let mark = try await Command.run(["mark", "deploy 1", "--database-url", url], in: folder)
            #expect(mark.output == "Marked 'deploy 1'.\n")
            let report = try await Command.run(["report", "--database-url", url, "--format", "json"], in: folder)
            #expect(report.output.contains("\"name\":\"deploy 1\""))
            #expect(report.status == 0)
        }
    }

    @Test func theServiceServesFromThePoolAndSaysHowItIs() async throws {
        let url = try await database()
        let token = "a-token-for-the-tests"
        try await withTemporaryFolder { folder in
            let result = try await Command.serve(
                environment: [
                    "DATABASE_URL": url, "ADMIN_TOKEN": token, "PITWALL_DRAIN_SECONDS": "0.1", "LOG_LEVEL": "error",
                ], in: folder
            ) { service in
                let bearer = ["authorization": "Bearer \(token)"]
                let health = try await Web.get(service.url + "/health")
                #expect(health.status == 200)
                #expect(health.body.contains(#""pool":{"available":"#))
                #expect(health.body.contains(#""healthy":true"#))
                let search = try await Web.get(service.url + "/search?q=valencia")
                #expect(search.status == 200)
                #expect(search.body.contains("permits"))
                let page = try await Web.get(service.url + "/admin/perf", bearer)
                #expect(page.body.contains("Database connections"))
                #expect(page.body.contains("Healthy."))
                let metrics = try await Web.get(service.url + "/metrics", bearer)
                let maximum = "db_client_connection_max{db_client_connection_pool_name=\"pitwall\"} 10"
                #expect(metrics.body.contains(maximum))
                #expect(metrics.body.contains("db_client_connection_wait_time_seconds_count"))
            }
            #expect(result.status == 0)
            #expect(result.errors == "")
        }
        let name = url.split(separator: "/").last.map(String.init) ?? ""
        let left = try await Self.server.value.psql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(name)' AND pid <> pg_backend_pid()")
        #expect(left == "0", "nothing is left on the server")
        let drained = try await Self.server.value.psql("SELECT count(*) > 0 FROM pitwall_totals", database: name)
        #expect(drained == "t")
    }

    /// A server that is held keeps its connections and answers nothing: whoever asks for health is told within seconds.
    @Test func aServerThatIsHeldIsUnhealthyUntilItGoesOn() async throws {
        try await ThrowawayPostgres.with { server in
            try await withTemporaryFolder { folder in
                let result = try await Command.serve(
                    environment: [
                        "DATABASE_URL": server.url, "ADMIN_TOKEN": "a-token-for-the-tests", "LOG_LEVEL": "critical",
                        "DB_CONNECT_TIMEOUT": "2s", "DB_STATEMENT_TIMEOUT": "2s",
                    ], in: folder
                ) { service in
                    #expect(try await Web.get(service.url + "/health").status == 200)
                    try await server.whileHeld {
                        var health = try await Web.get(service.url + "/health")
                        #expect(health.status == 503)
                        #expect(health.body.contains("the database does not answer"))
                        while !health.body.contains(#""healthy":false"#) {
                            health = try await Web.get(service.url + "/health")
                            #expect(health.status == 503)
                        }
                    }
                    while try await Web.get(service.url + "/health").status != 200 {}
                }
                #expect(result.status == 0)
            }
        }
    }

    @Test func aURLThatIsWrongIsOneLineThatSaysWhat() async throws {
        let port = try await Self.server.value.port
        let silent = try freePort()
        let mistakes: [(url: String, status: Int32, start: String)] = [
            (
                "postgres://locked:wrong@127.0.0.1:\(port)/postgres", 69,
                "127.0.0.1:\(port)/postgres: user or password is refused: "
            ),
            (
                "postgres://postgres@127.0.0.1:\(port)/nowhere", 69,
                "127.0.0.1:\(port)/nowhere: there is no such database: "
            ),
            ("postgres://postgres@no.such.host.invalid/x", 69, "no.such.host.invalid:5432/x: the host is not known: "),
            ("postgres://postgres@127.0.0.1:\(silent)/x", 69, "127.0.0.1:\(silent)/x: nobody answers there: "),
            (
                "postgres://postgres@127.0.0.1:\(port)/x?sslmode=require", 69,
                "127.0.0.1:\(port)/x: no secure connection can be made: "
            ),
            (
                "postgres://postgres@127.0.0.1:\(port)/x?sslmode=sometimes", 69,
                "127.0.0.1:\(port)/x: it cannot be connected to: invalid sslmode value: \"sometimes\". Mend that"
            ),
            (
                "postgres://postgres@127.0.0.1:\(port)/postgres?target_session_attrs=standby", 69,
                "127.0.0.1:\(port)/postgres: no server there has the role that is asked for: "
            ),
            ("postgres://postgres:secret@secret@127.0.0.1:\(port)/x", 64, "DATABASE_URL=(hidden): postgres://user:"),
            ("postgres:x", 64, "the database URL 'postgres:x' names no server; write postgres://"),
            (
                "mysql://root:secret@h/d", 64,
                "the database URL 'mysql://…@h/d' has the unknown scheme 'mysql'; write sqlite:FILE"
            ),
        ]
        try await withTemporaryFolder { folder in
            for (url, status, start) in mistakes {
                for command in [["migrate"], ["report"], ["mark", "x"], ["serve", "--port", "0"]] {
                    let result = try await Command.run(command + ["--database-url", url], in: folder)
                    #expect(result.status == status, "\(command) \(url)")
                    #expect(result.errors.hasPrefix("pitwall: " + start), "\(command) \(result.errors)")
                    #expect(result.errors.split(separator: "\n").count == 1, "\(command) \(result.errors)")
                    #expect(!result.errors.contains("secret") && !result.errors.contains("wrong@"))
                }
            }
        }
    }

    @Test func aSettingOfThePoolThatIsWrongIsNamed() async throws {
        let url = try await database()
        try await withTemporaryFolder { folder in
            let result = try await Command.run(
                ["report", "--database-url", url], environment: ["DB_STATEMENT_TIMEOUT": "30 parsecs"], in: folder)
            #expect(result.status == 64)
            #expect(result.errors.hasPrefix("pitwall: DB_STATEMENT_TIMEOUT=30 parsecs: "))
        }
    }

    @Test func duckDBWithoutItsLibraryIsOneLine() async throws {
        try await withTemporaryFolder { folder in
            let result = try await Command.run(
                ["report", "--database-url", "duckdb:metrics.duckdb"],
                environment: ["DUCKDB_LIBRARY": "/no/such/library.so"], in: folder)
            #expect(result.status == 69)
            #expect(result.errors.hasPrefix("pitwall: DUCKDB_LIBRARY=/no/such/library.so: it is no DuckDB library ("))
            let serve = try await Command.run(["serve", "--database-url", "duckdb:metrics.duckdb"], in: folder)
            #expect(serve.status == 64)
            #expect(
                serve.errors
                    == "pitwall: the database URL 'duckdb:metrics.duckdb' cannot be used here: the demo service "
                    + "keeps its permits in SQLite or Postgres; write sqlite:FILE or "
                    + "postgres://user:password@host:port/database\n")
        }
    }
}
