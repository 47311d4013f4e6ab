import Foundation
import Testing

@testable import SecurityAudit

extension AuditTests {
    /// Each tool missing, hanging, crashing and lying.
    @Suite("tools that do not do their work")
    struct ToolFaultTests {
        static let tools = ["bandit", "pip-audit", "semgrep", "gitleaks"]

        /// A tree in which each tool has something to do.
        private func tree() throws -> Tree {
            let tree = try Tree()
            try tree.write("x = 1\n", to: "app.py")
            try tree.write("jinja2==2.4.1\n", to: "requirements.txt")
            try tree.write("rules: []\n", to: ".semgrep.yml")
            return tree
        }

        @Test(arguments: tools)
        func missing(tool: String) async throws {
            let tree = try tree()
            let report = try await tree.audit(tool)
            #expect(try report.run(tool).state == .missing)
            #expect(report.verdict == .incomplete)
            #expect(report.exitStatus == 2)
            #expect(report.summary.contains("\(tool): missing: not on PATH or in a virtual environment"))
        }

        @Test func missingIsToleratedUnlessRequired() async throws {
            let tree = try tree()
            let tolerated = try await tree.audit()
            #expect(tolerated.verdict == .incomplete)
            #expect(tolerated.exitStatus == 0)
            let required = try await tree.audit { $0.require = "all" }
            #expect(required.exitStatus == 2)
            let listed = try await tree.audit { $0.require = "swift,secrets" }
            #expect(listed.exitStatus == 0)
        }

        @Test(arguments: tools)
        func crashing(tool: String) async throws {
            let tree = try tree()
            try tree.fake(tool, "echo 'Traceback' >&2; echo 'ValueError: no such thing' >&2; exit 1")
            let run = try await tree.audit(tool).run(tool)
            #expect(run.state == .failed)
            #expect(run.detail?.contains("exit status 1: ValueError: no such thing") == true)
            #expect(run.version == "9.9.9")
        }

        @Test(arguments: tools)
        func killedBySignal(tool: String) async throws {
            let tree = try tree()
            try tree.fake(tool, "kill -SEGV $$")
            let run = try await tree.audit(tool).run(tool)
            #expect(run.state == .failed)
            #expect(run.detail?.contains("ended by signal 11") == true)
        }

        @Test(arguments: tools, ["not json", "{\"results\": [", "[]", "{}", ""])
        func printingBrokenJSON(tool: String, text: String) async throws {
            // An empty list is what gitleaks prints when there is nothing.
            if tool == "gitleaks", text == "[]" { return }
            let tree = try tree()
            try tree.fake(tool, Self.writing(text))
            let report = try await tree.audit(tool)
            #expect(try report.run(tool).state == .failed)
            #expect(report.verdict == .incomplete)
        }

        /// A script that writes a text to the file that the tool is told to write to.
        static func writing(_ text: String, status: Int = 0) -> String {
            """
            while [ $# -gt 0 ]; do
                case "$1" in -o | --output | --report-path) file=$2 ;; esac
                shift
            done
            cat > "$file" <<'END'
            \(text)
            END
            exit \(status)
            """
        }

        @Test func statusesThatContradictTheReport() async throws {
            let tree = try tree()
            try tree.fake("bandit", Self.writing("{\"errors\": [], \"metrics\": {}, \"results\": []}", status: 1))
            try tree.fake("gitleaks", Self.writing("[]", status: 10))
            try tree.fake("pip-audit", Self.writing("{\"dependencies\": []}", status: 1))
            let report = try await tree.audit("bandit", "gitleaks", "pip-audit")
            #expect(report.runs.map(\.state) == [.failed, .failed, .failed])
            #expect(try report.run("bandit").detail == "exit status 1 contradicts its report of 0 results")
        }

        @Test func hangingIsKilledWithItsChildren() async throws {
            let tree = try tree()
            let mark = tree.output("child")
            // The child leaves its parent's group; the grandchild keeps the output open.
            try tree.fake("bandit", "(setsid sleep 600 & echo $! > \(mark); sleep 601) & sleep 602")
            try tree.write("tools:\n  bandit: {timeout: 5s}\n", to: "pitwall-audit.yml")
            let run = try await tree.audit("bandit").run("bandit")
            #expect(run.state == .timedOut)
            let child = try #require(
                Int32(try String(contentsOfFile: mark, encoding: .utf8).trimmingCharacters(in: .newlines)))
            #expect(!Self.isAlive(child))
        }

