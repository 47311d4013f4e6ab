import Foundation
import SystemPackage
import Testing

@testable import SprintRunner

/// A whole sprint from a plan as people write it, not one thought out for a test: the real plan where this checkout
/// lies beside the `shared` folder that holds it, and always one of our own in the same form.
@Suite struct WholeSprintTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var sprint: String
        var file: FilePath?
        var testDescription: String { file?.string ?? "our own plan" }

        static let all: [Case] = {
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
            let places = ["..", "../.."].map {
                root.appendingPathComponent("\($0)/shared/plans/sprint-74-perf.md").standardizedFileURL.path
            }
            guard let found = places.first(where: { FileManager.default.isReadableFile(atPath: $0) }) else {
                print("no real plan at \(places.joined(separator: " or ")): our own plan is run alone")
                return [Case(sprint: "41")]
            }
            return [Case(sprint: "41"), Case(sprint: "74", file: FilePath(found))]
        }()

        func plan(in scratch: Scratch) throws -> String {
            try file?.string ?? scratch.place("sprint-41-tides.md", WholeSprintTests.ownPlan)
        }
    }

    private static let database =
        "def _get_pool():\n    return make_pool(minconn=1)\n\n\ndef get_connection():\n    return _get_pool().getconn()\n\n\n"
        + "def init_user_schema(conn):\n    conn.execute('CREATE TABLE users (id INTEGER)')\n"

    /// A repository like the one that the plan was written for, with a `pytest` that notes how it was called.
    private func repository() async throws -> Scratch {
        let scratch = try await Scratch.withRepository([
            "src/db.py": Self.database, "web/app.py": "EXPECTED_TABLES = [\n    'users',\n]\n",
            "web/routes_admin.py": "ROUTES = {}\n", "scripts/release.py": "DDL = []\n", "tests/test_db.py": "\n",
            "CHANGELOG.md": "# Changes\n", "scenarios-pending-review.md": "# Scenarios\n",
            "design-spec.md": "# Design\n",
        ])
        try await scratch.addRemote()
        try FileManager.default.createDirectory(
            atPath: scratch.root.appending("bin").string, withIntermediateDirectories: true)
        let tester = try scratch.place(
            "bin/pytest", "#!/bin/sh\ntest -f src/db.py && echo \"$*\" >> '\(scratch.marks)/pytest'\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tester)
        return scratch
    }

    /// What every agent does, whatever else it does.
    private static let everyone = """
        set -e
        s=${PITWALL_AGENT%-*}; n=${PITWALL_AGENT#*-}
        grep -q "CHANGELOG-sprint-$s-$n.md (per-agent)" "$PITWALL_PROMPT_FILE"
        grep -q "Agent $PITWALL_AGENT" "$PITWALL_PROMPT_FILE"
        printf -- '---\\n## %s\\n' "$PITWALL_AGENT" >> scenarios-pending-review.md
        echo "- change of $n" > CHANGELOG-sprint-$s-$n.md
        echo "scenario of $n" > scenarios-pending-review-sprint-$s-$n.md
        printf 'def test_a():\\n    pass\\n\\n\\ndef test_b():\\n    pass\\n' > tests/test_sprint-${s}_$n.py

        """

    private func run(_ plan: Case, _ script: String, in scratch: Scratch) async throws -> Shell.Output {
        let agent = try scratch.place(
            "agent.sh", Self.everyone + script + "\ngit add -A; git commit -qm \"work of $PITWALL_AGENT\"\n")
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return try await scratch.pitwall(
            ["run", plan.plan(in: scratch), "--agent", "sh '\(agent)'", "--push"],
            variables: ["PATH": "\(scratch.root)/bin:\(path)"])
    }

    @Test(arguments: Case.all) func allFourLand(_ plan: Case) async throws {
        let scratch = try await repository()
        let run = try await run(
            plan,
            """
            case $n in
            1) printf 'DDL += ["request_metrics"]\\n' >> scripts/release.py
               sed -i "s/^]/    'request_metrics',\\n]/" web/app.py
               printf "    conn.execute('CREATE TABLE request_metrics (id INTEGER)')\\n" >> src/db.py
               mkdir -p web/templates; echo '<p>' > web/templates/admin_perf.html ;;
            2) echo load > scripts/load_test.py ;;
            3) echo audit > scripts/security_audit.py; echo skips > .bandit
               mkdir -p .github/workflows; echo on > .github/workflows/security.yml ;;
            4) sed -i 's/minconn=1/minconn=2/' src/db.py ;;
            esac
            """, in: scratch)
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        let s = plan.sprint
        #expect(
            run.text.contains(
                """
                | Agent | Tests | Files | Status |
                |-------|-------|-------|--------|
                | \(s)-1  | 2     | 8     | Merged |
                | \(s)-2  | 2     | 5     | Merged |
                | \(s)-3  | 2     | 7     | Merged |
                | \(s)-4  | 2     | 5     | Merged |
                """), "\(run.text)\(run.errors)")
        // In the plan's order, each line as often as it was added.
        let order = ["4", "2", "3", "1"]
        #expect(
            try await scratch.content("scenarios-pending-review.md")
                == "# Scenarios\n" + order.map { "---\n## \(s)-\($0)\n" }.joined()
                + (1...4).map { "scenario of \($0)\n" }.joined())
        #expect(
            try await scratch.content("CHANGELOG.md")
                == "# Changes\n" + (1...4).map { "- change of \($0)\n" }.joined())
        #expect(
            try await scratch.content("src/db.py")
                == Self.database.replacing("minconn=1", with: "minconn=2")
                + "    conn.execute('CREATE TABLE request_metrics (id INTEGER)')\n")
        #expect(
            try await scratch.git(["rev-parse", "main"]) == scratch.git(["rev-parse", "main"], in: scratch.remote))
        let calls = try String(contentsOfFile: scratch.marks.appending("pytest").string, encoding: .utf8)
        #expect(
            Set(calls.split(separator: "\n"))
                == ["tests/ --ignore=tests/test_tools.py --ignore=tests/test_web.py --ignore=tests/e2e -x -q"])
    }

    @Test(arguments: Case.all) func oneIsBlockedOneViolatesAndOneConflicts(_ plan: Case) async throws {
        let scratch = try await repository()
        let run = try await run(
            plan,
            """
            case $n in
            1) sed -i 's/minconn=1/minconn=5/' src/db.py ;;
            2) git add -A; git commit -qm half; echo 'BLOCKED: httpx is not installed' ;;
            3) echo audit > scripts/security_audit.py; sed -i 's/users/people/' src/db.py ;;
            4) sed -i 's/minconn=1/minconn=2/' src/db.py ;;
            esac
            [ $n != 2 ] || exit 0
            """, in: scratch)
        #expect(run.status == 1, "\(run.text)\(run.errors)")
        let s = plan.sprint
        let rows = run.text.split(separator: "\n").filter { $0.hasPrefix("| \(s)-") }.map {
            $0.split(separator: "|").map { $0.trimmed }
        }
        #expect(
            rows.map { "\($0[0]) \($0[3])" } == [
                "\(s)-1 Conflict: src/db.py line 2", "\(s)-2 Blocked: httpx is not installed",
                "\(s)-3 Blocked: violation: src/db.py: it is \(s)-1 and \(s)-4's", "\(s)-4 Merged",
            ], "\(run.text)\(run.errors)")
        #expect(
            try await scratch.content("src/db.py") == Self.database.replacing("minconn=1", with: "minconn=2"))
        #expect(
            try await scratch.content("scenarios-pending-review.md")
                == "# Scenarios\n---\n## \(s)-4\nscenario of 4\n")
        #expect(try await scratch.content("CHANGELOG.md") == "# Changes\n- change of 4\n")
        #expect(
            try await scratch.git(["rev-parse", "main"]) == scratch.git(["rev-parse", "main"], in: scratch.remote))
        #expect(try await scratch.git(["rev-parse", "pre-sprint-\(s)"]) == scratch.git(["rev-parse", "main~3"]))
        let report = try await scratch.pitwall(["report"])
        #expect(report.text.contains("minconn=5") && report.text.contains("minconn=2"), "\(report.text)")
        let clean = try await scratch.pitwall(["clean"])
        #expect(clean.text.contains("removed sprint/\(s)/\(s)-4\n") && clean.text.contains("kept sprint/\(s)/\(s)-1: "))
    }
}

