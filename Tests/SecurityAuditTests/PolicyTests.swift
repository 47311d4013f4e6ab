import Foundation
import Testing

@testable import SecurityAudit

extension AuditTests {
    @Suite("living with findings")
    struct PolicyTests {
        private func tree(_ source: String, configuration: String = "") throws -> Tree {
            let tree = try Tree()
            try tree.write(source, to: "app.py")
            try tree.write(configuration, to: "pitwall-audit.yml")
            try tree.use("bandit")
            return tree
        }

        private static let shell = "import os\nos.system(input())"

        @Test func aCommentSuppressesWithItsReason() async throws {
            let source = """
                import os  # pitwall:ignore B605 until 2099-01-31: wrong rule
                # pitwall:ignore B605: an operator types it
                os.system(input())

                """
            let report = try await tree(source).audit("bandit")
            #expect(report.suppressed.map(\.rule) == ["B605"])
            #expect(report.notes.map(\.kind) == [.unused])
            #expect(report.notes.first?.place == "app.py:1")
            #expect(report.verdict == .clean)
            #expect(!SARIFReport(report).text.contains("\"ruleId\" : \"B605\""))
        }

        @Test func anEntrySuppressesByRulePathAndFingerprint() async throws {
            let plain = try await tree(Self.shell).audit("bandit")
            let fingerprint = try #require(plain.findings.first?.fingerprint)
            for entry in [
                "rule: B6*", "path: '*.py'", "fingerprint: '\(fingerprint)'",
                "rule: B605\n    path: app.py\n    expires: 2099-12-31",
            ] {
                let report = try await tree(
                    Self.shell, configuration: "suppressions:\n  - \(entry)\n    reason: known\n"
                )
                .audit("bandit")
                #expect(report.suppressed.count == 1, "\(entry)")
                #expect(report.exitStatus == 0)
            }
        }

        @Test func anExpiredOneComesBackAndSaysSo() async throws {
            let report = try await tree(
                Self.shell,
                configuration: "suppressions:\n  - rule: B605\n    reason: until the rewrite\n    expires: 2020-01-31\n"
            ).audit("bandit")
            #expect(report.failures.map(\.rule) == ["B605"])
            #expect(report.notes.map(\.text) == ["expired on 2020-01-31; its reason was: until the rewrite"])
            #expect(report.notes.first?.place == "pitwall-audit.yml:2")
            #expect(report.exitStatus == 1)
            #expect(MarkdownReport(report).text.contains("is expired: expired on 2020"))
        }

        @Test(arguments: [
            ("# pitwall:ignore B605", "no reason; write pitwall:ignore RULE until 2027-01-31: reason"),
            ("# pitwall:ignore B605:", "no reason after the colon"),
            ("# pitwall:ignore : because", "no rule; name one, or * for every rule"),
            ("# pitwall:ignore B605 until soon: because", "after until stands a day such as 2027-01-31"),
            ("# pitwall:ignore B605 until 2027-02-30: because", "after until stands a day such as 2027-01-31"),
            (
                "# pitwall:ignore-next-line B605: because",
                "there is no pitwall:ignore-next-line; write pitwall:ignore, a space and the rule"
            ),
        ])
        func aMalformedOneCoversNothing(comment: String, mistake: String) async throws {
            let report = try await tree("import os\n\(comment)\nos.system(input())\n").audit("bandit")
            #expect(report.failures.count == 1)
            #expect(report.notes.map(\.text) == [mistake])
            #expect(report.notes.map(\.kind) == [.malformed])
        }

        @Test(arguments: [
            "/* pitwall:ignore weak-hash: because */\n", "/*\n pitwall:ignore weak-hash: because\n*/\n",
            "/*\n * pitwall:ignore weak-hash: because\n * and more\n */\n\n// and this\n",
            "// pitwall:ignore weak-hash: because // pitwall:ignore sql-injection: for another\n",
            "// pitwall:ignore sql-injection: for another // pitwall:ignore weak-hash: because\n",
            "/* pitwall:ignore weak-hash: because */ /* pitwall:ignore sql-injection: for another */\n",
        ])
        func commentsOfEveryForm(comment: String) async throws {
            let tree = try Tree()
            try tree.write(
                comment + "let a = Insecure.MD5.hash(data: x)\nlet b = Insecure.MD5.hash(data: y)\n", to: "a.swift")
            let report = try await tree.audit("swift")
            #expect(report.suppressed.map(\.standing) == [.suppressed(reason: "because", expires: nil)])
            #expect(report.lesser.count == 1)
            #expect(report.notes.filter { $0.rule == "weak-hash" || $0.kind == .malformed }.isEmpty)
        }

