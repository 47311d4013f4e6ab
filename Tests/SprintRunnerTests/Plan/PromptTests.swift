import SprintRunner
import Testing

/// Preambles, placeholders, outputs and commit messages.
@Suite struct PromptTests {
    private let agents = "\n\n## Agent A: One\nOwn: a.py\n\n## Agent B: Two\nOwn: b.py\n"

    @Test(arguments: [
        "Each agent prompt MUST start with:\n```\nBe quick.\n```",
        "## Standard Agent Preamble (include verbatim in every agent prompt)\n\n```text\nBe quick.\n```",
        "**Every agent prompt starts with:**\n\n~~~\nBe quick.\n~~~",
        "## Shared rules\n\nBe quick.",
        "Prepend this to all prompts:\n```\nBe quick.\n```",
        "### Common Preamble\n- Be quick.",
    ])
    func preamble(_ text: String) throws {
        let plan = try SprintPlan.read(text: "# Plan\n\n\(text)\(agents)")
        let preamble = try #require(plan.preamble)
        #expect(preamble.contains("Be quick."))
        for agent in plan.agents {
            #expect(agent.prompt.contains("Be quick."))
            #expect(agent.prompt.contains("Own: \(agent.id.lowercased()).py"))
        }
    }

    @Test func fencesAndHeadingsInAPreambleAreText() throws {
        let text = """
            Each agent prompt MUST start with:
            ````
            # Rules
            ## Agent Z: an example
            ```bash
            make test
            ```
            ````
            """
        let plan = try SprintPlan.read(text: "# Plan\n\n\(text)\(agents)")
        #expect(plan.agents.map(\.id) == ["A", "B"])
        #expect(plan.preamble == "# Rules\n## Agent Z: an example\n```bash\nmake test\n```")
        #expect(plan.tests.isEmpty)
    }

    @Test func preambleThatIsNotMarked() throws {
        let text = "You are ALREADY in a git worktree.\n\n## Read First\n- notes.md\n\n## Pre-Flight\n- be awake"
        let plan = try SprintPlan.read(text: "# Plan\n\n\(text)\(agents)")
        #expect(plan.preamble == "You are ALREADY in a git worktree.\n\n## Read First\n- notes.md")
        #expect(plan.codes == ["no-test", "inferred-preamble"])
    }

    @Test func preambleThatThePromptHoldsIsNotDoubled() throws {
        let text = "Each agent prompt MUST start with:\n```\nBe quick.\n```"
        let plan = try SprintPlan.read(
            text: "# Plan\n\n\(text)\n\n## Agent A: One\nBe quick.\nOwn: a.py\n\n## Agent B: Two\nOwn: b.py\n"
        )
        #expect(plan.agents[0].prompt.ranges(of: "Be quick.").count == 1)
    }

    @Test(arguments: [
        ("CHANGELOG-sprint-74-N.md", "CHANGELOG-sprint-74-1.md", "CHANGELOG-sprint-74-2.md"),
        ("out/{agent}.md", "out/74-1.md", "out/74-2.md"),
        ("notes-<agent>.md", "notes-74-1.md", "notes-74-2.md"),
        ("notes-[id].md", "notes-74-1.md", "notes-74-2.md"),
        ("notes_sprint_${AGENT}.md", "notes_sprint_74-1.md", "notes_sprint_74-2.md"),
    ])
    func placeholder(_ name: String, _ first: String, _ second: String) throws {
        let text = "Each agent prompt MUST start with:\n```\nOUTPUT FILES:\n- \(name)\n```"
        let plan = try SprintPlan.read(
            text: "# Plan\n\n\(text)\n\n## Agent 74-1: One\nOwn: a.py\n\n## Agent 74-2: Two\nOwn: b.py\n"
        )
        #expect(plan.agents.map(\.written) == [[first], [second]])
        #expect(plan.agents[0].prompt.contains(first))
        #expect(!plan.agents[0].prompt.contains(second))
    }

    @Test func theAgentsOwnSpellingCounts() throws {
        let text = "Each agent prompt MUST start with:\n```\n- OUTPUT FILES (per-agent):\n  * log-{agent}.md\n```"
        let plan = try SprintPlan.read(
            text: "# Plan\n\n\(text)\n\n## Agent A: One\nOwn: a.py\nWrite log-a.md\n\n## Agent B: Two\nOwn: b.py\n"
        )
        #expect(plan.agents.map(\.written) == [["log-a.md"], ["log-B.md"]])
    }

    @Test func wordsThatLookLikePlaceholders() throws {
        let text = "Each agent prompt MUST start with:\n```\nReport N passed, git checkout <branch>, N/A, {count}.\n```"
        let plan = try SprintPlan.read(text: "# Plan\n\n\(text)\(agents)")
        #expect(plan.agents[0].prompt.hasPrefix("Report N passed, git checkout <branch>, N/A, {count}."))
    }

    @Test(arguments: [
        "Commit: \"feat: x (1)\"",
        "**Commit:** `feat: x (1)`",
        "- Commit message: feat: x (1)",
        "### Commit\nfeat: x (1)",
        "### Commit\n`feat: x (1)`\n\nIf that fails:\n`fix: y`",
        "### Commit\n```bash\ngit add -A\ngit commit -m \"feat: x (1)\"\n```",
        "Then run `git commit -m 'feat: x (1)'`.",
        "Commit with message \"feat: x (1)\" when done.",
        "```bash\ngit commit -m \"$(cat <<'EOF'\nfeat: x (1)\n\nBody\nEOF\n)\"\n```",
    ])
    func commit(_ text: String) throws {
        let plan = try SprintPlan.read(
            text: PlanSamples.two(a: "Own: a.py\n\nEARLY COMMIT RULE: commit often.\n\n\(text)"))
        #expect(plan.agents[0].commit == "feat: x (1)")
        #expect(plan.agents[1].commit == nil)
    }

    @Test func rules() throws {
        let none = try SprintPlan.read(text: PlanSamples.two()).rules
        #expect(none == SprintPlan.Rules())
    }
}