extension WholeSprintTests {
    private static let ownPlan = #"""
        <!-- LAUNCH: paste into a terminal:
             "Read plans/sprint-41-tides.md and execute it" -->

        # Sprint 41 — Tide Tables + Metrics

        You are the orchestrator for Sprint 41. Spawn 4 parallel build agents, collect results, merge, test, push.

        ## Pre-Flight

        ```bash
        git checkout main && git pull origin main
        git tag pre-sprint-41
        ```

        ## Agent Launch

        ```
        Task(subagent_type="general-purpose", isolation="worktree")
        ```

        Each agent prompt MUST start with:
        ```
        You are ALREADY in a git worktree. Do NOT run git checkout main.

        RULES:
        - MERGE RULE: Do NOT merge to main. Commit to worktree branch only.
        - CONFLICT RULE: Do NOT run git checkout <branch> -- <file>. Report conflicts as BLOCKED.
        - EARLY COMMIT RULE: First commit within 10 minutes.
        - DESCOPE RULE: Mark BLOCKED with reason. Do NOT silently reduce scope.
        - TEST FIXUP EXCEPTION: If your changes cause tests in files you don't own to fail, you MAY fix those tests.
        - APPEND FILES:
          * scenarios-pending-review-sprint-41-N.md (per-agent, for merge safety)
          * scenarios-pending-review.md (shared, append only — do NOT delete existing content)
          * CHANGELOG-sprint-41-N.md (per-agent)
        - Test after each task: pytest tests/ --ignore=tests/e2e -x -q 2>&1 | tail -5
        ```

