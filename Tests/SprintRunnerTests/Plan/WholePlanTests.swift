import SprintRunner
import Testing

/// Plans read whole, field by field.
@Suite struct WholePlanTests {
    @Test func planWithHeadings() throws {
        let plan = try SprintPlan.read(text: PlanSamples.full)
        #expect(plan.sprint == "12")
        #expect(plan.title == "Search + Exports")
        #expect(plan.tag == "pre-sprint-12")
        #expect(plan.agents.map(\.id) == ["12-1", "12-2", "12-3"])
        #expect(plan.agents.map(\.title) == ["Search Index", "Export Script", "Pool"])
        #expect(plan.mergeOrder == [["12-3"], ["12-2"], ["12-1"]])
        #expect(plan.tests.map(\.command) == ["pytest tests/ -x -q"])
        #expect(plan.push == "git push origin main")
        #expect(
            plan.concatenations.map(\.description) == [
                "cat CHANGELOG-sprint-12-*.md >> CHANGELOG.md", "cat notes-sprint-12-*.md >> notes.md",
            ]
        )
        #expect(plan.conflictPolicies.map(\.subject) == ["KNOWN_TABLES"])
        #expect(plan.conflictPolicies.map(\.resolution) == [.add(["search_index"])])
        #expect(plan.rules.earlyCommitMinutes == 15)
        #expect(plan.rules.mayFixOthersTests)
        #expect(plan.rules.forbidsMerging)
        #expect(plan.rules.reportsBlocked)

        let first = try #require(plan.agent("12-1"))
        #expect(first.owned.map(\.path.description) == ["app/index.py", "app/models.py", "tests/test_index.py"])
        #expect(first.owned.map(\.isNew) == [true, false, true])
        #expect(first.owned.map(\.note) == [nil, "append section", nil])
        #expect(first.denied == ["infra/", "deploy/"])
        #expect(first.written == ["notes-sprint-12-1.md", "CHANGELOG-sprint-12-1.md"])
        #expect(first.appended == ["notes.md"])
        #expect(first.commit == "feat: search index (Sprint 12-1)")
        #expect(first.startsAfter.isEmpty)
        #expect(first.prompt.hasPrefix("You are in a git worktree of your own."))
        #expect(first.prompt.contains("CHANGELOG-sprint-12-1.md (per-agent)"))
        #expect(first.prompt.contains("### Agent 12-1: Search Index"))
        #expect(first.prompt.contains("# Agent 99: not a heading but a comment"))
        #expect(!first.prompt.contains("Agent 12-2"))
        #expect(plan.owned("12-2") == ["scripts/export.py", "tests/test_export.py"])
        #expect(plan.codes == ["shared-append", "two-owners"])
    }

    @Test func planWithCalls() throws {
        let plan = try SprintPlan.read(text: PlanSamples.calls)
        #expect(plan.sprint == "QS4")
        #expect(plan.title == "Admin Tools")
        #expect(plan.tag == nil)
        #expect(plan.agents.map(\.id) == ["1A", "1B"])
        #expect(plan.agents.map(\.title) == ["Personas", "Decisions"])
        #expect(plan.mergeOrder == [["1A"], ["1B"]])
        #expect(plan.tests.map(\.command) == ["source .venv/bin/activate && pytest tests/ -q"])
        #expect(plan.push == "git push origin main")
        #expect(plan.concatenations.map(\.description) == ["cat notes-t1.md >> notes.md"])

        let first = try #require(plan.agent("1A"))
        #expect(first.owned.map(\.path.description) == ["web/personas.py", "web/widget.html"])
        #expect(first.owned.map(\.isNew) == [true, false])
        #expect(first.owned.map(\.note) == [nil, "add dropdown"])
        #expect(first.denied == ["web/app.py", "scripts/*.py"])
        #expect(first.written == ["notes-t1.md"])
        #expect(first.commit == "feat: personas (QS4)")
        #expect(first.prompt.hasPrefix("You are in a worktree."))
        #expect(first.prompt.contains("\"\"\"Doc string.\"\"\""))
        #expect(first.prompt.hasSuffix("```"))

        let second = try #require(plan.agent("1B"))
        #expect(second.startsAfter == ["1A"])
        #expect(second.denied == ["web/app.py", "scripts/*.py", "web/personas.py"])
        #expect(second.appended == ["web/routes.py"])
        #expect(second.owned.map(\.isAppendOnly) == [false, true])
        #expect(second.commit == "feat: decisions (QS4)")
        #expect(plan.codes == ["two-owners"])
    }
}
