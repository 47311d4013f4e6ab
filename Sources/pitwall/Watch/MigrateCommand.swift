import ArgumentParser
import PermitsApp

/// `pitwall migrate`.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database's tables up to date.",
        discussion:
            "Idempotent, and safe when several start at once. With --check nothing is changed: exit 1 names the "
            + "tables that are missing."
    )

    @OptionGroup var database: DatabaseOption
    @Flag(help: "Change nothing; exit 1 when a table is missing.") var check = false

    func run() async throws {
        try await exiting {
            guard check else {
                try await database.url.migrate(settings: database.settings)
                print("The tables are up to date.")
                return
            }
            let missing = try await database.url.missingTables(settings: database.settings)
            guard missing.isEmpty else {
                print("Missing tables: \(missing.joined(separator: ", "))")
                throw ExitCode(1)
            }
            print("All tables are there.")
        }
    }
}
