import Foundation
import SystemPackage
import Testing

@testable import SprintRunner

@Suite struct SprintRunTests {
    /// Four agents that append to shared files: one blocked, one violating, one conflicting, and two that fit.
    @Test func aSprintLandsWhatCanLandAndSaysWhyTheRestDoesNot() async throws {
        let scratch = try await Scratch.withRepository([
            "src/db.py": "def pool():\n    return 1\n\n\ndef query():\n    return 2\n",
            "web/app.py": "TABLES = [\n    'a',\n]\n", "notes.md": "# Notes\n", "CHANGELOG.md": "# Changes\n",
        ])
        try await scratch.addRemote()
        let plan = TestPlan(
            agents: [
                .init(id: "7-1", title: "Metrics", owned: ["src/db.py", "web/app.py", "tests/test_one.py (NEW)"]),
                .init(id: "7-2", title: "Load", owned: ["load.py (NEW)", "web/app.py"]),
                .init(id: "7-3", title: "Audit", owned: ["audit.py (NEW)"]),
                .init(id: "7-4", title: "Pool", owned: ["src/db.py"]),
                .init(id: "7-5", title: "Thief", owned: ["other.py (NEW)"]),
            ],
            order: ["7-4 FIRST", "7-2 and 7-3", "7-5", "7-1 LAST"],
            policy: "Resolve any TABLES conflict (add metrics)",
            concatenation: "cat CHANGELOG-sprint-7-*.md >> CHANGELOG.md")
        let file = try scratch.place("plan.md", plan.text)
        let agent = try scratch.place(
            "agent.sh",
            """
            set -e
            echo "told: $(grep -c 'EARLY COMMIT RULE' "$PITWALL_PROMPT_FILE")"
            test -f "$PITWALL_PLAN"
            echo "- $PITWALL_AGENT" >> notes.md
            echo "- change of $PITWALL_AGENT" > CHANGELOG-sprint-$PITWALL_AGENT.md
            case $PITWALL_AGENT in
            7-1) sed -i "s/    return 1/    return 10/" src/db.py
                 mkdir -p tests; printf 'def test_a():\\n    pass\\n\\ndef test_b():\\n    pass\\n' > tests/test_one.py ;;
            7-2) echo load > load.py; sed -i "s/^]/    'load',\\n]/" web/app.py ;;
            7-3) echo "BLOCKED: no scanner here"; exit 0 ;;
            7-4) sed -i "s/    return 1/    return 100/" src/db.py ;;
            7-5) echo mine > other.py; echo stolen > load.py ;;
            esac
            git add -A
            git commit -q -m "work of $PITWALL_AGENT"
            """)
        let run = try await scratch.pitwall([
            "run", file, "--agent", "sh \(agent)", "--test", "test -f load.py", "--push",
        ])
        #expect(run.status == 1, "\(run.errors)")
        #expect(
            run.text.contains(
                """
                | Agent | Tests | Files | Status                                   |
                |-------|-------|-------|------------------------------------------|
                | 7-1   | 2     | 4     | Conflict: src/db.py line 2               |
                | 7-2   | 0     | 4     | Merged                                   |
                | 7-3   | 0     | 0     | Blocked: no scanner here                 |
                | 7-4   | 0     | 3     | Merged                                   |
                | 7-5   | 0     | 4     | Blocked: violation: load.py: it is 7-2's |
                """), "\(run.text)\(run.errors)")
        #expect(try await scratch.content("notes.md") == "# Notes\n- 7-4\n- 7-2\n")
        #expect(try await scratch.content("CHANGELOG.md") == "# Changes\n- change of 7-2\n- change of 7-4\n")
        #expect(try await scratch.content("web/app.py") == "TABLES = [\n    'a',\n    'load',\n]\n")
        #expect(
            try await scratch.git(["rev-parse", "main"]) == scratch.git(["rev-parse", "main"], in: scratch.remote))
        #expect(try await scratch.git(["status", "--porcelain"]) == "")
        #expect(
            try await scratch.git(["log", "--first-parent", "--format=%s", "main"])
                == "Concatenate CHANGELOG-sprint-7-*.md into CHANGELOG.md\nMerge agent 7-2: Load\nMerge agent 7-4: Pool\nStart"
        )
        #expect(try await scratch.git(["rev-parse", "pre-sprint-7"]) == scratch.git(["rev-parse", "main~3"]))
        let report = try await scratch.pitwall(["report"])
        #expect(report.text.contains("this agent, lines 2–2:\n\n          return 10\n"), "\(report.text)")
        let clean = try await scratch.pitwall(["clean"])
        #expect(clean.status == 1)
        #expect(clean.text.contains("removed sprint/7/7-2\nremoved sprint/7/7-4\n"), "\(clean.text)\(clean.errors)")
        #expect(clean.text.contains("kept sprint/7/7-1: not on main"))
    }

    @Test func aSecondRunIsRefusedWhileOneIsAtWork() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place(
            "plan.md", TestPlan(agents: [.init(id: "1", owned: ["a"]), .init(id: "2", owned: ["b"])]).text)
        let gates = try ["1", "2"].map {
            (started: try scratch.gate("started-\($0)"), go: try scratch.gate("go-\($0)"))
        }
        let agent = try scratch.place(
            "agent.sh",
            """
            if [ $PITWALL_AGENT = 1 ]; then \(gates[0].started.knock); \(gates[0].go.pass)
            else \(gates[1].started.knock); \(gates[1].go.pass); fi
            echo $PITWALL_AGENT > $PITWALL_AGENT; git add -A; git commit -qm w
            """)
        async let first = scratch.pitwall(["run", file, "--agent", "sh \(agent)", "--allow", "1", "--allow", "2"])
        for gate in gates { try await gate.started.knocked() }
        let second = try await scratch.pitwall(["run", file, "--agent", "true"])
        #expect(second.status == 69)
        #expect(second.errors.contains("a sprint is already running in this repository (process "))
        let status = try await scratch.pitwall(["status"])
        #expect(status.text.contains("Running"))
        for gate in gates { try await gate.go.open() }
        #expect(try await first.status == 0)
    }

    @Test func stopEndsTheAgentsAndResumeGoesOn() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place(
            "plan.md", TestPlan(agents: [.init(id: "1", owned: ["a"]), .init(id: "2", owned: ["b"])]).text)
        let (started, never) = (try scratch.gate("started"), try scratch.gate("never"))
        let agent = try scratch.place(
            "agent.sh",
            """
            echo x >> \(scratch.marks)/$PITWALL_AGENT
            name=a; [ $PITWALL_AGENT = 2 ] && name=b
            if [ $PITWALL_AGENT = 2 ] && ! test -e \(scratch.root)/go; then \(started.knock); \(never.pass); fi
            echo $PITWALL_AGENT > $name; git add -A; git commit -qm "work"
            """)
        let (lines, feed) = AsyncStream<String>.makeStream()
        async let first = scratch.pitwall(["run", file, "--agent", "sh \(agent)"], lines: feed)
        try await started.knocked()
        for await line in lines where line.contains("1: exited with status 0") { break }
        #expect(try await scratch.pitwall(["status"]).text.contains("| 1     | 0     | 1     | Ready"))
        let stop = try await scratch.pitwall(["stop"])
        #expect(stop.status == 0)
        #expect(stop.text.contains("has stopped"))
        #expect(try await first.status == 69)
        _ = try scratch.place("go", "")
        let resume = try await scratch.pitwall(["resume"])
        #expect(resume.status == 0, "\(resume.text)\(resume.errors)")
        #expect(scratch.marks("1") == 1)
        #expect(scratch.marks("2") == 2)
        #expect(try await scratch.files() == ["README.md", "a", "b"])
    }

    @Test func testsThatFailNameTheAgentAndKeepGoingLandsTheRest() async throws {
        let scratch = try await Scratch.withRepository()
        let agents = (1...6).map { TestPlan.Agent(id: "\($0)", owned: ["part\($0)"]) }
        let file = try scratch.place("plan.md", TestPlan(agents: agents).text)
        let agent = "echo $PITWALL_AGENT > part$PITWALL_AGENT; git add -A; git commit -qm w"
        let stopped = try await scratch.pitwall(["run", file, "--agent", agent, "--test", "! test -e part4"])
        #expect(stopped.status == 1)
        #expect(
            stopped.text.contains("Nothing landed: the tests fail from the merge of 4 on"),
            "\(stopped.text)\(stopped.errors)")
        #expect(try await scratch.files() == ["README.md"])
        _ = try await scratch.pitwall(["clean"])
        let going = try await scratch.pitwall([
            "run", file, "--agent", agent, "--test", "! test -e part4", "--keep-going",
        ])
        #expect(going.status == 1)
        #expect(going.text.contains("5 of 6 agents landed on main"), "\(going.text)\(going.errors)")
        #expect(try await scratch.files() == ["README.md", "part1", "part2", "part3", "part5", "part6"])
    }

    @Test func whatFailedItsTestsIsTestedAgainOnceItIsMended() async throws {
        let scratch = try await Scratch.withRepository()
        let agents = (1...3).map { TestPlan.Agent(id: "\($0)", owned: ["part\($0)"]) }
        let file = try scratch.place("plan.md", TestPlan(agents: agents).text)
        let agent =
            "echo x >> \(scratch.marks)/agents; echo $PITWALL_AGENT > part$PITWALL_AGENT; git add -A; git commit -qm w"
        let test = "grep -qx 2 part2 && test -e broken || ! test -e part2"
        let run = try await scratch.pitwall(["run", file, "--agent", agent, "--test", test])
        #expect(run.status == 1)
        // Nothing has changed: it fails again, and the others do not land without having been asked.
        let again = try await scratch.pitwall(["resume"])
        #expect(again.status == 1)
        #expect(again.text.contains("Nothing landed: the tests fail from the merge of 2 on"), "\(again.text)")
        #expect(try await scratch.files() == ["README.md"])
        let worktree = scratch.root.appending("shop-sprint-7/2")
        try Data().write(to: URL(fileURLWithPath: worktree.appending("broken").string))
        try await scratch.git(["add", "-A"], in: worktree)
        try await scratch.git(["commit", "-q", "-m", "Mended"], in: worktree)
        let mended = try await scratch.pitwall(["resume"])
        #expect(mended.status == 0, "\(mended.text)\(mended.errors)")
        #expect(try await scratch.files() == ["README.md", "broken", "part1", "part2", "part3"])
        #expect(scratch.marks("agents") == 3)
    }

    @Test func resumingLandsTheOthersWhenAsked() async throws {
        let scratch = try await Scratch.withRepository()
        let agents = (1...3).map { TestPlan.Agent(id: "\($0)", owned: ["part\($0)"]) }
        let file = try scratch.place("plan.md", TestPlan(agents: agents).text)
        let agent = "echo $PITWALL_AGENT > part$PITWALL_AGENT; git add -A; git commit -qm w"
        let run = try await scratch.pitwall(["run", file, "--agent", agent, "--test", "! test -e part2"])
        #expect(run.status == 1)
        let resumed = try await scratch.pitwall(["resume", "--keep-going"])
        #expect(resumed.status == 1)
        #expect(resumed.text.contains("2 of 3 agents landed on main"), "\(resumed.text)")
        #expect(try await scratch.files() == ["README.md", "part1", "part3"])
    }

    @Test func aMovedRemoteIsFollowedAndTestedAgain() async throws {
        let scratch = try await Scratch.withRepository(["notes.md": "# Notes\n"])
        try await scratch.addRemote()
        let file = try scratch.place(
            "plan.md", TestPlan(agents: [.init(id: "1", owned: ["a"]), .init(id: "2", owned: ["b"])]).text)
        let agent = "n=a; [ $PITWALL_AGENT = 2 ] && n=b; echo 1 > $n; echo $n >> notes.md; git add -A; git commit -qm w"
        // While the first test runs, somebody else pushes.
        let test = try scratch.place(
            "test.sh",
            """
            echo x >> \(scratch.marks)/tests
            mkdir \(scratch.root)/once 2>/dev/null || exit 0
            git clone -q \(scratch.remote) \(scratch.root)/clone && cd \(scratch.root)/clone
            echo theirs > theirs; echo theirs >> notes.md; git add -A; git commit -qm theirs; git push -q origin HEAD:main
            """)
        let run = try await scratch.pitwall([
            "run", file, "--agent", agent, "--test", "sh \(test)", "--slots", "1", "--push",
        ])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(scratch.marks("tests") == 2)
        #expect(try await scratch.files() == ["README.md", "a", "b", "notes.md", "theirs"])
        #expect(try await scratch.content("notes.md") == "# Notes\ntheirs\na\nb\n")
        #expect(
            try await scratch.git(["rev-parse", "main"], in: scratch.remote) == scratch.git(["rev-parse", "main"]))
    }

    @Test func anAgentThatExtendsAnotherStartsFromItsWork() async throws {
        let scratch = try await Scratch.withRepository()
        let plan = """
            # Sprint 9 — Two steps

            Agent 2A first, wait for completion, then Agent 2B.

            ## File Ownership

            | Agent | Owns | Mode |
            |-------|------|------|
            | 2A | `a.txt` | CREATE |
            | 2B | `b.txt` | CREATE |

            ### Agent 2A: first

            Do it.

            ### Agent 2B: second

            Agent 2B MUST NOT start until Agent 2A has completed. 2B extends 2A.

            ## Merge order

            1. 2A first
            2. 2B extends it
            """
        let file = try scratch.place("plan.md", plan)
        let agent =
            "if [ $PITWALL_AGENT = 2B ]; then cat a.txt > b.txt && echo more >> b.txt; else echo one > a.txt; fi; git add -A; git commit -qm w"
        let run = try await scratch.pitwall(["run", file, "--agent", agent])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(try await scratch.content("b.txt") == "one\nmore\n")
    }

    @Test func aDryRunChangesNothing() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place(
            "plan.md", TestPlan(agents: [.init(id: "1", owned: ["a"]), .init(id: "2", owned: ["b"])]).text)
        let before = try await scratch.git(["for-each-ref"])
        let run = try await scratch.pitwall(["run", file, "--agent", "true", "--dry-run"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.contains("merge order: 1 → 2"), "\(run.text)")
        #expect(try await scratch.git(["for-each-ref"]) == before)
        #expect(try await scratch.pitwall(["status"]).status == 69)
    }
}
