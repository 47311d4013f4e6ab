import SprintRunner
import Testing

/// The forms in which plans give an order.
@Suite struct OrderTests {
    /// A plan with agents 1-1 to 1-4 and the given text after them.
    private func plan(_ text: String, before: String = "", second: String = "Own: b.py") throws -> SprintPlan {
        try SprintPlan.read(
            text: """
                # Sprint 1 — Order

                \(before)

                ### Agent 1-1: One
                Own: a.py

                ### Agent 1-2: Two
                \(second)

                ### Agent 1-3: Three
                Own: c.py

                ### Agent 1-4: Four
                Own: d.py

                ## Post-Agent Merge

                \(text)
                """
        )
    }

    @Test(arguments: [
        "Merge in this order:\n1. 1-4 first (pool)\n2. 1-2 and 1-3 (new files only)\n3. 1-1 last — touches what 1-4 did",
        "1. Collect\n2. Merge in this order (dependency):\n   a. 1-4 FIRST\n   b. 1-2 + 1-3\n   c. 1-1 LAST (after 1-4)\n3. Test",
        "### Merge Order\n\n(a) Agent 1-4\n(b) Agents 1-2, 1-3\n(c) Agent 1-1",
        "Merge order: 1-4 → 1-2, 1-3 → 1-1",
        "**Merge order:** 1-4 -> (1-2, 1-3) -> 1-1",
        "### Merge order\n```\n1-4 → 1-2 + 1-3 → 1-1\n```",
        "### Merge order\n- 1-4 → 1-2\n- 1-4 → 1-3\n- 1-2 → 1-1\n- 1-3 → 1-1",
        "Merge order: 1-4 first, then 1-2 and 1-3, then 1-1.",
        "### Merge order\n- 1-1 last\n- 1-4 first\n- 1-2 and 1-3 in between",
        "### Merge order\n\n| Step | Agents | Why |\n|---|---|---|\n| 1 | 1-4 | base |\n| 2 | 1-2, 1-3 | new |\n| 3 | 1-1 | uses 1-4 |",
        "```bash\ngit merge sprint-1-4 --no-ff\ngit merge agent-1-2 agent-1-3\ngit merge <agent-1-1-branch>  # after 1-4\n```",
        "| Merge order | Agent |\n|---|---|\n| 1 | 1-4 |\n| 3 | 1-1 |\n| 2 | 1-2 |\n| 2 | 1-3 |",
        "### Merge order\n1. Agent 1-4\n2. the rest\n3. Agent 1-1",
        "1. Merge 1-4\n2. Merge 1-2 and 1-3\n3. Merge 1-1 (needs 1-4)\n4. Run: `make test`",
        "1. Collect results\n2. First merge agent 1-4 (pool)\n3. Then land 1-2 + 1-3\n4. `make test`\n5. Finally merge 1-1",
        "### Merge\n\n1. Agent 1-4 — foundations\n2. Agents 1-2, 1-3\n3. Agent 1-1",
        "1. First 1-4\n2. Then 1-2 and 1-3\n3. Last: 1-1\n4. Run tests of 1-1",
    ])
    func listed(_ text: String) throws {
        let plan = try plan(text)
        #expect(plan.mergeOrder == [["1-4"], ["1-2", "1-3"], ["1-1"]])
        #expect(plan.agents.allSatisfy { $0.startsAfter.isEmpty })
        #expect(!plan.codes.contains("incomplete-order"))
    }

    @Test func planOrderWhereNoneIsGiven() throws {
        #expect(try plan("Merge all branches.").mergeOrder == [["1-1"], ["1-2"], ["1-3"], ["1-4"]])
    }

    /// Lists of what is done with agents after their work are no order of merging.
    @Test(arguments: [
        "1. Collect the reports of 1-4 and 1-3\n2. Ask 1-2 for its figures\n3. Merge everything",
        "1. Merge 1-4 and all others\n2. Run: `make test`", "- Merge what 1-4 did\n- Merge what 1-2 did",
        "### Report\n1. 1-4: its table\n2. 1-1: its figures",
    ])
    func noOrder(_ text: String) throws {
        #expect(try plan(text).mergeOrder == [["1-1"], ["1-2"], ["1-3"], ["1-4"]])
    }

