import SprintRunner
import Testing

/// The forms in which plans say who owns what.
@Suite struct OwnershipFormsTests {
    /// What agent A owns when its part is the given text.
    private func owned(_ part: String) throws -> [SprintPlan.OwnedFile] {
        try SprintPlan.read(text: PlanSamples.two(a: part)).agents[0].owned
    }

    @Test(arguments: [
        "Own: a/x.py, b/y.html (NEW)",
        "Owns: `a/x.py` and `b/y.html` (NEW).",
        "**Own:** a/x.py, b/y.html (NEW). ZERO shared files.",
        "**File Ownership:**\nOwn: a/x.py, b/y.html (NEW). ZERO shared files, no templates.",
        "### FILES YOU OWN\n- a/x.py\n- NEW b/y.html",
        "### Files Owned\n- `a/x.py`\n- NEW `b/y.html`",
        "### File Ownership\n* [ ] a/x.py\n* [x] b/y.html [NEW]",
        "FILES YOU OWN:\n- a/x.py\n- b/y.html — NEW\n\nDo not forget the tests.",
        "**Files You Own**\n1. a/x.py\n2. b/y.html (new file)",
        "### Files you own\n- MODIFY: a/x.py\n- CREATE: b/y.html",
        "### Files you own\n**Modify:**\n- a/x.py\n\n**Create:**\n- b/y.html",
        "### Files you own\n- Modify:\n  - a/x.py\n- Create:\n  - b/y.html",
        "### Files you own\n```\na/x.py\nb/y.html (NEW)\n```",
        "You own `a/x.py`, `b/y.html` (NEW)",
        "Files: a/x.py, b/y.html (NEW)",
        "| Agent | Files |\n|---|---|\n| A | a/x.py, b/y.html (NEW) |",
        "- **Owned files:** [a/x.py](a/x.py), **b/y.html** (NEW)",
    ])
    func form(_ part: String) throws {
        let files = try owned(part)
        guard !part.hasPrefix("|") else { return }
        #expect(files.map(\.path.description) == ["a/x.py", "b/y.html"])
        #expect(files.map(\.isNew) == [false, true])
        #expect(files.map(\.note) == [nil, nil])
    }

