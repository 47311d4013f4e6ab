import SprintRunner
import Testing

/// Test commands, tag, push, concatenations and conflict policies.
@Suite struct CommandTests {
    private func plan(_ text: String) throws -> SprintPlan {
        try SprintPlan.read(text: PlanSamples.two(text))
    }

    @Test(arguments: [
        ("Run: `pytest tests/ -x -q`", "pytest tests/ -x -q"),
        ("1. Merge\n2. Run tests: `npm run test:unit`", "npm run test:unit"),
        ("```bash\n# the suite\nswift test --parallel\n```", "swift test --parallel"),
        ("```sh\ncargo test \\\n  --workspace\n```", "cargo test --workspace"),
        ("- Full test suite passes: `go test ./...`", "go test ./..."),
        ("`make check`", "make check"),
        ("`uv run pytest -q`", "uv run pytest -q"),
        ("`./script/test`", "./script/test"),
        ("`CI=1 bundle exec rspec`", "CI=1 bundle exec rspec"),
        ("`python -m unittest discover`", "python -m unittest discover"),
        ("`./gradlew test`", "./gradlew test"),
        ("```console\n$ make test\n3 passed\n```", "make test"),
        ("Run: `$ npm test`", "npm test"),
    ])
    func test(_ text: String, _ command: String) throws {
        #expect(try plan(text).tests.map(\.command) == [command])
    }

    @Test func testsInPromptsAndPreFlightAreNotTheMerges() throws {
        let plan = try SprintPlan.read(
            text: """
                # Plan
                ## Pre-Flight
                `pytest tests/before`
                Each agent prompt MUST start with:
                ```
                Run pytest tests/side
                ```
                ## Agent A: One
                Own: a.py
                Run `pytest tests/a`
                ## Agent B: Two
                Own: b.py
                ## Merge
                Run `pytest tests/all`, then `pytest tests/all` again.
                """
        )
        #expect(plan.tests.map(\.command) == ["pytest tests/all"])
        #expect(plan.tests.map(\.line) == [14])
    }

    @Test func setUpLinesComeAlong() throws {
        let test = try #require(try plan("```bash\nsource .venv/bin/activate\nexport X=1\npytest\n```").tests.first)
        #expect(test.setup == ["source .venv/bin/activate", "export X=1"])
        #expect(test.script == "source .venv/bin/activate && export X=1 && pytest")
    }

    @Test func statusThatIsLost() throws {
        let plan = try plan("```bash\npytest -q 2>&1 | tail -5\npytest a &\nwait\n```")
        #expect(plan.tests.map(\.command) == ["pytest -q 2>&1 | tail -5"])
        #expect(plan.codes.filter { $0 == "lost-test-status" }.count == 2)
    }

    @Test func noTest() throws {
        let plan = try plan("Merge.")
        #expect(plan.tests.isEmpty)
        #expect(plan.codes == ["no-test"])
    }

    @Test(arguments: [
        "```\ngit tag pre-sprint-9\n```", "Set `git tag pre-sprint-9` first.", "`git tag -f pre-sprint-9 && git push`",
        "`git tag -a pre-sprint-9 -m \"before\"`",
    ])
    func tag(_ text: String) throws {
        #expect(try plan(text).tag == "pre-sprint-9")
    }

    @Test func tagsThatAreListedOrDeleted() throws {
        #expect(try plan("`git tag -d old` and `git tag --list`").tag == nil)
    }

    @Test(arguments: [
        ("5. If pass: `git push origin main`", "git push origin main"),
        ("`git pull origin main` (get it), then `git push origin main`", "git push origin main"),
        ("```\ngit add -A && git push origin HEAD\n```", "git push origin HEAD"),
    ])
    func push(_ text: String, _ command: String) throws {
        #expect(try plan(text).push == command)
    }

    @Test func pushInWords() throws {
        let plan = try plan("5. Push to main")
        #expect(plan.push == "git push origin main")
        #expect(plan.codes.contains("inferred-push"))
        #expect(try self.plan("Do not push to main.").push == nil)
    }

    @Test(arguments: [
        ("`cat A-*.md >> A.md`", ["cat A-*.md >> A.md"]),
        ("`cat A-*.md >> A.md && cat b/*.md >> b.md`", ["cat A-*.md >> A.md", "cat b/*.md >> b.md"]),
        ("```\ncat a.md b.md >> c.md 2>/dev/null\n```", ["cat a.md b.md >> c.md"]),
        ("```\nfor f in A-*.md; do cat \"$f\" >> A.md; done\n```", ["cat A-*.md >> A.md"]),
        ("Concatenate `A-*.md` into `A.md`", ["cat A-*.md >> A.md"]),
    ])
    func concatenation(_ text: String, _ expected: [String]) throws {
        let plan = try plan(text)
        #expect(plan.concatenations.map(\.description) == expected)
        #expect(!plan.codes.contains("unclear-concatenation"))
    }

    @Test(arguments: ["6. Concatenate changelogs + scenarios", "`cat /tmp/x >> A.md`"])
    func unclearConcatenation(_ text: String) throws {
        let plan = try plan(text)
        #expect(plan.concatenations.isEmpty)
        #expect(plan.codes.contains("unclear-concatenation"))
    }

    @Test(
        arguments: [
            (
                "Resolve any EXPECTED_TABLES conflict (add request_metrics)", "EXPECTED_TABLES",
                .add(["request_metrics"])
            ),
            ("- On conflict in web/app.py: resolve by keeping both sides", "web/app.py", .keepBoth),
            ("Merge conflicts: keep both", nil, .keepBoth),
            ("Add `request_metrics` to EXPECTED_TABLES", "EXPECTED_TABLES", .add(["request_metrics"])),
            ("Resolve conflicts in a.md with care", "a.md", .described),
        ] as [(String, String?, SprintPlan.ConflictPolicy.Resolution)])
    func policy(_ text: String, _ subject: String?, _ resolution: SprintPlan.ConflictPolicy.Resolution) throws {
        let policy = try #require(try plan(text).conflictPolicies.first)
        #expect(policy.subject == subject)
        #expect(policy.resolution == resolution)
    }
}

@Suite struct SafetyTagTests {
    private func plan(before: String = "", after: String) throws -> SprintPlan {
        try SprintPlan.read(
            text: "# Sprint 3 — Tags\n\n## Pre-Flight\n\n\(before)\n\n### Agent 1: One\nOwn: a.py\n\n"
                + "### Agent 2: Two\nOwn: b.py\n\n## Post-Agent Merge\n\n1. Run: `make test`\n2. \(after)\n")
    }

    @Test func aTagAfterTheMergeIsNoSafetyTag() throws {
        let plan = try plan(after: "`git tag v1.4.0 && git push origin main --tags`")
        #expect(plan.tag == nil)
        let said = try #require(plan.diagnostics.first { $0.code == .laterTag })
        #expect(said.severity == .note)
        #expect(said.message.hasPrefix("the tag v1.4.0 is set after the merge, which is yours to do"))
    }

    @Test func theOneBeforeCountsWhateverFollows() throws {
        let plan = try plan(before: "`git tag sprint-3-here`", after: "`git tag v1.4.0`")
        #expect(plan.tag == "sprint-3-here")
        #expect(!plan.codes.contains("later-tag"))
    }

    @Test(arguments: ["pre-sprint-3", "before/merge-3", "sprint-3_backup", "rollback-3"])
    func aNameThatSaysSoIsASafetyTagAnywhere(_ name: String) throws {
        #expect(try plan(after: "Tag: `\(name)`, then merge").tag == name)
    }
}
