import ArgumentParser

/// `pitwall sprint`.
struct SprintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sprint",
        abstract: "Run a parallel sprint from its Markdown plan, and land it without losing a line.",
        subcommands: [
            SprintPlanCommand.self, SprintRunCommand.self, SprintStatusCommand.self, SprintResumeCommand.self,
            SprintStopCommand.self, SprintReportCommand.self, SprintCleanCommand.self,
        ]
    )
}
