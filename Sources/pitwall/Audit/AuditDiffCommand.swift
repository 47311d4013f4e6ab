import ArgumentParser
import SecurityAudit

struct AuditDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Tell what changed between two JSON reports.",
        discussion: "Exit status: 0, or 1 when something new is at or over --fail-on, 64 for what is no report.")

    @Argument(help: "The earlier report.")
    var before: String

    @Argument(help: "The later report.")
    var after: String

    @Option(help: "Fail from this severity on: low, medium, high, critical or never.")
    var failOn = "high"

    func run() throws {
        throw ExitCode(AuditSession.diff(before: before, after: after, failOn: failOn))
    }
}
