import Foundation
import Testing

@testable import SecurityAudit

@Suite("findings")
struct FindingTests {
    @Test func toolsWordsAreMappedByTheTable() {
        #expect(
            ["LOW", "MEDIUM", "HIGH", "UNDEFINED", "x"].map(Severity.init(bandit:)) == [
                .low, .medium, .high, .none, .none,
            ])
        #expect(
            ["INFO", "WARNING", "ERROR", "CRITICAL", "LOW", "x"].map(Severity.init(semgrep:))
                == [.low, .medium, .high, .critical, .low, .none])
        #expect(
            ["LOW", "MODERATE", "HIGH", "CRITICAL"].compactMap(Severity.init(database:)) == [
                .low, .medium, .high, .critical,
            ])
        #expect(
            [0, 0.1, 3.9, 4, 6.9, 7, 8.9, 9, 10].map(Severity.init(score:)) == [
                .none, .low, .low, .medium, .medium, .high, .high, .critical, .critical,
            ])
    }

    @Test func codeIsTheSameHoweverItIsLaidOut() {
        let one = NormalizedCode("call(a, \"b  # c\", shell=True)").text
        #expect(one == NormalizedCode("call(\n    a,  # why\n    \"b  # c\",\n    shell = True,\n)").text)
        #expect(one != NormalizedCode("call(a, \"b # c\", shell=True)").text)
        #expect(NormalizedCode("x = 'it\\'s' // y").text == "x='it\\'s'")
    }

    @Test func declarationsOfPythonAreToldByIndentation() {
        let source = SourceText(
            bytes: Array(
                """
                class A:
                    x = 1
                    async def f(
                        self,
                    ):
                        if x:

                # odd
                            danger()
                danger()
                """.utf8))
        #expect(PythonDeclarations.enclosing(line: 9, in: source) == "A.f")
        #expect(PythonDeclarations.enclosing(line: 10, in: source) == "")
        #expect(PythonDeclarations.enclosing(line: 2, in: source) == "A")
    }

    /// The vectors of github/codeql-action's own tests of its `fingerprints.ts`.
    @Test func lineHashesAreThoseOfGitHub() {
        #expect(LineHash.hashes(of: [], lines: [1]) == [1: "c129715d7a2bc9a3:1"])
        let text = Array(" a\nb\n  \t\tc\n d".utf8)
        #expect(
            LineHash.hashes(of: text, lines: [1, 2, 3, 4])
                == [1: "271789c17abda88f:1", 2: "54703d4cd895b18:1", 3: "180aee12dab6264:1", 4: "a23a3dc5e078b07b:1"])
        // Kinds of line ends do not matter.
        let returns = Array(" a\r\nb\r  \t\tc\r\n d".utf8)
        #expect(LineHash.hashes(of: returns, lines: [1, 2, 3, 4]) == LineHash.hashes(of: text, lines: [1, 2, 3, 4]))
        // The same hundred units twice are numbered.
        let twins = Array(String(repeating: "abc\n", count: 100).utf8)
        #expect(LineHash.hashes(of: twins, lines: [1, 2]).values.sorted().map { $0.suffix(2) } == [":1", ":2"])
    }

    @Test(arguments: [
        ("*.py", "a/b.py", true), ("a", "a/b.py", true), ("a", "x/a/b.py", true), ("/a", "x/a/b.py", false),
        ("a/*.py", "a/b.py", true), ("a/*.py", "a/b/c.py", false), ("a/**/c.py", "a/c.py", true),
        ("a/**", "a/b/c.py", true), ("a/**", "b/a/c.py", false), ("**/x.py", "x.py", true), ("a?c", "abc", true),
        ("./a/", "a/b", true), ("*a*a*a*a*a*a*a*b", String(repeating: "a", count: 2000), false),
    ])
    func patternsMatch(pattern: String, path: String, matches: Bool) {
        #expect(Glob(pattern).matches(path) == matches)
    }

    @Test func daysAreOfTheCalendar() {
        #expect(CalendarDate("2028-02-29")?.description == "2028-02-29")
        for text in ["2027-02-29", "2027-1-1", "27-01-01", "2027-13-01", "x", "2027-01-01T00:00:00Z"] {
            #expect(CalendarDate(text) == nil, "\(text)")
        }
    }
}

