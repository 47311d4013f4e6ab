import Foundation
import Testing

@Suite struct MigrateTests {
    @Test func checkNamesWhatIsMissing() async throws {
        try await withTemporaryFolder { folder in
            let before = try await Command.run(
                ["migrate", "--check", "--database-url", "sqlite:new.sqlite"], in: folder)
            #expect(before.status == 1)
            #expect(before.output.hasPrefix("Missing tables: permits, permits_search, "))
            #expect(before.output.hasSuffix(", request_metrics\n"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])

            // A file that another program made, without our tables.
            try Data().write(to: folder.appendingPathComponent("new.sqlite"))
            let empty = try await Command.run(
                ["migrate", "--check", "--database-url", "sqlite:new.sqlite"], in: folder)
            #expect(empty.status == 1)
            #expect(empty.output.hasPrefix("Missing tables: permits, permits_search, pitwall_"))
            #expect(empty.output.contains("request_metrics"))

            let migrated = try await Command.run(["migrate", "--database-url", "sqlite:new.sqlite"], in: folder)
            #expect(migrated.status == 0)
            #expect(migrated.output == "The tables are up to date.\n")
            let after = try await Command.run(
                ["migrate", "--check", "--database-url", "sqlite:new.sqlite"], in: folder)
            #expect(after.status == 0)
            #expect(after.output == "All tables are there.\n")
        }
    }

    @Test func aDroppedTableComesBack() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("one.sqlite").path
            let url = ["--database-url", "sqlite:one.sqlite"]
            #expect(try await Command.run(["migrate"] + url, in: folder).status == 0)
            try await Command.sqlite(file, "DROP TABLE request_metrics; DROP TABLE permits")
            let missing = try await Command.run(["migrate", "--check"] + url, in: folder)
            #expect(missing.output == "Missing tables: permits, request_metrics\n")
            #expect(try await Command.run(["migrate"] + url, in: folder).status == 0)
            #expect(try await Command.run(["migrate", "--check"] + url, in: folder).status == 0)
        }
    }

    @Test func checkChangesNothing() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("foreign.sqlite")
            try await Command.sqlite(
                file.path, "CREATE TABLE request_metrics (path TEXT); INSERT INTO request_metrics VALUES ('/')")
            let before = try Data(contentsOf: file)
            let check = try await Command.run(
                ["migrate", "--check", "--database-url", "sqlite:foreign.sqlite"], in: folder)
            #expect(check.status == 1)
            #expect(try Data(contentsOf: file) == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["foreign.sqlite"])
        }
    }

    /// What another program wrote must not end a process, whatever its type.
    @Test(arguments: [
        "INSERT INTO pitwall_marks (at, name) VALUES (strftime('%s', 'now'), x'fffe')",
        "INSERT INTO pitwall_marks (at, name) VALUES (x'00', 'x')",
        "UPDATE pitwall_series SET route = x'fffe'", "UPDATE pitwall_series SET status = 'many'",
        "UPDATE pitwall_series SET surface = x'ff'", "UPDATE pitwall_totals SET server_errors = x'ff'",
        "UPDATE pitwall_totals SET histogram = 'text'", "UPDATE pitwall_rollups SET histogram = x'0102'",
        "UPDATE pitwall_instances SET name = x'fffe'", "UPDATE pitwall_instances SET last_sequence = 'last'",
        "UPDATE pitwall_written SET bytes = x'ff'", "UPDATE request_metrics SET path = x'fffe', duration_ms = 'long'",
    ])
    func wrongTypesInTheFile(_ statement: String) async throws {
        try await withTemporaryFolder { folder in
            let environment = ["LOG_LEVEL": "critical", "PITWALL_SAMPLE_RATE": "1", "PITWALL_DRAIN_SECONDS": "0.1"]
            let url = ["--database-url", "sqlite:one.sqlite"]
            _ = try await Command.serve(url, environment: environment, in: folder) { service in
                _ = try await Web.get(service.url + "/health")
            }
            try await Command.sqlite(folder.appendingPathComponent("one.sqlite").path, statement)
            let report = try await Command.run(["report", "--window", "1h"] + url, in: folder)
            #expect(report.status == 0 || report.status == 65, "\(report.status) \(report.errors)")
        }
    }

    @Test func manyAtOnce() async throws {
        try await withTemporaryFolder { folder in
            try await withThrowingTaskGroup(of: Command.Result.self) { group in
                for _ in 0..<4 { group.addTask { try await Command.run(["migrate"], in: folder) } }
                for try await result in group { #expect(result.status == 0, "\(result.errors)") }
            }
            #expect(try await Command.run(["migrate", "--check"], in: folder).status == 0)
        }
    }
}