    @Test(arguments: ["Merge order: 1-4 → 1-7 → 1-1", "### Merge order\n1. 1-4\n2. Agent 1-7\n3. 1-1 (by 2026-11-07)"])
    func anAgentThatThePlanDoesNotHaveIsTold(_ text: String) throws {
        let plan = try plan(text)
        #expect(plan.mergeOrder == [["1-4"], ["1-1"], ["1-2"], ["1-3"]])
        let told = plan.diagnostics.filter { $0.code == .unknownAgent }
        #expect(told.count == 1)
        #expect(told.first?.message.hasPrefix("the order of merging names 1-7, and the plan has no such agent") == true)
    }

    @Test func anyOrder() throws {
        #expect(try plan("Merge order: any order will do").mergeOrder == [["1-1", "1-2", "1-3", "1-4"]])
    }

    @Test func commasBeforeThen() throws {
        #expect(
            try plan("### Merge order\n\n1-2, 1-1, then 1-4, then 1-3").mergeOrder == [
                ["1-2"], ["1-1"], ["1-4"], ["1-3"],
            ])
    }

    @Test func loopOfMerges() throws {
        let text =
            "```bash\nfor b in agent-1-3 agent-1-1 agent-1-2 agent-1-4; do\n  git merge --no-ff \"$b\"\ndone\n```"
        #expect(try plan(text).mergeOrder == [["1-3"], ["1-1"], ["1-2"], ["1-4"]])
    }

    @Test func incompleteOrder() throws {
        let plan = try plan("Merge order: 1-3 → 1-1")
        #expect(plan.mergeOrder == [["1-3"], ["1-1"], ["1-2"], ["1-4"]])
        let diagnostic = try #require(plan.diagnostics.first { $0.code == .incompleteOrder })
        #expect(diagnostic.message == "the order of merging leaves out 1-2, 1-4, merged last: name them")
    }

    @Test(arguments: [
        "Agent 1-2 MUST NOT start until Agent 1-1 has completed.",
        "1-1 first, 1-2 extends it",
        "Run Agent 1-1 first, wait for completion, then Agent 1-2.",
        "Agent 1-2 starts ONLY after 1-1 completes.",
        "After 1-1 completes, launch 1-2.",
        "Agent 1-2 depends on Agent 1-1.",
        "Launch 1-1 before 1-2.",
        "Wave 1: launch 1-1, then launch 1-2.",
    ])
    func startsAfter(_ text: String) throws {
        let plan = try plan("Merge everything.", before: text)
        #expect(plan.agent("1-2")?.startsAfter == ["1-1"])
        #expect(plan.agent("1-3")?.startsAfter == [])
        #expect(plan.mergeOrder == [["1-1"], ["1-2"], ["1-3"], ["1-4"]])
    }

    @Test(arguments: ["**Depends on:** Agent 1-4", "- Dependencies: 1-4", "Blocked by: 1-4 (its pool)"])
    func startsAfterInTheAgentsPart(_ text: String) throws {
        let plan = try plan("", second: "Own: b.py\n\(text)")
        #expect(plan.agent("1-2")?.startsAfter == ["1-4"])
        #expect(plan.mergeOrder == [["1-1"], ["1-3"], ["1-4"], ["1-2"]])
    }

    @Test func buildOrder() throws {
        let plan = try plan(
            "", before: "## Build Order\n1. Agent 1-1 first (creates the tables)\n2. 1-2 + 1-3 in parallel\n3. 1-4")
        #expect(plan.mergeOrder == [["1-1"], ["1-2", "1-3"], ["1-4"]])
        #expect(plan.agent("1-2")?.startsAfter == ["1-1"])
        #expect(plan.agent("1-4")?.startsAfter == ["1-2", "1-3"])
    }

    @Test func waves() throws {
        let plan = try SprintPlan.read(
            text: """
                # Plan
                ## Wave 1 (parallel)
                ### Agent 1: One
                Own: a.py
                ### Agent 2: Two
                Own: b.py
                ## Wave 2
                ### Agent 3: Three
                Own: c.py
                """
        )
        #expect(plan.agents.map(\.startsAfter) == [[], [], ["1", "2"]])
    }

    @Test func mergingFirstIsNotStartingFirst() throws {
        let plan = try plan("Merge 1-3 before 1-1. Agent 1-4 must land first.")
        #expect(plan.mergeOrder == [["1-4"], ["1-2"], ["1-3"], ["1-1"]])
        #expect(plan.agents.allSatisfy { $0.startsAfter.isEmpty })
    }

    @Test func singleLettersAreNotEveryA() throws {
        let plan = try SprintPlan.read(
            text: PlanSamples.two("### Merge order\n1. Agent B (a small one)\n2. A — as a last step")
        )
        #expect(plan.mergeOrder == [["B"], ["A"]])
        let none = try SprintPlan.read(text: PlanSamples.two("A quick look before B-side work. A test is run."))
        #expect(none.mergeOrder == [["A"], ["B"]])
        #expect(none.agents.allSatisfy { $0.startsAfter.isEmpty })
    }

    @Test func numbersAreNotEveryOne() throws {
        let plan = try SprintPlan.read(
            text: """
                # Plan
                ## Agent 1: One
                Own: a.py
                ## Agent 2: Two
                Own: b.py
                ## Merge order
                1. Agent 2 (adds 1 file)
                2. Agent 1
                """
        )
        #expect(plan.mergeOrder == [["2"], ["1"]])
    }

    @Test func remarkThatContradictsTheOrder() throws {
        let plan = try plan("Merge order: 1-2 → 1-1 → 1-3 → 1-4", before: "Launch 1-1 before 1-2.")
        #expect(plan.mergeOrder == [["1-2"], ["1-1"], ["1-3"], ["1-4"]])
        #expect(plan.agent("1-2")?.startsAfter == [])
        #expect(plan.codes.contains("order-disagrees"))
    }
}