        @Test func childrenLeftBehindAreKilled() async throws {
            let tree = try tree()
            let mark = tree.output("child")
            try tree.fake("bandit", "sleep 600 & echo $! > \(mark); exit 2")
            _ = try await tree.audit("bandit")
            let child = try #require(
                Int32(try String(contentsOfFile: mark, encoding: .utf8).trimmingCharacters(in: .newlines)))
            #expect(!Self.isAlive(child))
        }

        @Test func aChildThatLeftSessionAndParentIsKilled() async throws {
            let tree = try tree()
            let mark = tree.output("child")
            #expect(mkfifo(mark, 0o600) == 0)
            // The tool ends when the child has told its number, and the child's parent before that.
            try tree.fake(
                "bandit",
                "(setsid sh -c 'echo $$ > \(mark); exec sleep 600' &) ; read child < \(mark); echo $child > \(mark)2")
            _ = try await tree.audit("bandit")
            let child = try #require(
                Int32(try String(contentsOfFile: mark + "2", encoding: .utf8).trimmingCharacters(in: .newlines)))
            #expect(!Self.isAlive(child))
        }

        @Test(arguments: ["mkfifo", "mkdir", "ln -s /dev/zero"])
        func aReportThatIsNoFileIsNone(command: String) async throws {
            let tree = try tree()
            try tree.fake(
                "bandit", "while [ $# -gt 0 ]; do [ \"$1\" = -o ] && file=$2; shift; done; \(command) \"$file\"")
            let report = try await tree.audit("bandit")
            #expect(try report.run("bandit").state == .failed)
        }

        @Test func numbersOfAnySizeAreNoCrash() async throws {
            let tree = try tree()
            let result = """
                {"errors": [], "metrics": {"./app.py": {}}, "results": [{"filename": "./app.py", "test_id": "B1",
                "issue_text": "x", "issue_severity": "EXTREME", "issue_confidence": "?", "line_number": \(Int.max),
                "line_range": [\(Int.max), \(Int.min)], "col_offset": \(Int.max), "end_col_offset": \(Int.min)}]}
                """
            try tree.fake("bandit", Self.writing(result, status: 1))
            let report = try await tree.audit("bandit")
            #expect(report.findings.map(\.line) == [2])
            #expect(report.findings.first?.severity == Severity.none)
        }

        @Test func whatIsNotInTheReportWasNotLookedAt() async throws {
            let tree = try tree()
            try tree.fake("bandit", Self.writing("{\"errors\": [], \"metrics\": {\"_totals\": {}}, \"results\": []}"))
            let report = try await tree.audit("bandit")
            #expect(
                try report.run("bandit").skipped == [SkippedFile(file: "app.py", reason: "not in bandit's report")])
            #expect(report.verdict == .incomplete)
        }

        @Test func takingTooMuchMemoryIsKilled() async throws {
            let tree = try tree()
            try tree.fake("bandit", "exec python3 -c 'x = bytearray(400 << 20); import time; time.sleep(600)'")
            try tree.write("tools:\n  bandit: {memory: 200MiB}\n", to: "pitwall-audit.yml")
            let run = try await tree.audit("bandit").run("bandit")
            #expect(run.state == .outOfMemory)
            #expect(run.detail == "killed with its children when over its memory")
        }

        @Test func cancellingKillsTheTool() async throws {
            let tree = try tree()
            let mark = tree.output("child")
            // Opening a pipe with a name waits for the other side, so the tool is known to run.
            #expect(mkfifo(mark, 0o600) == 0)
            try tree.fake("bandit", "echo $$ > \(mark); exec sleep 600")
            let audit = Task { try await tree.audit("bandit") }
            let line = await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    let data = try? FileHandle(forReadingAtPath: mark)?.readToEnd()
                    continuation.resume(returning: data.map { String(decoding: $0, as: UTF8.self) })
                }
            }
            audit.cancel()
            _ = try await audit.value
            let child = try #require(line.flatMap { Int32($0.trimmingCharacters(in: .newlines)) })
            #expect(!Self.isAlive(child))
        }

        /// A killed process may wait a while for its new parent to collect it; it is dead all the same.
        private static func isAlive(_ id: Int32) -> Bool {
            guard let stat = FileManager.default.contents(atPath: "/proc/\(id)/stat") else { return false }
            let state = String(decoding: stat, as: UTF8.self).split(separator: ")").last?.split(separator: " ").first
            return state != "Z" && state != "X"
        }
    }
}