extension AuditTests {
    @Suite("secrets")
    struct SecretTests {
        private func rules(_ text: String, unquoted: Bool = false) -> [String] {
            SecretSearch.matches(in: Array(text.utf8), unquoted: unquoted).map(\.rule.id)
        }

        // The secrets are put together here, so that no file of this repository holds one.
        static let aws = "AKIA" + "Q6OXRZ3TGHPLJ2VM"
        static let github = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"

        @Test func knownFormsAreFound() {
            #expect(rules("id = \(Self.aws)") == ["aws-access-key"])
            #expect(rules("x\(Self.aws)") == [])
            #expect(rules("token: \(Self.github)\n") == ["github-token"])
            #expect(rules("postgres://" + "admin:s3cr3tpw@db/x") == ["url-password"])
            #expect(rules("postgres://admin:${PASSWORD}@db/x") == [])
            let key = "-----BEGIN RSA " + "PRIVATE KEY-----\n" + String(repeating: "MIIEow", count: 12)
            #expect(rules(key) == ["private-key"])
            #expect(rules("-----BEGIN RSA PRIVATE KEY-----\\n\" + key") == [])
        }

        @Test func assignedOnesAreToldByNameAndValue() {
            #expect(rules("let apiKey = \"9f8a7b6c5d4e3f2a\"") == ["assigned-secret"])
            #expect(rules("\"client_secret\": \"9f8a7b6c5d4e3f2a\"") == ["assigned-secret"])
            #expect(rules("DB_PASSWORD=hunter2hunter2", unquoted: true) == ["assigned-secret"])
            #expect(rules("api_key_2 = \"9f8a7b6c5d4e3f2a\"") == ["assigned-secret"])
            #expect(rules("DB_PASSWORD=hunter2hunter2") == [])
            for innocent in [
                "APP_VERSION_KEY = \"version-2024-11\"", "password = \"${DB_PASSWORD}\"", "token = \"changeme-1234\"",
                "secret = \"your-secret-1\"", "password: String = \"\"", "passwordField = \"input-password-2\"",
                "let token = makeToken(1)", "password = os.environ[\"DB_PASSWORD_1\"]",
            ] { #expect(rules(innocent) == [], "\(innocent)") }
        }

        @Test func onlyFourCharactersAndTheLengthArePrinted() async throws {
            let tree = try Tree()
            try tree.write("key: \(Self.aws)\nremote: https://me:\(Self.github)@github.com/a/b\n", to: "settings.yml")
            try tree.write("let token = \"\(Self.github)\"\n", to: "Sources/a.swift")
            let report = try await tree.audit("secrets", "swift")
            #expect(report.findings.contains { $0.title == "AWS access key in a file: AKIA…(20 characters)" })
            #expect(Set(report.findings.map(\.file)) == ["settings.yml", "Sources/a.swift"])
            for text in [
                JSONReport(report).text, MarkdownReport(report).text, SARIFReport(report).text, HTMLReport(report).text,
                JUnitReport(report).text,
            ] {
                #expect(!text.contains(Self.aws))
                #expect(!text.contains(Self.github))
                #expect(!text.contains(Self.github.dropFirst(8)))
            }
        }

        @Test func gitleaksTakesOverWhereItIsInstalled() async throws {
            let tree = try Tree()
            try tree.write("x\ny\n", to: "a.txt")
            let leak =
                "{\"RuleID\": \"generic-api-key\", \"Description\": \"Generic\", \"File\": \"a.txt\", \"StartLine\": 2, \"EndLine\": 2, \"Secret\": \"REDACTED\"}"
            try tree.fake("gitleaks", AuditTests.ToolFaultTests.writing("[\(leak)]", status: 10))
            let report = try await tree.audit("secrets")
            #expect(report.places == ["a.txt:2 generic-api-key"])
            #expect(try report.run("gitleaks").state == .ran)
            #expect(try report.run("gitleaks").required)
        }
    }
}
