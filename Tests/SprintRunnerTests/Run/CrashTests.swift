import Foundation
import SystemPackage
import Testing

@testable import SprintRunner

/// `kill -9` at every step of the journal, and `resume` after each.
@Suite struct CrashTests {
    private static let plan = TestPlan(
        agents: [.init(id: "1", owned: ["a"]), .init(id: "2", owned: ["b"])],
        concatenation: "cat CHANGELOG-sprint-7-*.md >> CHANGELOG.md")

    private static let agent = """
        echo x >> "$MARKS/agent-$PITWALL_AGENT"
        name=a; [ $PITWALL_AGENT = 2 ] && name=b
        echo $name > $name; echo $name >> notes.md; echo "- $name" > CHANGELOG-sprint-7-$PITWALL_AGENT.md
        git add -A; git commit -qm "work of $PITWALL_AGENT"
        """

    /// One run that is killed at a step and resumed.
    private func killAndResume(at step: String) async throws -> Bool {
        let scratch = try await Scratch.withRepository(["notes.md": "# Notes\n", "CHANGELOG.md": "# Changes\n"])
        try await scratch.addRemote()
        let file = try scratch.place("plan.md", Self.plan.text)
        let agent = try scratch.place("agent.sh", Self.agent)
        let killed = try await scratch.pitwall(
            ["run", file, "--agent", "sh \(agent)", "--test", "test -e a", "--push"],
            variables: ["PITWALL_CRASH_AT": step, "MARKS": scratch.marks.string])
        guard killed.status == -9 else {
            #expect(killed.status == 0, "\(step): \(killed.text)\(killed.errors)")
            return false
        }
        let resumed = try await scratch.pitwall(["resume"], variables: ["MARKS": scratch.marks.string])
        if step == "before:0" {
            #expect(resumed.status == 69)
            return true
        }
        #expect(resumed.status == 0, "\(step): \(resumed.text)\(resumed.errors)")
        #expect(scratch.marks("agent-1") == 1, "\(step)")
        #expect(scratch.marks("agent-2") == 1, "\(step)")
        #expect(try await scratch.content("notes.md") == "# Notes\na\nb\n", "\(step)")
        #expect(try await scratch.content("CHANGELOG.md") == "# Changes\n- a\n- b\n", "\(step)")
        let log = try await scratch.git(["log", "--first-parent", "--format=%s", "main"])
        #expect(
            log
                == "Concatenate CHANGELOG-sprint-7-*.md into CHANGELOG.md\nMerge agent 2: Part\nMerge agent 1: Part\nStart",
            "\(step)")
        #expect(
            try await scratch.git(["rev-parse", "main"], in: scratch.remote) == scratch.git(["rev-parse", "main"]),
            "\(step)")
        #expect(try await scratch.git(["status", "--porcelain"]) == "", "\(step)")
        return true
    }

    @Test(arguments: ["before", "after"]) func noStepIsLostOrDoneTwice(_ moment: String) async throws {
        var step = 0
        while try await killAndResume(at: "\(moment):\(step)") { step += 1 }
        #expect(step >= 15)
    }
}
