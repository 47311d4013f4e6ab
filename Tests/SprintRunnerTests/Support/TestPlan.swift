/// A plan in the form that real ones have, for agents of a test's own.
struct TestPlan {
    struct Agent {
        var id: String
        var title = "Part"
        var owned: [String]
        var note = ""
    }

    var sprint = "7"
    var agents: [Agent]
    /// One line for each place in the order; nothing for the plan's order.
    var order: [String] = []
    var rules: [String] = []
    var append: [String] = ["notes.md"]
    var policy = ""
    var test = ""
    var concatenation = ""

    var text: String {
        var text = """
            # Sprint \(sprint) — Trial

            ## Pre-Flight

            ```bash
            git tag pre-sprint-\(sprint)
            ```

            ## Agent Launch

            Each agent prompt MUST start with:
            ```
            RULES:
            - MERGE RULE: Do NOT merge to main. Commit to worktree branch only.
            - EARLY COMMIT RULE: First commit within 10 minutes.
            - DESCOPE RULE: Mark BLOCKED with reason.

            """
        text += rules.map { "- \($0)\n" }.joined()
        text += "- APPEND FILES:\n  * CHANGELOG-sprint-\(sprint)-N.md (per-agent)\n"
        text += append.map { "  * \($0) (shared, append only)\n" }.joined()
        text += "```\n\n"
        for agent in agents {
            text +=
                "### Agent \(agent.id): \(agent.title)\n\nDo it. \(agent.note)\n\n**File Ownership:**\nOwn: \(agent.owned.joined(separator: ", "))\n\n---\n\n"
        }
        text += "## Post-Agent Merge\n\n1. Collect results\n"
        if !order.isEmpty {
            text +=
                "2. Merge in this order:\n"
                + order.enumerated()
                .map { "   \("abcdefghijklmnopqrstuvwxyz".map(String.init)[$0.offset]). \($0.element)\n" }.joined()
        }
        if !policy.isEmpty { text += "3. \(policy)\n" }
        if !test.isEmpty { text += "4. Run: `\(test)`\n" }
        text += "5. If pass: `git push origin main`\n"
        if !concatenation.isEmpty { text += "6. Concatenate: `\(concatenation)`\n" }
        return text
    }
}
