import Foundation
import Testing

@testable import SecurityAudit

extension AuditTests {
    /// No secret is printed in any format, whichever finding's line it stands on.
    @Suite("secrets in reports")
    struct PrintedSecretTests {
        private func texts(of report: AuditReport) -> [String] {
            [
                MarkdownReport(report).text, JSONReport(report).text, SARIFReport(report).text,
                HTMLReport(report).text, JUnitReport(report).text, report.summary,
            ]
        }

        @Test func aNeighbourOfAFindingKeepsItsSecret() async throws {
            let tree = try Tree()
            try tree.use("bandit", "semgrep")
            try tree.write(
                """
                import hashlib, subprocess
                password = "hunter2py"; h = hashlib.md5(b"x"); subprocess.call("mysql -pS3cretPyPass", shell=True)
                def login(passwd="defaultPyPw"): pass
                login(passwd="callPyPw")
                url = "https://user:UrlPyPw99@example.com/"; assert password == "cmpPyPw"

                """, to: "app.py")
            try tree.write(
                """
                import CryptoKit
                let apiKey = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"; let d = Insecure.MD5.hash(data: Data())
                func f(_ n: String) throws { try db.execute(sql: "SELECT '\\(n)'", password: "correcthorse99x") }
                let k = SymmetricKey(data: Data("MyVerySecretKey!".utf8)); let h = Insecure.SHA1.hash(data: Data("otherText".utf8))

                """, to: "app.swift")
            try tree.write(
                """
                rules:
                - {id: pw, languages: [python], severity: ERROR, message: found $V here, pattern: password = $V}
                - {id: bare, languages: [python], severity: ERROR, message: found $V here, pattern: password = "$V"}
                - {id: call, languages: [python], severity: WARNING, message: a call, pattern: login(...)}

                """, to: ".semgrep.yml")
            let report = try await tree.audit("swift", "bandit", "semgrep", "secrets")
            #expect(report.runs.allSatisfy { $0.state == .ran })
            #expect(Set(report.findings.map(\.tool)) == ["swift", "bandit", "semgrep"])
            for text in texts(of: report) {
                for secret in [
                    "hunter2py", "S3cretPyPass", "defaultPyPw", "callPyPw", "UrlPyPw99", "cmpPyPw", "ghp_abcdef",
                    "correcthorse99x", "MyVerySecretKey", "otherText",
                ] { #expect(!text.contains(secret), "\(secret)") }
            }
            #expect(report.findings.contains { $0.title == "found \"hunt…(9 characters)\" here" })
        }

        /// Names of files are in the history and in every report, too.
        @Test func aNameThatHoldsASecretIsAFindingAndHidden() async throws {
            let secret = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"
            let tree = try Tree()
            try tree.write("a\n", to: "backup/\(secret).txt")
            try tree.write("import CryptoKit\nlet d = Insecure.MD5.hash(data: x)\n", to: "\(secret)/a.swift")
            try tree.write("let password = \"hunter2hunter2\"\n", to: "\(secret)/b.swift")
            try tree.write(Data([0xFF, 0xFE]), to: "\(secret)/broken.swift")
            try FileManager.default.createSymbolicLink(
                atPath: "\(tree.path)/link-\(secret)", withDestinationPath: "/nowhere")
            let report = try await tree.audit("swift", "secrets")
            let named = report.findings.filter { $0.title.contains("in a file's name: ghp_…(40 characters)") }
            #expect(named.map(\.file) == ["backup/ghp_…(40 characters).txt"])
            #expect(report.findings.contains { $0.file == "ghp_…(40 characters)/a.swift" && $0.tool == "swift" })
            #expect(report.files.excluded.contains("link-ghp_…(40 characters)"))
            for text in texts(of: report) { #expect(!text.contains("abcdefghij")) }
        }

        /// A secret that one file names is hidden where it stands inside other texts, in other files, encoded, and in
        /// the reasons of suppressions.
        @Test func aSecretIsHiddenWhereverItStands() async throws {
            let secret = "Kj7Qz-4Wv9xTb2Lm8R"
            let encoded = Data(secret.utf8).base64EncodedString()
            let tree = try Tree()
            try tree.use("bandit")
            try tree.write("let password = \"\(secret)\"\n", to: "a.swift")
            try tree.write(
                """
                import os, hashlib
                os.system("mysql -p\(secret) " + input())
                hashlib.md5("\(encoded)")
                os.system(input())  # pitwall:ignore B605: the password is \(secret)
                x = 1  # pitwall:ignore B-\(secret): unused
                """, to: "b.py")
            try tree.write(
                "suppressions:\n  - rule: B999\n    reason: as long as it is \(secret)\n", to: "pitwall-audit.yml")
            let report = try await tree.audit("swift", "bandit", "secrets")
            #expect(report.findings.count >= 4)
            #expect(report.suppressed.count == 1)
            for text in texts(of: report) {
                #expect(!text.contains(secret))
                #expect(!text.contains(encoded.prefix(12)))
            }
        }

        /// Thousands of findings on one line, and a line of thousands, take time in proportion: a square of them would
        /// not end within the time that tests have.
        @Test func aFileOfOneLineIsBounded() async throws {
            let tree = try Tree()
            let keys = (0..<4000).map { "apiKey = \"q\($0)Kj7Qz4Wv9xTb2Lm8R\"" }
            try tree.write(keys.joined(separator: ";"), to: "bundle.js")
            try tree.write(
                "let a = [" + keys.indices.map { _ in "Insecure.MD5.hash(data: x)" }.joined(separator: ",") + "]",
                to: "a.swift")
            let report = try await tree.audit("swift", "secrets")
            #expect(report.findings.count(where: { $0.rule == "assigned-secret" }) == keys.count)
            #expect(report.findings.count(where: { $0.rule == "weak-hash" }) == keys.count)
            #expect(report.findings.allSatisfy { $0.snippet.utf8.count < 1000 })
        }

        @Test func theUserOfAPackagesAddressIsNotTold() async throws {
            let tree = try Tree()
            let pins = ["https://abcdefghtoken@github.com/apple/swift-nio.git", "git@github.com:apple/swift-nio.git"]
                .map {
                    """
                    {"identity": "swift-nio", "kind": "remoteSourceControl", "location": "\($0)",
                    "state": {"revision": "abc", "version": "2.41.0"}}
                    """
                }
            var fingerprints: Set<String> = []
            for pin in pins {
                try tree.write("{\"pins\": [\n\(pin)\n], \"version\": 2}", to: "Package.resolved")
                let report = try await tree.audit("dependencies") {
                    $0.osv = Tree.fixtures.appendingPathComponent("advisories").path
                }
                #expect(report.findings.count == 1)
                fingerprints.formUnion(report.findings.map(\.fingerprint))
                for text in texts(of: report) { #expect(!text.contains("abcdefghtoken")) }
            }
            // However the address is written, it is one package.
            #expect(fingerprints.count == 1)
        }
    }

    @Suite("what is hidden in a text")
    struct RedactionTests {
        @Test(arguments: [
            (#"connect(password: "simple")"#, #"connect(password: "sim…(6 characters)")"#),
            (#"token == 'abc'"#, #"token == 'a…(3 characters)'"#),
            (#"password = "Enter your password""#, #"password = "Enter your password""#),
            (#"password = "${PASSWORD}""#, #"password = "${PA…(11 characters)""#),
            ("clone https://abcdefgh1@example.com/x", "clone https://abcd…(9 characters)@example.com/x"),
            (
                "clone https://git@example.com/x and ssh://someverylongname@host",
                "clone https://git@example.com/x and ssh://someverylongname@host"
            ),
            ("https://a", "https://a"), ("://", "://"),
        ])
        func isTheSecretAlone(text: String, shown: String) {
            #expect(Redaction.text(text) == shown)
            #expect(Redaction.text(shown) == shown)
        }
    }
}
