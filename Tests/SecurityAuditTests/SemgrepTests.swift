import Foundation
import Testing

@testable import SecurityAudit

extension AuditTests {
    @Suite("semgrep, the real one")
    struct SemgrepTests {
        @Test func localRulesAndBanditMakeOneFindingWithTwoWitnesses() async throws {
            let tree = try Tree()
            try tree.copy(fixture: "python")
            try tree.write("import Crypto\nlet digest = Insecure.MD5.hash(data: x)\n", to: "App/a.swift")
            try tree.use("bandit", "semgrep")
            let report = try await tree.audit("bandit", "semgrep")
            let run = try report.run("semgrep")
            #expect(run.state == .ran, "\(run.detail ?? "")")
            #expect(run.findings == 2)
            let shell = try #require(report.findings.first { $0.rule == "B602" })
            #expect(shell.witnesses.map { "\($0.tool) \($0.rule)" } == ["bandit B602", "semgrep semgrep.shell-true"])
            #expect(report.findings.filter { $0.tool == "semgrep" }.map(\.file) == ["App/a.swift"])
        }

        @Test func withoutRulesThereIsNothingToDo() async throws {
            let tree = try Tree()
            try tree.write("x = 1\n", to: "a.py")
            let report = try await tree.audit { $0.require = "none" }
            #expect(try report.run("semgrep").state == .notApplicable)
            try tree.write("tools:\n  semgrep: {rules: [p/python]}\n", to: "pitwall-audit.yml")
            let remote = try await tree.audit()
            #expect(try remote.run("semgrep").detail == "rules p/python are not there; only local rules are used")
            #expect(try remote.run("semgrep").state == .missing)
        }

        @Test func brokenRulesAreAFailure() async throws {
            let tree = try Tree()
            try tree.write("x = 1\n", to: "a.py")
            try tree.write("rules:\n  - id: x\n", to: ".semgrep.yml")
            try tree.use("semgrep")
            let report = try await tree.audit("semgrep")
            #expect(try report.run("semgrep").state == .failed)
            #expect(report.exitStatus == 2)
        }
    }
}