        /// What was suppressed until yesterday is in the baseline, and counts today all the same.
        @Test func anExpiredOneComesBackDespiteTheBaseline() async throws {
            let tree = try tree(Self.shell)
            let entry = { (day: String) in "suppressions:\n  - rule: B605\n    reason: for now\n    expires: \(day)\n" }
            try tree.write(entry("9999-12-31"), to: "pitwall-audit.yml")
            let baseline = tree.output("baseline.json")
            let before = try await tree.audit("bandit")
            #expect(before.suppressed.map(\.rule) == ["B605"])
            try JSONReport(before).text.write(toFile: baseline, atomically: true, encoding: .utf8)
            try tree.write(entry("2020-01-31"), to: "pitwall-audit.yml")
            let after = try await tree.audit("bandit") { $0.baseline = baseline }
            #expect(after.failures.map(\.rule) == ["B605"])
            let diff = AuditDiff(
                before: JSONReport.Document(before), after: JSONReport.Document(after), failOn: .severity(.high))
            #expect(diff.new.map(\.rule) == ["B605"])
        }

        @Test func anUnusedOneIsNotJudgedByAToolThatDidNotRun() async throws {
            let tree = try Tree()
            try tree.write("x = 1  # pitwall:ignore B605: because\n", to: "app.py")
            #expect(try await tree.audit().notes.isEmpty)
        }

        @Test func thresholdsGoByRuleAndPath() async throws {
            for (configuration, status) in [
                ("thresholds:\n  - rule: B605\n    fail-on: critical\n", Int32(0)),
                ("thresholds:\n  - path: other/**\n    fail-on: critical\n", 1),
                ("thresholds:\n  - path: app.py\n    fail-on: never\n", 0), ("fail-on: critical\n", 0),
                ("fail-on: low\n", 1),
            ] {
                #expect(
                    try await tree(Self.shell, configuration: configuration).audit("bandit").exitStatus == status,
                    "\(configuration)")
            }
        }

        @Test func theBaselineHidesWhatItKnows() async throws {
            let tree = try tree(Self.shell)
            let baseline = tree.output("baseline.json")
            try JSONReport(try await tree.audit("bandit")).text.write(
                toFile: baseline, atomically: true, encoding: .utf8)
            // Moved, reformatted and renamed, and one more of another kind.
            try FileManager.default.removeItem(atPath: tree.path + "/app.py")
            try tree.write(
                "\n\n\nimport os\n\nos.system(\n    input()  # typed\n)\neval(input())\n", to: "lib/renamed.py")
            let report = try await tree.audit("bandit") { $0.baseline = baseline }
            #expect(report.known.map(\.rule) == ["B605"])
            #expect((report.failures + report.lesser).map(\.rule) == ["B307"])
            #expect(report.exitStatus == 0)
        }

        @Test func pathsAndExclusionsBoundTheAudit() async throws {
            let tree = try tree(Self.shell, configuration: "paths: [src]\nexclude: [src/vendor, '*_generated.py']\n")
            for file in ["src/a.py", "src/vendor/b.py", "src/c_generated.py"] { try tree.write(Self.shell, to: file) }
            let report = try await tree.audit("bandit")
            #expect(Set(report.findings.map(\.file)) == ["src/a.py"])
            #expect(report.files.found == 1)
            #expect(report.files.excluded == ["src/c_generated.py", "src/vendor"])
        }

        @Test func toolsAreTakenFromTheirEntry() async throws {
            let tree = try Tree()
            try tree.write("x = 1\n", to: "a.py")
            try tree.fake(
                "my-bandit", AuditTests.ToolFaultTests.writing("{\"errors\": [], \"metrics\": {}, \"results\": []}"))
            try tree.write(
                "tools:\n  bandit: {path: \(tree.output("my-bandit"))}\n  semgrep: false\n", to: "pitwall-audit.yml")
            let report = try await tree.audit()
            #expect(try report.run("bandit").version == "9.9.9")
            #expect(!report.runs.contains { $0.tool == "semgrep" })
        }
    }
}

