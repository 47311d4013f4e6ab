import Foundation
import Testing

@testable import SecurityAudit

extension AuditTests {
    /// Files that no scanner likes.
    @Suite("hostile trees")
    struct HostileTreeTests {
        @Test func aLongListingTellsHowFarItIs() throws {
            let tree = try Tree()
            for number in 0..<25 { try tree.write("x", to: "\(number % 3)/\(number).txt") }
            var told: [Int] = []
            let inventory = try FileInventory(root: tree.path, every: 10) { told.append($0) }
            #expect(inventory.files.count == 25)
            #expect(told == [10, 20])
        }

        @Test func loopsOfLinksAndOddNamesAreSurvived() async throws {
            let tree = try Tree()
            try tree.write("let a = 1\n", to: "a folder/with\nnewline.swift")
            try tree.write("let b = 1\n", to: "real/b.swift")
            for (link, target) in [
                ("loop", "."), ("real/up", ".."), ("self", "self"), ("out", "/etc"), ("dead", "gone"),
            ] {
                try FileManager.default.createSymbolicLink(atPath: tree.path + "/" + link, withDestinationPath: target)
            }
            let report = try await tree.audit("swift", "secrets")
            #expect(report.files.found == 2)
            #expect(report.verdict == .clean)
        }

        @Test func linesThatEndInAReturnAloneAreCounted() async throws {
            let tree = try Tree()
            try tree.write("import CryptoKit\rlet d = Insecure.MD5.hash(data: x)\r", to: "old.swift")
            let report = try await tree.audit("swift")
            #expect(report.places == ["old.swift:2 weak-hash"])
            #expect(report.findings.first?.snippet == "let d = Insecure.MD5.hash(data: x)")
            #expect(report.findings.first?.lineHash != nil)
        }

        @Test func aPipeAmongTheSourcesHoldsNoToolUp() async throws {
            let tree = try Tree()
            try tree.use("bandit")
            try tree.write("import os\nos.system(input())\n", to: "a.py")
            for name in ["b.py", "pyproject.toml", ".bandit", "c.swift"] {
                #expect(mkfifo(tree.path + "/" + name, 0o600) == 0)
            }
            let report = try await tree.audit("bandit", "swift")
            #expect(report.places == ["a.py:2 B605"])
            #expect(report.files.excluded == [".bandit", "b.py", "c.swift", "pyproject.toml"])
            #expect(report.runs.allSatisfy { $0.isComplete })
        }

        @Test func aNameThatIsNoUTF8IsAGapAndNoFailure() async throws {
            let tree = try Tree()
            try tree.use("bandit")
            try tree.write("import os\nos.system(input())\n", to: "a.py")
            let made = try await python(
                "import os, sys; open(os.fsencode(sys.argv[1]) + b'/bad\\xff.py', 'w').write('import os\\nos.system(input())')",
                tree.path)
            #expect(made.status == .exited(0), "\(made.output)")
            let report = try await tree.audit("bandit")
            #expect(report.places == ["a.py:2 B605"])
            #expect(report.files.skipped == [SkippedFile(file: "bad\u{FFFD}.py", reason: "cannot be read")])
            #expect(try report.run("bandit").state == .ran)
        }

