import SprintRunner
import Testing

/// What is allowed and said all the same.
@Suite struct LintTests {
    private func diagnostics(_ code: SprintPlan.Diagnostic.Code, in text: String) throws -> [SprintPlan.Diagnostic] {
        try SprintPlan.read(text: text).diagnostics.filter { $0.code == code }
    }

    @Test func twoOwners() throws {
        let found = try diagnostics(.twoOwners, in: PlanSamples.two(a: "Own: a.py, x.py", b: "Own: x.py"))
        #expect(
            found.map(\.description) == [
                "line 7: warning: x.py is owned by agents A and B: give it to one, or let one start after the other "
                    + "[two-owners]"
            ]
        )
    }

    @Test(arguments: ["web/", "web/*.py", "**/x.py"])
    func ownersOfWhatHoldsTheOther(_ wide: String) throws {
        let found = try diagnostics(.twoOwners, in: PlanSamples.two(a: "Own: \(wide)", b: "Own: web/x.py"))
        #expect(
            found.map(\.message) == [
                "web/x.py of agent B lies in \(wide) of agent A: give it to one, or let one start after the other"
            ]
        )
    }

    @Test func taskOutsideOwnership() throws {
        let tasks = """
            Own: a.py
            Task 1: Add the route in web/b.py
            Task 2: Create c/d.html — see docs/style.md, like `web/e.html`
            Task 3: Update a.py
            Task 4: grep -c "x" web/f.html
            """
        let found = try diagnostics(.taskOutsideOwnership, in: PlanSamples.two(a: tasks, b: "Own: web/b.py"))
        #expect(
            found.map(\.message) == [
                "a task of agent A names web/b.py, which agent B owns: add it to the agent's files or drop the task",
                "a task of agent A names c/d.html, which agent A does not own: add it to the agent's files or drop the task",
            ]
        )
        #expect(found.map(\.line) == [5, 6])
    }

    @Test func sharedAppend() throws {
        let rules =
            "Each agent prompt MUST start with:\n```\n- APPEND FILES:\n  * notes.md (shared)\n  * n-{agent}.md\n```"
        let found = try diagnostics(.sharedAppend, in: PlanSamples.two(rules))
        #expect(
            found.map(\.message) == [
                "all agents append to notes.md: a file for each agent, joined after the merge, cannot conflict"
            ]
        )
        #expect(found.map(\.line) == [14])
    }

    @Test func ownedAndDenied() throws {
        let found = try diagnostics(.ownedAndDenied, in: PlanSamples.two(a: "Own: web/a.py\n\nDO NOT TOUCH: web/*.py"))
        #expect(found.map(\.message).first?.contains("ownership holds") == true)
    }

    @Test func nothingOwned() throws {
        #expect(try diagnostics(.nothingOwned, in: PlanSamples.two(a: "Do it.")).map(\.line) == [3])
    }
}