        ---

        ### Agent 41-1: Tide Metrics

        **PHASE 2: BUILD**

        Task 41-1-1: the table in scripts/release.py
        ```
        # === Sprint 41-1: request_metrics ===
        CREATE TABLE IF NOT EXISTS request_metrics (id SERIAL PRIMARY KEY);
        ```
        Task 41-1-2: Add "request_metrics" to EXPECTED_TABLES in web/app.py

        **PHASE 6: CHECKCHAT**
        Commit: "feat: tide metrics (Sprint 41-1)"

        **File Ownership:**
        Own: scripts/release.py (append section), web/app.py (EXPECTED_TABLES), src/db.py (init_user_schema append), web/templates/admin_perf.html (NEW), tests/test_sprint-41_1.py (NEW)

        ---

        ### Agent 41-2: Load Test

        Commit: "feat: load test (Sprint 41-2)"

        **File Ownership:**
        Own: scripts/load_test.py (NEW), tests/test_sprint-41_2.py (NEW). ZERO shared files.

        ---

        ### Agent 41-3: Audit

        Commit: "feat: audit (Sprint 41-3)"

        **File Ownership:**
        Own: scripts/security_audit.py (NEW), .bandit (NEW), .github/workflows/security.yml (NEW), tests/test_sprint-41_3.py (NEW). ZERO shared files.

        ---

        ### Agent 41-4: Pool

        Run FULL test suite — db.py is critical.
        Commit: "feat: pool (Sprint 41-4)"

        **File Ownership:**
        Own: src/db.py (modify pool setup), tests/test_sprint-41_4.py (NEW)

        ---

        ## Post-Agent Merge (Orchestrator)

        1. Collect results from all 4 agents
        2. Merge in this order (db.py dependency):
           a. 41-4 FIRST (pool — foundational db.py changes)
           b. 41-2 and 41-3 (new files only — no conflicts)
           c. 41-1 LAST (appends to db.py that 41-4 modified)
        3. Resolve any EXPECTED_TABLES conflict (add request_metrics)
        4. Run: `pytest tests/ --ignore=tests/test_tools.py --ignore=tests/test_web.py --ignore=tests/e2e -x -q`
        5. If pass: `git push origin main`
        6. Concatenate: `cat CHANGELOG-sprint-41-*.md >> CHANGELOG.md && cat scenarios-pending-review-sprint-41-*.md >> scenarios-pending-review.md`
        7. Report summary table:
        ```
        | Agent | Tests | Files | Status |
        |-------|-------|-------|--------|
        | 41-1  |       |       |        |
        ```
        """#
}
