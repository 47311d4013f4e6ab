import Foundation
import SprintRunner
import Testing

@Suite struct PlanOutputTests {
    @Test func jsonHasEveryKey() throws {
        let text = try SprintPlan.read(text: PlanSamples.two("Merge.")).json()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(
            object.keys.sorted() == [
                "agents", "concat", "diagnostics", "merge_order", "push", "sprint", "tag", "test", "title",
            ]
        )
        #expect(object["tag"] is NSNull)
        let agents = try #require(object["agents"] as? [[String: Any]])
        #expect(agents[0].keys.sorted() == ["append", "commit", "deny", "id", "owned", "prompt", "title"])
        let owned = try #require(agents[0]["owned"] as? [[String: Any]])
        #expect(owned[0].keys.sorted() == ["new", "note", "path"])
        #expect(object["merge_order"] as? [[String]] == [["A"], ["B"]])
        let diagnostics = try #require(object["diagnostics"] as? [[String: Any]])
        #expect(diagnostics[0].keys.sorted() == ["code", "line", "message", "severity"])
    }

    @Test func jsonListsOutputsAndAppendFiles() throws {
        let text = try SprintPlan.read(text: PlanSamples.full).json()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let agents = try #require(object["agents"] as? [[String: Any]])
        #expect(agents[0]["append"] as? [String] == ["notes-sprint-12-1.md", "CHANGELOG-sprint-12-1.md", "notes.md"])
        #expect(
            object["concat"] as? [String] == [
                "cat CHANGELOG-sprint-12-*.md >> CHANGELOG.md", "cat notes-sprint-12-*.md >> notes.md",
            ]
        )
    }

    @Test func text() throws {
        let text = try SprintPlan.read(text: PlanSamples.two("Merge order: B → A. `make test`, `git push origin main`"))
            .text()
        #expect(
            text == """
                Sprint 1: Two (2 agents)

                A  First
                  owns          a.py
                  prompt        6 words, from line 3

                B  Second
                  owns          b.py
                  prompt        6 words, from line 6

                Merge order: B → A
                Tag: none
                Test: make test
                Push: git push origin main
                """
        )
    }
}
