import Foundation
import Testing

@testable import SecurityAudit

extension AuditTests {
    @Suite("pip-audit, the real one")
    struct PipAuditTests {
        /// A tree whose pip-audit asks a service on loopback and resolves nothing.
        private func tree(port: Int) throws -> Tree {
            let tree = try Tree()
            try tree.write("# ours\nrequests==2.19.0\nJinja2==2.4.1\n", to: "requirements.txt")
            try tree.write(
                """
                tools:
                  pip-audit:
                    arguments: [--no-deps, --disable-pip, -s, osv, --osv-url, "http://127.0.0.1:\(port)/v1/query"]
                """, to: "pitwall-audit.yml")
            try tree.use("pip-audit")
            return tree
        }

        @Test func reportsTheVulnerabilityAtItsLine() async throws {
            let service = try LocalService(program: "osv_service.py")
            defer { service.stop() }
            let tree = try tree(port: service.port)
            let report = try await tree.audit("pip-audit")
            let run = try report.run("pip-audit")
            #expect(run.state == .ran, "\(run.detail ?? "")")
            #expect(run.findings == 1)
            let finding = try #require(report.findings.first)
            #expect(finding.file == "requirements.txt")
            #expect(finding.line == 3)
            #expect(finding.severity == .high)
            #expect(finding.advisory?.names.contains("CVE-2019-10906") == true)
            #expect(finding.mend == "Use jinja2 2.10.1 or later.")
            #expect(report.exitStatus == 1)
        }

        @Test func anUnreachableServiceIsNotClean() async throws {
            let service = try LocalService(program: "osv_service.py")
            service.stop()
            let report = try await tree(port: service.port).audit("pip-audit")
            let run = try report.run("pip-audit")
            #expect(run.state == .failed)
            #expect(run.detail?.hasPrefix("requirements.txt: exit status 1") == true)
            #expect(report.verdict == .incomplete)
            #expect(report.exitStatus == 2)
        }

        @Test func whatCouldNotBeLookedUpIsSkippedAndNotClean() async throws {
            // What the real one prints, with status 0, where the index does not know a package.
            let tree = try Tree()
            try tree.write("requests==2.19.0\n", to: "requirements.txt")
            let reason = "Dependency not found on PyPI and could not be audited: requests (2.19.0)"
            try tree.fake(
                "pip-audit",
                AuditTests.ToolFaultTests.writing(
                    "{\"dependencies\": [{\"name\": \"requests\", \"skip_reason\": \"\(reason)\"}], \"fixes\": []}"))
            let report = try await tree.audit("pip-audit")
            #expect(
                try report.run("pip-audit").skipped == [SkippedFile(file: "requirements.txt: requests", reason: reason)]
            )
            #expect(report.verdict == .incomplete)
        }

        @Test func theSameVulnerabilityFromTwoDatabasesIsOneFinding() {
            var one = Finding(
                tool: "pip-audit", rule: "PYSEC-1", title: "a", severity: .high, confidence: .high,
                file: "requirements.txt"
            )
            one.advisory = Advisory(package: "Jinja_2", version: "1", id: "PYSEC-1", aliases: ["CVE-1"])
            var other = one
            other.tool = "other"
            other.advisory = Advisory(
                package: "jinja-2", version: "1", id: "GHSA-1", aliases: ["CVE-1"], fixedVersion: "2")
            let merged = FindingMerge.merged([one, other])
            #expect(merged.count == 1)
            #expect(merged.first?.witnesses.map(\.tool) == ["pip-audit", "other"])
            #expect(merged.first?.advisory?.fixedVersion == "2")
        }
    }
}
