import Foundation
import Testing

@testable import SecurityAudit

extension AuditTests {
    @Suite("bandit, the real one")
    struct BanditTests {
        /// The marks `# expect: B602` of the fixture, as places.
        private func expected() throws -> [String] {
            let text = try String(
                contentsOf: Tree.fixtures.appendingPathComponent("python/app/shell.py"), encoding: .utf8)
            return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { number, line in
                line.split(separator: "expect: ").dropFirst().map { "app/shell.py:\(number + 1) \($0)" }
            }.sorted()
        }

        @Test func reportsEveryKnownDefectAndNothingElse() async throws {
            let tree = try Tree()
            try tree.copy(fixture: "python")
            try tree.use("bandit")
            let report = try await tree.audit("bandit")
            #expect(report.places == (try expected()))
            #expect(report.verdict == .findings)
            #expect(report.exitStatus == 1)
            let run = try report.run("bandit")
            #expect(run.version == "1.9.4")
            #expect(run.filesScanned == 2)
            #expect(run.findings == 5)
        }

        @Test func findingsSayWhatBanditSays() async throws {
            let tree = try Tree()
            try tree.copy(fixture: "python")
            try tree.use("bandit")
            let report = try await tree.audit("bandit")
            let finding = try #require(report.findings.first { $0.rule == "B602" })
            #expect(finding.severity == .high)
            #expect(finding.confidence == .high)
            #expect(finding.cwe == [78])
            #expect(finding.declaration == "Runner.run")
            #expect(finding.snippet.contains("subprocess.call(command, shell=True)"))
            #expect(finding.region?.startColumn == 16)
        }

        @Test func totalsAreThoseOfBandit() async throws {
            let tree = try Tree()
            try tree.copy(fixture: "python")
            try FileManager.default.removeItem(atPath: tree.path + "/.bandit")
            try tree.use("bandit")
            let bandit = Tree.repository.appendingPathComponent(".pitwall/audit-tools/bin/bandit").path
            let own = await ToolProcess(
                executable: bandit, arguments: ["-q", "-r", "-f", "json", "."], folder: tree.path, limits: ToolLimits()
            ).run()
            struct Results: Decodable {
                struct Result: Decodable {}
                let results: [Result]
            }
            let results = try JSONDecoder().decode(Results.self, from: Data(own.output)).results
            let report = try await tree.audit("bandit")
            #expect(try report.run("bandit").findings == results.count)
            #expect(results.count > 5)
        }

        @Test(arguments: [
            "[bandit]\nexclude: /tests\nskips: B101\n", "[bandit]\nexclude = ./tests\nskips = B101\n",
            "# ours\n[bandit]\nEXCLUDE = docs,\n  tests\nskips = B101\n",
        ])
        func theIniTakesEffectHoweverItIsWritten(ini: String) async throws {
            let tree = try Tree()
            try tree.copy(fixture: "python")
            try tree.write(ini, to: ".bandit")
            try tree.use("bandit")
            let report = try await tree.audit("bandit")
            #expect(report.places == (try expected()))
        }

        @Test func targetsOfTheIniAreKept() async throws {
            let tree = try Tree()
            try tree.copy(fixture: "python")
            try tree.write("[bandit]\ntargets = tests\n", to: ".bandit")
            try tree.use("bandit")
            let report = try await tree.audit("bandit")
            #expect(Set(report.findings.map(\.file)) == ["tests/test_shell.py"])
        }

        @Test func pyprojectTakesEffect() async throws {
            let tree = try Tree()
            try tree.copy(fixture: "python")
            try FileManager.default.removeItem(atPath: tree.path + "/.bandit")
            try tree.write("[tool.bandit]\nexclude_dirs = [\"tests\"]\nskips = [\"B101\"]\n", to: "pyproject.toml")
            try tree.use("bandit")
            let report = try await tree.audit("bandit")
            #expect(report.places == (try expected()))
        }

        @Test func anIniOfAnInstalledPackageIsNotTaken() async throws {
            let tree = try Tree()
            try tree.copy(fixture: "python")
            try tree.write("", to: "env/pyvenv.cfg")
            try tree.write("[bandit]\nskips = B602\n", to: "env/lib/.bandit")
            try tree.write("eval(input())\n", to: "env/lib/x.py")
            try tree.use("bandit")
            let report = try await tree.audit("bandit")
            #expect(report.places == (try expected()))
        }

        @Test func severalInisAndNoneInTheRootFail() async throws {
            let tree = try Tree()
            try tree.write("x = 1\n", to: "a.py")
            try tree.write("[bandit]\n", to: "one/.bandit")
            try tree.write("[bandit]\n", to: "two/.bandit")
            try tree.use("bandit")
            let report = try await tree.audit("bandit")
            let run = try report.run("bandit")
            #expect(run.state == .failed)
            #expect(run.detail == "several .bandit files and none in the root: one/.bandit, two/.bandit; keep one")
            #expect(report.exitStatus == 2)
        }

        @Test func filesItCannotParseMakeTheAuditIncomplete() async throws {
            let tree = try Tree()
            try tree.write("def f(:\n", to: "broken.py")
            try tree.write(Data([0x78, 0x20, 0x3D, 0x20, 0x22, 0xFF, 0xFE, 0x22, 0x0A]), to: "latin.py")
            try tree.write(
                "x = " + String(repeating: "(", count: 3000) + String(repeating: ")", count: 3000) + "\n", to: "deep.py"
            )
            try tree.write("x = 1\n", to: "a folder/new\nline.py")
            try tree.use("bandit")
            let report = try await tree.audit("bandit")
            let run = try report.run("bandit")
            #expect(run.skipped.map(\.file) == ["broken.py", "deep.py", "latin.py"])
            #expect(run.filesScanned == 1)
            #expect(report.verdict == .incomplete)
            #expect(report.exitStatus == 2)
        }

        @Test func passwordsAreNotPrinted() async throws {
            let tree = try Tree()
            try tree.write("password = 'hunter2hunter2'\n", to: "a.py")
            try tree.use("bandit")
            let report = try await tree.audit("bandit", "secrets")
            let finding = try #require(report.findings.first)
            #expect(report.findings.count == 1)
            #expect(finding.title == "Possible hardcoded password: 'hunt…(14 characters)'")
            #expect(finding.witnesses.map(\.tool) == ["bandit", "secrets"])
            for text in [
                JSONReport(report).text, MarkdownReport(report).text, SARIFReport(report).text, HTMLReport(report).text,
                JUnitReport(report).text,
            ] {
                #expect(!text.contains("hunter2hunter2"))
            }
        }
    }
}
