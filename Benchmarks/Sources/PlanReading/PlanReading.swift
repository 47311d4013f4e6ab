import SprintRunner

/// Times the reading of plans of growing size, to show that it grows in proportion.
@main
struct PlanReading {
    static func main() throws {
        print("| plan | bytes | read in | per MiB |")
        print("|---|--:|--:|--:|")
        for agents in [4, 16, 64, 256] {
            try measure("\(agents) agents", plan(agents: agents, linesEach: 40))
        }
        try measure("4 agents, long prompts", plan(agents: 4, linesEach: 30_000), rounds: 1)
    }

    /// The best of some readings.
    private static func measure(_ name: String, _ text: String, rounds: Int = 5) throws {
        let clock = ContinuousClock()
        var best = Duration.seconds(3600)
        for _ in 0..<rounds {
            let time = try clock.measure { _ = try SprintPlan.read(text: text) }
            best = min(best, time)
        }
        let perMiB = best * 1_048_576 / text.utf8.count
        print("| \(name) | \(text.utf8.count) | \(show(best)) | \(show(perMiB)) |")
    }

    private static func show(_ time: Duration) -> String { "\(Int(time / .milliseconds(1))) ms" }

    private static func plan(agents: Int, linesEach: Int) -> String {
        var text =
            "# Sprint 1 — Bench\n\nEach agent prompt MUST start with:\n```\n- EARLY COMMIT RULE: within 10 minutes.\n"
        text += "- APPEND FILES:\n  * CHANGELOG-sprint-1-N.md (per-agent)\n```\n\n"
        for agent in 1...agents {
            text += "### Agent 1-\(agent): Part \(agent)\n\n**PHASE 2: BUILD**\n\n"
            for line in 1...linesEach {
                text +=
                    "- Add step \(line) to src/part\(agent).py, like the \"pattern\" in `src/base.py` (keep it small)\n"
            }
            text +=
                "\nCommit: \"feat: part \(agent)\"\n\n**File Ownership:**\nOwn: src/part\(agent).py (NEW). ZERO shared files.\n\n"
        }
        return text + "## Post-Agent Merge\n\nRun: `pytest tests/ -q`, then `git push origin main`.\n"
    }
}
