import SprintRunner
import Testing

/// Plans that are refused, each with its line and its mend.
@Suite struct RefusalTests {
    private func errors(_ text: String) -> [SprintPlan.Diagnostic] {
        do {
            _ = try SprintPlan.read(text: text)
            return []
        } catch {
            return error.errors
        }
    }

    @Test(arguments: ["", "\n \n", "\u{FEFF}"])
    func empty(_ text: String) {
        #expect(
            errors(text).map(\.description) == [
                "line 1: error: the plan is empty: write a heading such as \"### Agent 1: …\" for each of two agents or "
                    + "more [empty]"
            ]
        )
    }

    @Test func noAgents() {
        #expect(
            errors("# Notes\n\nNothing here.").map(\.description) == [
                "line 1: error: no agents are found: write a heading such as \"### Agent 1: …\" for each of two agents or "
                    + "more [too-few-agents]"
            ]
        )
    }

    @Test func oneAgent() {
        #expect(
            errors("# Solo\n\n## Agent A: One\nOwn: a.py\n").map(\.description) == [
                "line 3: error: agent A is the only one: a parallel sprint needs two or more; add one, or do without a "
                    + "sprint [too-few-agents]"
            ]
        )
    }

    @Test(arguments: ["Two", "One"])
    func twoAgentsOfOneID(_ title: String) {
        let found = errors(
            "# P\n\n## Agent A: One\nOwn: a.py\n\n## Agent A: \(title)\nOwn: b.py\n\n## Agent B: B\nOwn: c.py")
        #expect(
            found.map(\.description) == [
                "line 6: error: agent A is already on line 3: give one of the two another id [duplicate-agent]"
            ]
        )
    }

    @Test func twoRowsOfOneID() {
        let found = errors(
            "| Agent | Task | Files |\n|---|---|---|\n| A | One | a.py |\n| A | Two | b.py |\n| B | B | c.py |")
        #expect(found.map(\.code) == [.duplicateAgent])
        #expect(found.map(\.line) == [4])
    }

    @Test(arguments: [
        "Merge order: A → B → A", "A depends on B. B depends on A.", "### Merge order\n- A → B\n- B → A",
    ])
    func cycle(_ text: String) {
        let found = errors(PlanSamples.two(text))
        #expect(found.map(\.code) == [.cycle])
        #expect(found.first?.message.contains("the order goes in a circle (") == true)
        #expect(found.first?.message.hasSuffix(": take one of these steps out") == true)
        #expect((found.first?.line ?? 0) >= 11)
    }

    @Test func mergedBeforeWhatItStartsAfter() {
        let found = errors(PlanSamples.two("Merge order: B → A", b: "Own: b.py\nDepends on: Agent A"))
        #expect(found.map(\.code) == [.cycle])
    }

    @Test(arguments: [
        ("```\nnever closed", "unclosed-fence", 11),
        ("<!-- never closed", "unclosed-comment", 11),
        ("```\nTask(prompt=\"\"\"\nnever closed\n```", "unclosed-prompt", 12),
    ])
    func unreadablePart(_ text: String, _ code: String, _ line: Int) {
        let found = errors(PlanSamples.two(text))
        #expect(found.map(\.code.rawValue) == [code])
        #expect(found.map(\.line) == [line])
    }

    @Test func bytesThatAreNoText() throws {
        let error = #expect(throws: SprintPlanRefusal.self) {
            try SprintPlan.read(bytes: Array("# Plan\n\nfine\n".utf8) + [0xFF, 0xFE, 0x0A])
        }
        #expect(
            error?.description
                == "line 4: error: the plan is not UTF-8 text from here on: save it as UTF-8 [not-text]"
        )
        #expect(throws: SprintPlanRefusal.self) { try SprintPlan.read(bytes: [UInt8](repeating: 0, count: 100)) }
    }

    @Test func planThatIsTooLarge() {
        let error = #expect(throws: SprintPlanRefusal.self) {
            try SprintPlan.read(bytes: [UInt8](repeating: UInt8(ascii: "a"), count: SprintPlan.largestSize + 1))
        }
        #expect(error?.errors.map(\.code) == [.tooLarge])
    }

    @Test func tooManyAgents() {
        let text = (0...SprintPlan.mostAgents).map { "## Agent X\($0): x\nOwn: f\($0).py\n" }.joined()
        #expect(errors(text).map(\.code) == [.tooManyAgents])
    }

    @Test func whatWasUnderstoodComesWithTheRefusal() {
        let error = #expect(throws: SprintPlanRefusal.self) {
            try SprintPlan.read(text: PlanSamples.two("Merge order: A → B → A"))
        }
        #expect(error?.plan.agents.map(\.id) == ["A", "B"])
    }
}
