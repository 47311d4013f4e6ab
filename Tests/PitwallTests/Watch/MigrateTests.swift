import Foundation
import Testing

@Suite struct MigrateTests {
    @Test func checkNamesWhatIsMissing() async throws {
        try await withTemporaryFolder { folder in
            let before = try await Command.run(
                ["migrate", "--check", "--database-url", "sqlite:new.sqlite"], in: folder)
            #expect(before.status == 69)
            #expect(before.errors.contains("there is no such file"))

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
