import SprintRunner
import Testing

/// Plans that are damaged, reordered or written by other editors.
@Suite struct RobustnessTests {
    private static let samples = [PlanSamples.full, PlanSamples.calls]

    /// Reads a text and gives what was understood, refused or not.
    private func understood(_ text: String) -> SprintPlan {
        do {
            return try SprintPlan.read(text: text)
        } catch {
            return error.plan
        }
    }

    /// What every reading has to keep to, whatever the text.
    private func check(_ plan: SprintPlan, of text: String) {
        let ids = plan.agents.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(plan.mergeOrder.joined().sorted() == ids.sorted())
        #expect(plan.agents.allSatisfy { Set($0.startsAfter).isSubset(of: ids) && !$0.startsAfter.contains($0.id) })
        let count = max(1, text.split(separator: "\n", omittingEmptySubsequences: false).count)
        #expect(plan.diagnostics.allSatisfy { (1...count).contains($0.line) })
        for agent in plan.agents {
            for file in agent.owned { #expect(text.contains(file.path.description)) }
        }
    }

    @Test(arguments: samples)
    func cutAtEveryLine(_ sample: String) {
        let lines = sample.split(separator: "\n", omittingEmptySubsequences: false)
        for end in 0...lines.count {
            let text = lines[..<end].joined(separator: "\n")
            check(understood(text), of: text)
        }
    }

    @Test(arguments: samples)
    func withoutAnyOneLine(_ sample: String) {
        let lines = sample.split(separator: "\n", omittingEmptySubsequences: false)
        for index in lines.indices {
            var rest = lines
            rest.remove(at: index)
            let text = rest.joined(separator: "\n")
            check(understood(text), of: text)
        }
    }

    @Test(arguments: samples)
    func linesInAnyOrder(_ sample: String) {
        let lines = sample.split(separator: "\n", omittingEmptySubsequences: false)
        for seed in 1...15 as ClosedRange<UInt64> {
            var random = SplitMix(state: seed)
            let text = lines.shuffled(using: &random).joined(separator: "\n")
            check(understood(text), of: text)
        }
    }

    @Test(arguments: samples)
    func bytesChangedAtRandom(_ sample: String) {
        let marks = Array("`*#|-\"()[]{}<>\n\t:,.~_ \\".utf8)
        for seed in 1...25 as ClosedRange<UInt64> {
            var random = SplitMix(state: seed)
            var bytes = Array(sample.utf8)
            for _ in 0..<20 {
                let place = bytes.indices.randomElement(using: &random) ?? 0
                bytes[place] = marks.randomElement(using: &random) ?? 0
            }
            let text = String(decoding: bytes, as: UTF8.self)
            check(understood(text), of: text)
        }
    }

    /// What a plan says without where it says it.
    private func content(_ plan: SprintPlan) -> SprintPlan {
        var plan = plan
        plan.preamble = nil
        plan.diagnostics = []
        for agent in plan.agents.indices {
            plan.agents[agent].prompt = ""
            plan.agents[agent].line = 0
            for file in plan.agents[agent].owned.indices { plan.agents[agent].owned[file].line = 0 }
        }
        for index in plan.tests.indices { plan.tests[index].line = 0 }
        for index in plan.concatenations.indices { plan.concatenations[index].line = 0 }
        for index in plan.conflictPolicies.indices { plan.conflictPolicies[index].line = 0 }
        return plan
    }

    @Test(arguments: samples)
    func otherLineEnds(_ sample: String) throws {
        let expected = try content(SprintPlan.read(text: sample))
        #expect(try content(SprintPlan.read(text: sample.replacing("\n", with: "\r\n"))) == expected)
        #expect(try content(SprintPlan.read(text: sample.replacing("\n", with: "\r"))) == expected)
        #expect(try content(SprintPlan.read(text: "\u{FEFF}" + sample)) == expected)
        #expect(try content(SprintPlan.read(text: sample + "\n\n\n")) == expected)
    }

    @Test(arguments: samples)
    func trailingSpacesAndTabs(_ sample: String) throws {
        let expected = try content(SprintPlan.read(text: sample))
        #expect(try content(SprintPlan.read(text: sample.replacing("\n", with: "  \n"))) == expected)
        #expect(try content(SprintPlan.read(text: sample.replacing("\n   ", with: "\n\t"))) == expected)
    }

    @Test func otherDashes() throws {
        let expected = try content(SprintPlan.read(text: PlanSamples.full))
        for dash in ["–", "-", "―", ":"] {
            let text = PlanSamples.full.replacing("# Sprint 12 —", with: "# Sprint 12 \(dash)")
            #expect(try content(SprintPlan.read(text: text)) == expected)
        }
    }

    @Test(arguments: ["#", "##", "####", "######"])
    func otherLevels(_ level: String) throws {
        let expected = try content(SprintPlan.read(text: PlanSamples.full))
        let text = PlanSamples.full.replacing("### Agent 12", with: "\(level) Agent 12")
            .replacing("\n## Post", with: "\n\(level.count < 3 ? level : "##") Post")
        #expect(try content(SprintPlan.read(text: text)) == expected)
    }

    @Test func boldInPlaceOfHeadings() throws {
        let expected = try content(SprintPlan.read(text: PlanSamples.full))
        var text = PlanSamples.full
        for (id, title) in [("12-1", "Search Index"), ("12-2", "Export Script"), ("12-3", "Pool")] {
            text = text.replacing("### Agent \(id): \(title)", with: "**Agent \(id): \(title)**")
        }
        #expect(try content(SprintPlan.read(text: text)) == expected)
    }

    @Test func numberedHeadings() throws {
        let expected = try content(SprintPlan.read(text: PlanSamples.full))
        var text = PlanSamples.full
        for number in 1...3 {
            text = text.replacing("### Agent 12-\(number)", with: "### 3.\(number) Agent 12-\(number)")
        }
        #expect(try content(SprintPlan.read(text: text)) == expected)
    }

    @Test(arguments: ["````", "~~~", "~~~~~"])
    func otherFences(_ fence: String) throws {
        let expected = try content(SprintPlan.read(text: PlanSamples.full))
        #expect(try content(SprintPlan.read(text: PlanSamples.full.replacing("```", with: fence))) == expected)
    }

    /// Time must grow with the text, not with its square: each of these would take hours otherwise.
    @Test(arguments: [
        "```\n```x\n", "<!-- \n", "`a ``b ", "((((", "| a | b |\n|---|---|\n", "- a\n  - b\n", "Task(prompt=\"\"\"\n",
        "**Agent", "[a](", "# Agent\n", "A → B → ", "{a,b}", "Own: a.py, ",
    ])
    func longRepetitions(_ piece: String) {
        let text = PlanSamples.two(String(repeating: piece, count: 20_000 / piece.utf8.count))
        _ = understood(text)
    }
}

/// A generator of random numbers that gives the same ones for the same seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
