import Foundation
import SystemPackage
import Testing

@testable import SprintRunner

/// `pitwall sprint plan` as its users see it: output, messages and exit statuses.
@Suite struct PlanCommandTests {
    private static let two = "# Sprint 7\n\n### Agent 1: One\nOwn: a.py\n\n### Agent 2: Two\nOwn: b.py\n"

    private func show(_ plan: String, _ arguments: [String] = []) async throws -> Shell.Output {
        let scratch = try Scratch()
        let file = try scratch.place("plan.md", plan)
        var output = try await scratch.pitwall(["plan", file] + arguments, in: scratch.root)
        output.errors = output.errors.replacingOccurrences(of: file, with: "PLAN")
        return output
    }

    static let refused: [(plan: String, message: String)] = [
        ("", "line 1: error: the plan is empty: write a heading"),
        ("# Notes\n\nNothing here.\n", "line 1: error: no agents are found: write a heading"),
        ("# S\n\n### Agent 1: One\nOwn: a.py\n", "line 3: error: agent 1 is the only one"),
        (two + "\n### Agent 2: Other\nOwn: c.py\n", "line 9: error: agent 2 is already on line 6: give one of the two"),
        (
            two + "Depends on: Agent 1\n\n## Merge order\n2 → 1\n1 → 2\n",
            "error: the order goes in a circle ("
        ),
        (two + "\n```\nnever closed\n", "line 9: error: this fence is never closed"),
        (two + "\n<!-- never closed\n", "line 9: error: this comment is never closed"),
        ("Task(prompt=\"\"\"\nYou are Agent 1.\n", "line 1: error: this prompt is never closed"),
    ]

    @Test(arguments: refused.indices) func whatCannotBeRunIsRefusedWithLineAndMend(_ index: Int) async throws {
        let (plan, message) = Self.refused[index]
        let output = try await show(plan)
        #expect(output.status == 65, "\(output.text)\(output.errors)")
        #expect(output.text.isEmpty)
        #expect(output.errors.hasPrefix("pitwall: the plan PLAN is refused:\nline "), "\(output.errors)")
        #expect(output.errors.contains(message), "\(output.errors)")
        // As JSON what was understood is printed too, with the errors in it.
        let json = try await show(plan, ["--json"])
        #expect(json.status == 65)
        let object = try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: Any]
        let diagnostics = object?["diagnostics"] as? [[String: Any]] ?? []
        #expect(diagnostics.contains { $0["severity"] as? String == "error" })
    }

    @Test func bytesThatAreNoTextAreRefused() async throws {
        let scratch = try Scratch()
        let file = try scratch.place("plan.md", "")
        try Data([0x23, 0x20, 0xff, 0xfe, 0x0a]).write(to: URL(fileURLWithPath: file))
        let output = try await scratch.pitwall(["plan", file], in: scratch.root)
        #expect(output.status == 65)
        #expect(output.errors.contains("line 1: error: "), "\(output.errors)")
    }

    @Test func otherFailuresHaveTheirOwnStatus() async throws {
        let scratch = try Scratch()
        #expect(try await scratch.pitwall(["plan", "none.md"], in: scratch.root).status == 65)
        #expect(try await scratch.pitwall(["plan"], in: scratch.root).status == 64)
        #expect(try await scratch.pitwall(["plan", "a.md", "--yaml"], in: scratch.root).status == 64)
    }

    @Test func theKeysAreThoseThatAreDocumented() async throws {
        let output = try await show(Self.two, ["--json"])
        #expect(output.status == 0)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(output.text.utf8)) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "sprint", "title", "tag", "agents", "merge_order", "test", "push", "concat", "diagnostics",
            ])
        let agent = try #require((object["agents"] as? [[String: Any]])?.first)
        #expect(Set(agent.keys) == ["id", "title", "owned", "deny", "append", "commit", "prompt"])
        let owned = try #require((agent["owned"] as? [[String: Any]])?.first)
        #expect(Set(owned.keys) == ["path", "note", "new"])
        #expect(object["merge_order"] as? [[String]] == [["1"], ["2"]])
    }
}