    @Test func notesGlobsAndDirectories() throws {
        let files = try owned(
            """
            ### Files You Own
            - `web/app.py` (EXPECTED_TABLES, after_request)
            - src/ingest.py — new functions, and their tests
            - templates/mail/*.html (5 files)
            - datasets/ (add entries if needed)
            - Makefile
            - .bandit (NEW)
            - .github/workflows/ci.yml [only the lint job]
            - app/(auth)/[id]/page.tsx
            - everything under `docs/`
            - src/db.py lines 10-20
            """
        )
        #expect(
            files.map(\.path.description) == [
                "web/app.py", "src/ingest.py", "templates/mail/*.html", "datasets/", "Makefile", ".bandit",
                ".github/workflows/ci.yml", "app/(auth)/[id]/page.tsx", "docs/", "src/db.py",
            ]
        )
        #expect(files[0].note == "EXPECTED_TABLES, after_request")
        #expect(files[1].note == "new functions, and their tests")
        #expect(files[1].isNew == false)
        #expect(files[6].note == "only the lint job")
        #expect(files[9].note == "lines 10-20")
    }

    @Test(arguments: [
        "5 templates listed above", "all of the above", "UI/UX polish", "the new endpoints", "and/or tests",
        "Node.js services", "whatever you need", "`os.environ.get`", "EXPECTED_TABLES", "v1.2 of the API",
    ])
    func proseIsNoPath(_ prose: String) throws {
        let plan = try SprintPlan.read(text: PlanSamples.two(a: "### Files You Own\n- a.py\n- \(prose)"))
        #expect(plan.owned("A") == ["a.py"])
        let diagnostic = try #require(plan.diagnostics.first { $0.code == .notAPath })
        #expect(diagnostic.line == 6)
        #expect(diagnostic.severity == .warning)
        #expect(diagnostic.message == "\"\(prose)\" is no path and is not taken as one: name the files")
    }

    @Test(arguments: ["/etc/passwd", "../other/a.py", "~/notes.md", "/web/app.py"])
    func pathOutsideTheRepository(_ path: String) throws {
        let plan = try SprintPlan.read(text: PlanSamples.two(a: "Own: a.py, \(path)"))
        #expect(plan.owned("A") == ["a.py"])
        #expect(plan.codes.contains("bad-path"))
    }

    @Test func allNewInTheHeading() throws {
        let files = try owned("**File Ownership (ALL NEW):**\n- tests/a.py\n- tests/b.py")
        #expect(files.map(\.isNew) == [true, true])
    }

    @Test func newRoutesAreNoNewFile() throws {
        #expect(try owned("Own: web/routes.py (new routes)").map(\.isNew) == [false])
        #expect(try owned("Own: web/routes.py (new module)").map(\.isNew) == [true])
    }

    @Test func appendOnly() throws {
        let plan = try SprintPlan.read(text: PlanSamples.two(a: "Own: a.py, log.md (APPEND ONLY)"))
        #expect(plan.agents[0].owned.map(\.isAppendOnly) == [false, true])
        #expect(plan.agents[0].appended == ["log.md"])
    }

    // MARK: Outside the agents' parts

    private func ownedByBoth(_ section: String) throws -> [[String]] {
        let plan = try SprintPlan.read(
            text: "# Plan\n\n\(section)\n\n## Agent A: One\nDo it.\n\n## Agent B: Two\nDo it too.\n"
        )
        return [plan.owned("A"), plan.owned("B")]
    }

    @Test(arguments: [
        "## File Ownership\n\n| Agent | Files Owned |\n|---|---|\n| A | `a.py`, `x/` |\n| B | b.py |",
        "## File Ownership\n\n| Agent | Owns | Mode |\n|---|---|---|\n| A | a.py | MODIFY |\n| | x/ | CREATE |\n| B | b.py | NEW |",
        "## File Ownership\n\n| File | Owner |\n|---|---|\n| a.py | Agent A |\n| x/ | A |\n| `b.py` | **B** |",
        "## Ownership matrix\n\n| File | A | B |\n|---|---|---|\n| a.py | ✓ | |\n| x/ | X | read |\n| b.py | — | own |",
        "## Ownership matrix\n\n| Agent | a.py | x/ | b.py |\n|---|---|---|---|\n| A | ✅ | NEW | - |\n| B | | | ✅ |",
        "## File Ownership\n- Agent A: `a.py`, `x/`\n- Agent B: b.py",
        "## File Ownership\n- **A** — a.py, x/\n- **B** — b.py",
        "## File Ownership\n- Agent A\n  - a.py\n  - x/\n- Agent B\n  - b.py",
        "## File Ownership\n### Agent A (One)\n- a.py\n- x/\n### Agent B (Two)\n- b.py",
        "## File Ownership\n**Agent A:**\n- a.py\n- x/\n\n**Agent B:**\n- b.py",
        "## File Ownership\n```\nAgent A: a.py, x/\nAgent B: b.py\n```",
        "## Who owns what\n- `a.py` → Agent A\n- `x/` → Agent A\n- `b.py` → Agent B",
    ])
    func planWide(_ section: String) throws {
        #expect(try ownedByBoth(section) == [["a.py", "x/"], ["b.py"]])
    }

    @Test func statementsThatDiffer() throws {
        let plan = try SprintPlan.read(
            text: """
                # Plan

                | Agent | Files Owned |
                |---|---|
                | A | a.py, c.py |
                | B | b.py |

                ## Agent A: One
                Own: a.py, d.py

                ## Agent B: Two
                Own: b.py
                """
        )
        #expect(plan.owned("A") == ["a.py", "c.py", "d.py"])
        let diagnostic = try #require(plan.diagnostics.first { $0.code == .ownershipDisagrees })
        #expect(diagnostic.line == 9)
        #expect(
            diagnostic.message == "what agent A owns differs from line 3 (only here: d.py; only on line 3: c.py); "
                + "all of it is taken: make the two lists the same"
        )
    }

    @Test func rowOfAnUnknownAgent() throws {
        let plan = try SprintPlan.read(
            text: PlanSamples.two("## File Ownership\n\n| Agent | Files |\n|---|---|\n| C | c.py |")
        )
        #expect(plan.codes.contains("unknown-agent"))
    }

    // MARK: Denials

    @Test(arguments: [
        "### DO NOT TOUCH\n- x/y.py (owned by B)\n- src/*.py",
        "**NEVER TOUCH:** `x/y.py`, `src/*.py`",
        "Must not touch: x/y.py, src/*.py.",
        "### Files you must NOT modify\n* x/y.py\n* src/*.py",
        "Do NOT modify x/y.py or anything matching src/*.py. Thanks.",
        "- Never edit `x/y.py` and `src/*.py`.",
        "OFF LIMITS: x/y.py, src/*.py",
    ])
    func denial(_ text: String) throws {
        let plan = try SprintPlan.read(text: PlanSamples.two(a: "Own: a.py\n\n\(text)"))
        #expect(plan.agents[0].denied == ["x/y.py", "src/*.py"])
        #expect(plan.agents[1].denied.isEmpty)
        #expect(plan.owned("A") == ["a.py"])
    }

    @Test func denialForAll() throws {
        let plan = try SprintPlan.read(text: PlanSamples.two("**NEVER TOUCH:** `web/app.py`"))
        #expect(plan.agents.map(\.denied) == [["web/app.py"], ["web/app.py"]])
    }

    @Test func ownedFilesOnly() throws {
        let rule = "Each agent prompt MUST start with:\n```\nDO NOT modify ANY file outside your owned list.\n```"
        #expect(try SprintPlan.read(text: PlanSamples.two(rule)).rules.ownedFilesOnly)
        #expect(try !SprintPlan.read(text: PlanSamples.two()).rules.ownedFilesOnly)
    }

    @Test func exceptionsAreNoDenial() throws {
        let plan = try SprintPlan.read(
            text: PlanSamples.two(a: "Own: a.py\nDo NOT modify web/app.py except the table list.")
        )
        #expect(plan.agents[0].denied.isEmpty)
    }
}
