import SprintRunner

/// Plans that several suites read.
enum PlanSamples {
    /// A plan with everything in it, agents as headings.
    static let full = #"""
        <!-- Paste: "Read plans/sprint-12.md and execute it" -->

        # Sprint 12 — Search + Exports

        You are the orchestrator for Sprint 12. Spawn 3 parallel build agents, collect results, merge, test, push.

        ## Pre-Flight

        ```bash
        git checkout main && git pull origin main
        git tag pre-sprint-12
        pytest tests/smoke -q
        ```

        ## Agent Launch

        Spawn all agents in parallel:
        ```
        Task(subagent_type="general-purpose", isolation="worktree")
        ```

        Each agent prompt MUST start with:
        ```
        You are in a git worktree of your own.

        RULES:
        - MERGE RULE: Do NOT merge to main.
        - EARLY COMMIT RULE: First commit within 15 minutes.
        - DESCOPE RULE: Mark BLOCKED with reason.
        - TEST FIXUP EXCEPTION: you MAY fix tests in files you don't own.
        - DO NOT modify ANY file in infra/ or deploy/.
        - APPEND FILES:
          * notes-sprint-12-N.md (per-agent)
          * notes.md (shared, append only)
          * CHANGELOG-sprint-12-N.md (per-agent)
        - Test after each task: pytest tests/unit -q | tail -5
        ```

        ---

        ### Agent 12-1: Search Index

        **PHASE 1: READ**
        - app/models.py (the tables)

        **PHASE 2: BUILD**

        Task 12-1-1: Create app/index.py
        ```
        # Agent 99: not a heading but a comment
        ## File Ownership
        def build(): ...
        ```

        **PHASE 3: TEST**
        tests/test_index.py — 5 tests

        Commit: "feat: search index (Sprint 12-1)"

        **File Ownership:**
        Own: app/index.py (NEW), app/models.py (append section), tests/test_index.py (NEW)

        ---

        ### Agent 12-2: Export Script

        Task 12-2-1: Create scripts/export.py
        Commit: "feat: export (Sprint 12-2)"

        **File Ownership:**
        Own: scripts/export.py (NEW), tests/test_export.py (NEW). ZERO shared files.

        ---

        ### Agent 12-3: Pool

        Task 12-3-1: Change the pool in app/models.py
        Commit: "feat: pool (Sprint 12-3)"

        **File Ownership:**
        Own: app/models.py (pool only)

        ---

        ## Post-Agent Merge (Orchestrator)

        1. Collect results
        2. Merge in this order (models.py dependency):
           a. 12-3 FIRST (pool)
           b. 12-2 (new files only)
           c. 12-1 LAST (appends to models.py that 12-3 modified)
        3. Resolve any KNOWN_TABLES conflict (add search_index)
        4. Run: `pytest tests/ -x -q`
        5. If pass: `git push origin main`
        6. Concatenate: `cat CHANGELOG-sprint-12-*.md >> CHANGELOG.md && cat notes-sprint-12-*.md >> notes.md`

        ## Push Order
        Sprint 12 pushes FIRST.
        """#

    /// Two agents whose prompts stand in calls, the second after the first.
    static let calls = #"""
        # QS4 Terminal 1: Admin Tools

        **Sprint:** QS4 — Phase A

        ## File Ownership

        | Agent | Owns | Mode |
        |-------|------|------|
        | 1A | `web/personas.py` | CREATE |
        | 1A | `web/widget.html` | MODIFY (add dropdown) |
        | 1B | `web/widget.html` | MODIFY (add buttons — after 1A) |
        | 1B | `web/routes.py` | APPEND ONLY (POST /decision) |

        **NEVER TOUCH:** `web/app.py`, `scripts/*.py`

        ## CRITICAL: Sequential Dependency

        **Agent 1B MUST NOT start until Agent 1A has completed and its branch is known.**

        ## Launch Agent 1A (FOREGROUND)

        ```
        Task(subagent_type="general-purpose", model="sonnet", prompt="""
        You are in a worktree.

        ## YOUR TASK: Personas (Agent 1A)

        ### File Ownership (1A ONLY)
        - CREATE: web/personas.py
        - MODIFY: web/widget.html (add dropdown section)

        ### Build
        ```python
        \"\"\"Doc string.\"\"\"
        # Agent 7: no heading
        ```

        ### Test
        ```bash
        pytest tests/test_personas.py -v
        ```

        ### Output Files
        - notes-t1.md (CREATE — brief)

        ### Commit
        ```bash
        git add -A
        git commit -m "feat: personas (QS4)"
        ```
        """)
        ```

        ## Wait for Agent 1A to Complete

        **Do NOT launch Agent 1B until Agent 1A outputs its completion line.**

        ## Launch Agent 1B (FOREGROUND — after 1A completes)

        ```
        Task(subagent_type="general-purpose", prompt="""
        ## YOUR TASK: Decisions (Agent 1B)

        ### File Ownership (1B ONLY)
        - MODIFY: web/widget.html (buttons)
        - APPEND: web/routes.py (add POST /decision ONLY)

        ### DO NOT TOUCH
        - web/personas.py (owned by 1A)

        ### Commit
        feat: decisions (QS4)
        """)
        ```

        ## Post-Agent: Merge + Push

        ```bash
        git checkout main && git pull origin main

        # Merge 1A first (1B extends 1A's widget work)
        git merge <1A-branch> --no-ff --no-edit
        git merge <1B-branch> --no-ff --no-edit

        cat notes-t1.md >> notes.md 2>/dev/null

        source .venv/bin/activate && pytest tests/ -q
        git push origin main
        ```

        ## Report

        ```
        # Report
        ## Agents
        | Agent | Tests | Files | Status |
        |-------|-------|-------|--------|
        | 1A | | | |
        ```
        """#

    /// Two agents with as little as a plan can have around a part of the test's own.
    static func two(_ rest: String = "", a: String = "Own: a.py", b: String = "Own: b.py") -> String {
        """
        # Sprint 1 — Two

        ## Agent A: First
        \(a)

        ## Agent B: Second
        \(b)

        ## After the agents

        \(rest)
        """
    }
}

extension SprintPlan {
    /// The codes of the plan's diagnostics, in order.
    var codes: [String] { diagnostics.map(\.code.rawValue) }

    /// The paths an agent owns; empty when there is no such agent.
    func owned(_ id: String) -> [String] {
        agent(id)?.owned.map(\.path.description) ?? []
    }
}

extension SprintPlan.Agent {
    var denied: [String] { deny.map(\.description) }
    var appended: [String] { append.map(\.description) }
    var written: [String] { outputs.map(\.description) }
}
