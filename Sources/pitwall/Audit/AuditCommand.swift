import ArgumentParser
import SecurityAudit

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Look for security problems with every scanner there is, in one report.",
        discussion: """
            Exit status: 0 clean, 1 findings at or over --fail-on, 2 incomplete where --require or --tools asks for \
            more, 64 wrong use or configuration.
            """,
        subcommands: [AuditRunCommand.self, AuditDiffCommand.self],
        defaultSubcommand: AuditRunCommand.self)
}

struct AuditRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Audit a folder.")

    @Argument(help: "The folder to audit.")
    var path = "."

    @Option(help: "The configuration; pitwall-audit.yml in the folder by default.")
    var config: String?

    @Option(help: "Run only these scanners, joined by commas; each must do its work.")
    var tools: String?

    @Option(help: "Which scanners must do their work: all, none or names joined by commas.")
    var require: String?

    @Option(help: "Fail from this severity on: low, medium, high, critical or never.")
    var failOn: String?

    @Option(help: "Advisories in the OSV format: a folder, an archive or a URL.")
    var osv: String?

    @Option(help: "An earlier JSON report, whose findings do not count.")
    var baseline: String?

    @Option(help: "Write Markdown here; - for standard output.")
    var report: String?

    @Option(help: "Write JSON here; - for standard output.")
    var json: String?

    @Option(help: "Write SARIF 2.1.0 here; - for standard output.")
    var sarif: String?

    @Option(help: "Write a web page here; - for standard output.")
    var html: String?

    @Option(help: "Write JUnit XML here; - for standard output.")
    var junit: String?

    func run() async throws {
        var options = AuditOptions(path: path)
        options.configurationFile = config
        options.tools = tools?.split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? []
        options.require = require
        options.failOn = failOn
        options.osv = osv
        options.baseline = baseline
        var files = ReportFiles()
        files.markdown = report
        files.json = json
        files.sarif = sarif
        files.html = html
        files.junit = junit
        let orphans = OrphanWatch()
        let status = await AuditSession(options: options, files: files).run()
        orphans.killAll()
        throw ExitCode(status)
    }
}
