import ArgumentParser

/// The command: each subcommand takes arguments in, calls one library, and turns what comes back into an exit status.
@main
struct Pitwall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pitwall",
        abstract: "The pit wall for a web service: watch it, tune it, push it, check it, land changes on it.",
        discussion: """
            Exit statuses: 0 done; 1 a verdict that is no (a missed goal, a finding, a missing table); 64 usage; \
            65 data that cannot be read; 69 something that is needed cannot be reached.
            """,
        groupedSubcommands: [
            CommandGroup(
                name: "watch",
                subcommands: [
                    ServeCommand.self, MigrateCommand.self, ReportCommand.self, MarkCommand.self, VerdictCommand.self,
                ]),
            CommandGroup(name: "push", subcommands: [LoadCommand.self]),
            CommandGroup(name: "check", subcommands: [AuditCommand.self]),
            CommandGroup(name: "land", subcommands: [SprintCommand.self]),
        ]
    )
}