        @Test(arguments: [
            (#""\ud800""#, "\u{FFFD}"), (#""\uD83D\uDE00x""#, "😀x"), (#""\\ud800""#, #"\ud800"#),
            (#""\udc00\ud800""#, "\u{FFFD}\u{FFFD}"),
        ])
        func halvesOfPairsAreReplaced(json: String, text: String) {
            #expect(ToolJSON.decode(String.self, from: Array(json.utf8)) == text)
        }

        @Test func invalidUTF8AndDepthAreSkippedAloud() async throws {
            let tree = try Tree()
            try tree.write(Data([0x6C, 0x65, 0x74, 0x20, 0xFF, 0xFE]), to: "bad.swift")
            try tree.write("let x = " + String(repeating: "[", count: 100_000), to: "deep.swift")
            try tree.write("let fine = 1\n", to: "fine.swift")
            let report = try await tree.audit("swift")
            #expect(try report.run("swift").skipped.map(\.file) == ["bad.swift", "deep.swift"])
            #expect(try report.run("swift").filesScanned == 1)
            #expect(report.verdict == .incomplete)
            #expect(report.exitStatus == 2)
        }

        @Test func aLargeSourceIsBounded() async throws {
            let tree = try Tree()
            let line = "let value = compute(\"some text\", with: [1, 2, 3]) // and a remark\n"
            try tree.write(Data(String(repeating: line, count: 20_000_000 / line.utf8.count).utf8), to: "large.swift")
            let report = try await tree.audit("swift", "secrets")
            // The Swift scanner says that it is too large; the search for secrets reads it to its end.
            #expect(try report.run("swift").skipped.map(\.file) == ["large.swift"])
            #expect(try report.run("secrets").filesScanned == 1)
            #expect(report.verdict == .incomplete)
        }

        @Test func anEmptyFolderIsClean() async throws {
            let report = try await Tree().audit { $0.require = "none" }
            #expect(report.verdict == .clean)
            #expect(report.exitStatus == 0)
            #expect(report.summary == "clean")
        }

        @Test func whatIsNoFolderIsWrongUse() async throws {
            for (options, message) in [
                (AuditOptions(path: "/nowhere"), "/nowhere: no such folder; give the folder to audit"),
                (AuditOptions(path: ""), "the path is empty; give the folder to audit, . for this one"),
                (
                    AuditOptions(path: "/etc/passwd"),
                    "/etc/passwd: a file; give the folder it is in, and the file under paths: of the configuration"
                ),
                (
                    {
                        var options = AuditOptions(path: "/tmp")
                        options.tools = ["flake8"]
                        return options
                    }(),
                    "no tool is called \"flake8\"; there are swift, dependencies, bandit, pip-audit, semgrep, gitleaks, secrets"
                ),
            ] {
                #expect { try Audit(options: options) } throws: { String(describing: $0) == message }
                #expect(await AuditSession(options: options, files: ReportFiles()).run() == 64)
            }
        }

        @Test func theSessionWritesEveryReportAndGivesTheStatus() async throws {
            let tree = try Tree()
            try tree.write("aws: \(AuditTests.SecretTests.aws)\n", to: "a.yml")
            var options = AuditOptions(path: tree.path)
            options.tools = ["secrets"]
            var files = ReportFiles()
            files.markdown = tree.output("r.md")
            files.json = tree.output("r.json")
            files.sarif = tree.output("r.sarif")
            files.html = tree.output("r.html")
            files.junit = tree.output("r.xml")
            #expect(await AuditSession(options: options, files: files).run() == 1)
            for name in ["r.md", "r.json", "r.sarif", "r.html", "r.xml"] {
                #expect(try !Data(contentsOf: URL(fileURLWithPath: tree.output(name))).isEmpty)
            }
            #expect(AuditSession.diff(before: tree.output("r.json"), after: tree.output("r.json"), failOn: "high") == 0)
            #expect(AuditSession.diff(before: tree.output("r.json"), after: "/nowhere", failOn: "high") == 64)
        }

        @Test func aReportThatCannotBeWrittenIsToldBeforeTheAudit() async throws {
            let tree = try Tree()
            for (path, reason) in [
                ("/nowhere/r.md", "there is no folder /nowhere; make it first"),
                (tree.path, "a folder; give a file in it"),
                ("/dev/null/r.md", "there is no folder /dev/null; make it first"),
            ] {
                var files = ReportFiles()
                files.markdown = path
                #expect(throws: AuditError.unwritable(path: path, reason: reason)) { try files.check() }
                #expect(await AuditSession(options: AuditOptions(path: tree.path), files: files).run() == 64)
            }
        }
    }
}