/// What agents depend on, and how it is written.
@Suite struct DependencyTests {
    private func plan(_ third: String, cell: String = "") throws -> SprintPlan {
        try SprintPlan.read(
            text: """
                # Sprint 1 — Order

                ### Agent 1: Connection Pool
                Own: a.py

                ### Agent 2: Load Test
                Own: b.py

                ### Agent 3: Report
                Own: c.py

                \(third)

                ## Overview

                | Agent | Focus | Depends on |
                |---|---|---|
                | 3 | Report | \(cell) |

                ## Merge
                `make test`
                """)
    }

    @Test(arguments: [
        "Depends on: 1, 2", "**Depends on:** Agent 1 and Agent 2", "Depends on: Connection Pool, Load Test",
        "Depends on: the pool + the load test", "**Depends on:**\n- Agent 1\n- Load Test (its figures)",
        "#### Dependencies\n\n- Connection Pool\n- Load Test", "Blocked by: agents 1–2", "Depends on: all other agents",
        "Start only after Agent 1 and Agent 2 are done.", "- **Starts after**: Connection Pool & Load Test",
        "You must not start until agents 1 and 2 have finished.", "Needs: Load Test, Connection Pool",
    ])
    func namedInTheAgentsPart(_ text: String) throws {
        let plan = try plan(text)
        #expect(plan.agent("3").map { Set($0.startsAfter) } == ["1", "2"])
        #expect(!plan.codes.contains("unclear-dependency"))
    }

    @Test(arguments: ["1 + 2", "Connection Pool, Load Test", "pool; load test", "1-2"])
    func namedInACell(_ cell: String) throws {
        #expect(try plan("", cell: cell).agent("3").map { Set($0.startsAfter) } == ["1", "2"])
    }

    @Test(arguments: ["", "—", "none", "nothing", "n/a", "None (new files only)"])
    func nothingInACell(_ cell: String) throws {
        let plan = try plan("", cell: cell)
        #expect(plan.agent("3")?.startsAfter == [])
        #expect(!plan.codes.contains("unclear-dependency"))
    }

    @Test func whatNamesNoAgentIsSaid() throws {
        let inCell = try plan("", cell: "the moon")
        #expect(inCell.agent("3")?.startsAfter == [])
        let said = try #require(inCell.diagnostics.first { $0.code == .unclearDependency })
        #expect(said.severity == .warning)
        #expect(
            said.message
                == "\"the moon\" is what agent 3 depends on, and names no agent of the plan: write an agent's id, or \"none\""
        )
        // Below "Dependencies" stand packages too.
        let packages = try plan("Dependencies: httpx, rich")
        #expect(packages.diagnostics.first { $0.code == .unclearDependency }?.severity == .note)
        #expect(try !plan("Needs: a good night's sleep").codes.contains("unclear-dependency"))
    }

    @Test func agentsOfAMergeOrderMayBeCalledByTheirTitles() throws {
        let text =
            "## Merge order\n1. Report\n2. Load Test (new files only)\n3. Connection Pool\n4. Run the report again"
        #expect(try plan("", cell: "").mergeOrder == [["1"], ["2"], ["3"]])
        let plan = try SprintPlan.read(
            text: "### Agent 1: Connection Pool\nOwn: a.py\n\n### Agent 2: Load Test\nOwn: b.py\n\n"
                + "### Agent 3: Report\nOwn: c.py\n\n" + text)
        #expect(plan.mergeOrder == [["3"], ["2"], ["1"]])
    }
}
