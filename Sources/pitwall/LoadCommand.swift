import ArgumentParser

/// `pitwall load`: without a subcommand it runs a load test.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Push a web service and measure what it bears.",
        discussion: """
            pitwall load --url http://127.0.0.1:8080 --concurrency 10 --duration 30 --scenario all

            All options of a run: pitwall load run --help
            """,
        subcommands: [LoadRunCommand.self],
        defaultSubcommand: LoadRunCommand.self)
}
