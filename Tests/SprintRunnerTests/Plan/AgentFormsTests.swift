import SprintRunner
import Testing

/// The forms in which plans introduce agents.
@Suite struct AgentFormsTests {
    private func ids(_ text: String) throws -> [String] {
        try SprintPlan.read(text: text).agents.map(\.id)
    }

    @Test(arguments: [
        ("### Agent 74-1: Metrics", "74-1", "Metrics"),
        ("## Agent 1A Prompt — Metrics", "1A", "Metrics"),
        ("### Agent A: Metrics", "A", "Metrics"),
        ("# Agent 1 (Metrics)", "1", "Metrics"),
        ("Agent 1 (Metrics)\n-----", "1", "Metrics"),
        ("Agent 1 (Metrics):", "1", "Metrics"),
        ("#### 3. Agent C – Metrics ####", "C", "Metrics"),
        ("### 2.1 Agent T2-B: Metrics", "T2-B", "Metrics"),
        ("**Agent 2: Metrics**", "2", "Metrics"),
        ("**Agent 2 (Metrics):**", "2", "Metrics"),
        ("## 🚀 Agent 2 — Metrics", "2", "Metrics"),
        ("### `Agent 74-1`: Metrics", "74-1", "Metrics"),
        ("### Agent **74-1**: Metrics", "74-1", "Metrics"),
        ("### Agent #4 - Metrics", "4", "Metrics"),
        ("### Agent 74\u{2011}1: Metrics", "74-1", "Metrics"),
        ("### Agent 74–1: Metrics", "74-1", "Metrics"),
        ("### Agent\u{A0}5: Metrics", "5", "Metrics"),
        ("### AGENT 6: Metrics", "6", "Metrics"),
        ("### Agent Alpha: Metrics", "Alpha", "Metrics"),
        ("### Prompt for Agent 3: Metrics", "3", "Metrics"),
        ("### Launch Agent 3 (FOREGROUND): Metrics", "3", "Metrics"),
        ("### Sub-agent 3: Metrics", "3", "Metrics"),
        ("### Agent 10 | Metrics", "10", "Metrics"),
    ])
    func heading(_ heading: String, _ id: String, _ title: String) throws {
        let plan = try SprintPlan.read(text: "# Plan\n\n\(heading)\nOwn: a.py\n\n## Agent Z: Other\nOwn: z.py\n")
        #expect(plan.agents.map(\.id) == [id, "Z"])
        #expect(plan.agents.first?.title == title)
        #expect(plan.owned(id) == ["a.py"])
    }

    @Test(arguments: [
        "## Agent Launch", "## Agent Rules: read them", "## Agents", "## Wait for Agent A to Complete",
        "## Merge Agent A",
        "**Agent B MUST NOT start until Agent A is done.**", "## Post-Agent Merge", "## Launch All 3 Agents (parallel)",
        "## Agent File Ownership", "## Agent Preamble: shared", "## All agents: be quick",
    ])
    func noAgent(_ heading: String) throws {
        #expect(try ids(PlanSamples.two("\(heading)\n\nSome text.")) == ["A", "B"])
    }

    @Test func rowsOfATable() throws {
        let plan = try SprintPlan.read(
            text: """
                # Sprint 5 — Tables

                | Agent | Task | Files Owned | Depends on |
                |:------|------|:-----------:|---|
                | **5-1** | Models | `app/models.py`, `app/forms.py` (NEW) | — |
                | Agent 5-2 | Views | app/views.py | 5-1 |
                """
        )
        #expect(plan.agents.map(\.id) == ["5-1", "5-2"])
        #expect(plan.agents.map(\.title) == ["Models", "Views"])
        #expect(plan.owned("5-1") == ["app/models.py", "app/forms.py"])
        #expect(plan.agent("5-1")?.owned.map(\.isNew) == [false, true])
        #expect(plan.agent("5-2")?.startsAfter == ["5-1"])
        #expect(plan.mergeOrder == [["5-1"], ["5-2"]])
        #expect(plan.agent("5-1")?.prompt.contains("app/forms.py") == true)
    }

    @Test func rowsWithNames() throws {
        let plan = try SprintPlan.read(
            text: """
                | Agent | Files |
                |---|---|
                | Backend | src/api/ |
                | Frontend | web/*.tsx |
                """
        )
        #expect(plan.agents.map(\.id) == ["Backend", "Frontend"])
        #expect(plan.owned("Backend") == ["src/api/"])
        #expect(plan.owned("Frontend") == ["web/*.tsx"])
    }