@Suite("mistakes in pitwall-audit.yml")
struct ConfigurationMistakeTests {
    @Test(arguments: [
        ("fail-on: hihg", "x.yml:1: fail-on is one of low, medium, high, critical, never"),
        (
            "a: 1\nfail-on: low\nb: 2",
            "x.yml:1: the file has no \"a\"; it has version, paths, exclude, fail-on, require, osv, tools, thresholds, suppressions\nx.yml:3: the file has no \"b\"; it has version, paths, exclude, fail-on, require, osv, tools, thresholds, suppressions"
        ),
        ("tools:\n  bandit:\n    timeout: fast", "x.yml:3: timeout is a number of seconds, or such as 90s or 5m"),
        ("tools:\n  bandit:\n    memory: -1", "x.yml:3: memory is a number of bytes, or such as 512MiB or 2GiB"),
        (
            "tools:\n  flake8: true",
            "x.yml:2: tools has no \"flake8\"; it has swift, dependencies, bandit, pip-audit, semgrep, gitleaks, secrets"
        ),
        ("suppressions:\n  - rule: X", "x.yml:2: a suppression has a reason"),
        ("suppressions:\n  - reason: X", "x.yml:2: a suppression has a rule, a path or a fingerprint"),
        (
            "suppressions:\n  - {rule: X, reason: Y, expires: 2026-02-30}",
            "x.yml:2: expires is a day such as 2027-01-31"
        ),
        ("thresholds:\n  - rule: X", "x.yml:2: a threshold has fail-on and a rule, a path or both"),
        (
            "tools:\n  bandit:\n    timeout: \(Int.max)m",
            "x.yml:3: timeout is a number of seconds, or such as 90s or 5m"
        ),
        ("exclude: ''", "x.yml:1: exclude is a text"), ("exclude: [a, '']", "x.yml:1: each of exclude is a text"),
        ("suppressions:\n  - {rule: X, reason: '  '}", "x.yml:2: a suppression has a reason"),
        (
            "paths:\n  - a\n  - b/../..",
            "x.yml:3: paths: b/../.. is not below the audited folder, where all paths begin"
        ),
        ("paths: /etc", "x.yml:1: paths: /etc is not below the audited folder, where all paths begin"),
        ("version: 2", "x.yml:1: version is 1"), ("require: some", "x.yml:1: require is all, none or a list of tools"),
        ("- a", "x.yml:1: the file is a list of name: value"),
    ])
    func areToldWithTheirLine(text: String, message: String) {
        #expect {
            try ConfigurationReader.read(text, file: "x.yml")
        } throws: { error in
            String(describing: error) == message
        }
    }

    @Test func brokenYAMLIsToldWithItsLine() {
        #expect {
            try ConfigurationReader.read("a: 1\n  b: [", file: "x.yml")
        } throws: { error in
            String(describing: error).hasPrefix("x.yml:2: not YAML: ")
        }
    }

    @Test func whatIsNotThereIsToldWithItsLine() {
        #expect {
            try ConfigurationReader.read("version: 1\npaths: [lost]\nosv: gone.zip", file: "x.yml", root: "/nowhere")
        } throws: { error in
            let text = String(describing: error)
            return text.hasPrefix("x.yml:2: paths: lost is not there\nx.yml:3: osv: gone.zip: no such file or folder; ")
        }
    }

    @Test func everythingIsRead() throws {
        let configuration = try ConfigurationReader.read(
            """
            version: 1
            paths: Sources
            exclude: [a, b]
            fail-on: medium
            require: [swift, pip-audit]
            osv: advisories.zip
            tools:
              bandit: {path: /x, arguments: [-ll], timeout: 5m, memory: 2GiB}
              semgrep: {enabled: false, rules: [r]}
            thresholds: [{rule: B1*, fail-on: low}]
            suppressions:
              - {rule: B1, path: p, fingerprint: f, reason: r, expires: 2027-01-31}
            """, file: "x.yml")
        #expect(configuration.paths == ["Sources"])
        #expect(configuration.require == .only([.swift, .pipAudit]))
        #expect(configuration.tools[.bandit]?.time == .seconds(300))
        #expect(configuration.tools[.bandit]?.memory == 2 << 30)
        #expect(configuration.tools[.semgrep]?.isEnabled == false)
        #expect(configuration.suppressions.first?.expires == CalendarDate("2027-01-31"))
        #expect(try ConfigurationReader.read("", file: "x.yml").failOn == .severity(.high))
    }
}
