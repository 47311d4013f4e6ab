import ArgumentParser

/// `pitwall load`: without a subcommand it runs a load test.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Push a web service and measure what it bears.",
        discussion: """
            pitwall load --url http://127.0.0.1:8080 --concurrency 10 --duration 30 --scenario all
            pitwall load --url http://127.0.0.1:8080 --rate 500 --goal 'search.p95<150ms'
            pitwall load --url http://127.0.0.1:8080 --versus http://127.0.0.1:8081

            All options of a run: pitwall load run --help
            """,
        subcommands: [LoadRunCommand.self, LoadCompareCommand.self, LoadRecordCommand.self],
        defaultSubcommand: LoadRunCommand.self)
}