    @Test func callsUnderOneHeading() throws {
        let plan = try SprintPlan.read(
            text: #"""
                # Sprint 6

                ## Launch both agents

                ```python
                Task(
                    description="Agent 6A: parser",
                    prompt="""
                Own: src/parser.swift
                """,
                    isolation="worktree",
                )
                Task(description="build the printer", prompt="""You are Agent 6B, the printer's builder.
                Own: src/printer.swift
                """)
                ```
                """#
        )
        #expect(plan.agents.map(\.id) == ["6A", "6B"])
        #expect(plan.agents.first?.title == "parser")
        #expect(plan.owned("6A") == ["src/parser.swift"])
        #expect(plan.owned("6B") == ["src/printer.swift"])
        #expect(plan.agents.last?.prompt.hasPrefix("You are Agent 6B") == true)
    }

    @Test func callWithoutAFenceOrAName() throws {
        let plan = try SprintPlan.read(
            text: #"""
                # Sprint 6

                Task(subagent_type="x", prompt="""
                Own: a.py
                """)

                Task(subagent_type="x", prompt="""
                Own: b.py
                """)
                """#
        )
        #expect(plan.agents.map(\.id) == ["1", "2"])
        #expect(plan.codes.filter { $0 == "inferred-agent" }.count == 2)
    }

    @Test func docStringsInACallNeedNoEscape() throws {
        let plan = try SprintPlan.read(
            text: #"""
                ### Agent A: Doc
                ```
                Task(prompt="""
                Own: a.py
                ```python
                def f():
                    """Doc string."""
                    """
                    Another one,
                    """
                ```
                Commit: "feat: a"
                """)
                ```
                ### Agent B: Other
                Own: b.py
                """#
        )
        #expect(plan.agents.map(\.id) == ["A", "B"])
        #expect(plan.agent("A")?.commit == "feat: a")
    }

    @Test func promptInAFence() throws {
        let plan = try SprintPlan.read(
            text: """
                # Sprint 8

                ## Agent 1A Prompt — Models

                ```
                You build the models.

                ## FILES YOU OWN
                - app/models.py
                - app/new.py (NEW)

                ### Agent 9: an example

                ```python
                # Agent 9: a comment
                ```

                ## COMMIT
                feat: models
                ```

                ## Agent 1B Prompt — Views

                ~~~~markdown
                FILES YOU OWN:
                - app/views.py

                ~~~
                # Agent 9: text
                ~~~
                ~~~~
                """
        )
        #expect(plan.agents.map(\.id) == ["1A", "1B"])
        #expect(plan.owned("1A") == ["app/models.py", "app/new.py"])
        #expect(plan.agent("1A")?.commit == "feat: models")
        #expect(plan.agent("1A")?.prompt.hasPrefix("You build the models.") == true)
        #expect(plan.owned("1B") == ["app/views.py"])
    }

    @Test func partsAtTheAgentsOwnLevel() throws {
        let plan = try SprintPlan.read(
            text: """
                # Sprint 9

                ## Agent A: One
                ## Files You Own
                - a.py
                ## Tasks
                - Create a.py

                ## Agent B: Two
                ## Files You Own
                - b.py

                ## Merge
                Run `make test`.
                """
        )
        #expect(plan.owned("A") == ["a.py"])
        #expect(plan.owned("B") == ["b.py"])
        #expect(plan.tests.map(\.command) == ["make test"])
    }

    @Test func listItems() throws {
        let plan = try SprintPlan.read(
            text: """
                # Plan

                ## Agents

                - **Agent 1 (Backend):** the API
                  - Files: `src/api.py`
                - **Agent 2 (Frontend):** the page
                  - Files: `web/page.html`
                """
        )
        #expect(plan.agents.map(\.id) == ["1", "2"])
        #expect(plan.owned("1") == ["src/api.py"])
        #expect(plan.owned("2") == ["web/page.html"])
    }

    @Test func otherNouns() throws {
        let plan = try SprintPlan.read(
            text:
                "# Plan\n\n## Worker 1: One\nOwn: a.py\n\n## Worker 2: Two\nOwn: b.py\n\nMerge order: Worker 2 → Worker 1"
        )
        #expect(plan.agents.map(\.id) == ["1", "2"])
    }

    @Test func idsBelowAgents() throws {
        let plan = try SprintPlan.read(
            text: "# Plan\n## Agent prompts\n### 55-A: PDF\nOwn: a.py\n### 55-B: CSV\nOwn: b.py\n"
        )
        #expect(plan.agents.map(\.id) == ["55-A", "55-B"])
        #expect(plan.owned("55-B") == ["b.py"])
    }

    @Test func overviewAndPromptAreOneAgent() throws {
        let plan = try SprintPlan.read(
            text: """
                # Plan
                ## Overview
                ### Agent A: One
                Short.
                ### Agent B: Two
                Short.
                ## Details
                ### Agent A Prompt
                Own: a.py
                ### Agent B Prompt
                Own: b.py
                """
        )
        #expect(plan.agents.map(\.title) == ["One", "Two"])
        #expect(plan.owned("A") == ["a.py"])
    }
}
