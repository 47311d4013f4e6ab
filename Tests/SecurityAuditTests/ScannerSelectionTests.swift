import Foundation
import Testing

@testable import SecurityAudit

@Suite("which scanners run and must do their work")
struct ScannerSelectionTests {
    private func selection(
        tools: [String] = [], require: String? = nil, configuration text: String = ""
    ) throws -> ScannerSelection {
        var options = AuditOptions(path: ".")
        options.tools = tools
        options.require = require
        return try ScannerSelection(
            options: options, configuration: ConfigurationReader.read(text, file: "pitwall-audit.yml"))
    }

    @Test func eachToolRunsOnceHoweverOftenItIsNamed() throws {
        let selection = try selection(tools: ["swift", " bandit", "swift"])
        #expect(selection.chosen == [.swift, .bandit])
        #expect(selection.requires(.bandit) && !selection.requires(.semgrep))
    }

    @Test func aRequiredToolRunsThoughItIsNotUsual() throws {
        let selection = try selection(require: "gitleaks, swift")
        #expect(selection.chosen == ScannerName.usual + [.gitleaks])
        #expect(selection.requires(.gitleaks) && selection.requires(.swift) && !selection.requires(.bandit))
        #expect(try self.selection(configuration: "require: [gitleaks]").chosen.last == .gitleaks)
    }

    @Test(arguments: [
        (["swift"], "bandit", ""), ([], "bandit,swift", "tools: {bandit: false}"),
        ([], nil, "require: [bandit]\ntools: {bandit: {enabled: false}}"),
    ])
    func whatIsRequiredCannotBeLeftOut(tools: [String], require: String?, configuration: String) {
        #expect {
            try selection(tools: tools, require: require, configuration: configuration)
        } throws: { error in
            String(describing: error)
                == "bandit: required, but left out by --tools or by tools: of the configuration"
        }
    }

    @Test(arguments: [([""], nil), (["swift", ""], nil), ([], ""), ([], "all,swift"), (["Swift"], nil)])
    func aWordThatIsNoToolIsWrongUse(tools: [String], require: String?) {
        #expect(throws: AuditError.self) { try selection(tools: tools, require: require) }
    }

    @Test func pathsThatCannotBeReadAreAGapOfEveryRequiredTool() {
        for (isRequired, status) in [(true, Int32(2)), (false, 0)] {
            var run = ScannerRun(tool: "swift", state: .ran)
            run.required = isRequired
            let report = AuditReport(
                path: ".", began: Date(), seconds: 0, failOn: .severity(.high), runs: [run], findings: [], failing: [],
                notes: [],
                files: FileCoverage(found: 0, excluded: [], skipped: [SkippedFile(file: "a", reason: "cannot be read")])
            )
            #expect(report.verdict == .incomplete)
            #expect(report.exitStatus == status)
        }
    }

    @Test func twoReportsDoNotGoToOnePlace() throws {
        var files = ReportFiles()
        files.markdown = "-"
        files.json = "-"
        #expect(throws: AuditError.sameReportFile("-")) { try files.check() }
        files.markdown = NSTemporaryDirectory() + "report"
        files.json = NSTemporaryDirectory() + "./report"
        #expect(throws: AuditError.sameReportFile(NSTemporaryDirectory() + "./report")) { try files.check() }
        files.markdown = "/dev/null"
        files.json = "/dev/null"
        try files.check()
    }
}

extension AuditTests {
    @Suite("gitleaks beside the search for secrets")
    struct SecretsTwiceTests {
        @Test func eachDoesItsOwnWork() async throws {
            let tree = try Tree()
            try tree.write("x = 1\n", to: "a.py")
            try tree.fake(
                "gitleaks", #"for word; do [ "$last" = --report-path ] && echo "[]" > "$word"; last="$word"; done"#)
            let report = try await tree.audit("secrets", "gitleaks")
            #expect(report.runs.map(\.tool) == ["secrets", "gitleaks"])
            #expect(report.runs.map(\.version) == ["built in", "9.9.9"])
            #expect(report.verdict == .clean)
            #expect(try await tree.audit("secrets").runs.map(\.tool) == ["gitleaks"])
        }
    }
}
