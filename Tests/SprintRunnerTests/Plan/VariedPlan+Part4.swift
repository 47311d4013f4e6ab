extension VariedPlan {
    static let part4 = [
        VariedPlan(
            name: "emojiAndTitles",
            text: #"""
                # Sprint 55: Observatory ✨

                > Preamble for humans only.

                ## Preamble (include verbatim in each prompt)

                ```
                You work in a worktree.
                EARLY COMMIT RULE: First commit within 20 minutes.
                Output files:
                - `NOTES-{agent}.md` (per-agent)
                ```

                #### 🔭 Agent 1 — Telescope

                Own: `scope/mount.py` (NEW), `scope/drive.py` (append section)

                #### 🪐 Agent 2 — Planet Finder

                Own: `planets/finder.py` (NEW)
                Depends on: Telescope

                #### 🌌 Agent 3 — Sky Map

                **Depends on:**
                - Agent 1
                - Planet Finder (its catalogue)

                FILES YOU OWN:
                1. `map/sky.py`
                2. `map/tiles/` (NEW)

                ## 🚀 Merge

                Merge order:
                1. Telescope
                2. Planet Finder
                3. Sky Map

                Then run the whole suite:

                ```sh
                source .venv/bin/activate
                pytest -q && echo ok
                ```

                `git tag sprint-55-done`
                `git push origin main`
                """#,
            understood: #"""
                Sprint 55: Observatory ✨ (3 agents)

                1  Telescope
                  owns          scope/mount.py (new)
                  owns          scope/drive.py (append section)
                  writes        NOTES-1.md

                2  Planet Finder
                  starts after  1
                  owns          planets/finder.py (new)
                  writes        NOTES-2.md

                3  Sky Map
                  starts after  1, 2
                  owns          map/sky.py
                  owns          map/tiles/ (new)
                  writes        NOTES-3.md

                Merge order: 1 → 2 → 3
                Tag: none
                Test: source .venv/bin/activate && pytest -q && echo ok
                Push: git push origin main
                """#,
            diagnostics: ["47 later-tag"]),
        VariedPlan(
            name: "tableOfTeams",
            text: #"""
                # Refactor week

                ## Teams

                | # | Agent | Scope | Files | Must not touch | Depends on |
                |---|---|---|---|---|---|
                | 1 | Parser | Rewrite the parser | `src/parse/**`, `src/lexer.rs` | `src/main.rs` | — |
                | 2 | Printer | Pretty printer | `src/print.rs` (new) | `src/parse/` | Parser |
                | 3 | CLI | Flags | `src/main.rs`<br>`src/flags.rs` (NEW) | | Parser, Printer |

                ## Order

                Merge sequence: Parser ⇒ Printer ⇒ CLI

                ## Verification after merge

                1. `cargo fmt --check`
                2. `cargo test --workspace`
                3. `cargo clippy -- -D warnings`

                Push: `git push`
                """#,
            understood: #"""
                Refactor week (3 agents)

                Parser  Rewrite the parser
                  owns          src/parse/**
                  owns          src/lexer.rs
                  not to touch  src/main.rs

                Printer  Pretty printer
                  starts after  Parser
                  owns          src/print.rs (new)
                  not to touch  src/parse/

                CLI  Flags
                  starts after  Parser, Printer
                  owns          src/main.rs
                  owns          src/flags.rs (new)

                Merge order: Parser → Printer → CLI
                Tag: none
                Test: cargo test --workspace
                Push: git push
                """#,
            diagnostics: []),
        VariedPlan(
            name: "callsThenOne",
            text: #"""
                QS21 Terminal 1: Billing
                ========================

                Launch in order. Agents 1–2 in parallel, then agent 3.

                ```python
                Task(
                  subagent_type="general-purpose",
                  description="Agent 1: Invoices",
                  prompt="""
                You are Agent 1 of QS21.

                ## FILES YOU OWN
                - billing/invoices.py
                - tests/billing/test_invoices.py

                ## DO NOT TOUCH
                - billing/tax.py
                - anything under web/

                ### Test
                ```bash
                pytest tests/billing/test_invoices.py
                ```
                git commit -m "feat: invoices"
                """)

                Task(
                  subagent_type="general-purpose",
                  description="Agent 2: Taxes",
                  prompt='''
                You are Agent 2.

                ## FILES YOU OWN
                - billing/tax.py (NEW — 3 functions)
                - tests/billing/test_tax.py

                Commit: "feat: taxes"
                ''')

                Task(description="Agent 3: Web", prompt="""
                ## FILES YOU OWN
                - web/billing.html
                - 3 partials listed above

                MERGE RULE: do not merge.
                """)
                ```

                ## After all agents

                ```bash
                git checkout main
                git merge agent-2 --no-ff
                git merge agent-1 --no-ff
                git merge agent-3 --no-ff
                pytest -x
                git push origin main
                ```
                """#,
            understood: #"""
                Sprint QS21: Billing (3 agents)

                1  Invoices
                  owns          billing/invoices.py
                  owns          tests/billing/test_invoices.py
                  not to touch  billing/tax.py
                  not to touch  web/
                  commits       feat: invoices

                2  Taxes
                  owns          billing/tax.py (new, NEW — 3 functions)
                  owns          tests/billing/test_tax.py
                  commits       feat: taxes

                3  Web
                  starts after  1, 2
                  owns          web/billing.html

                Merge order: 2 → 1 → 3
                Tag: none
                Test: pytest -x
                Push: git push origin main
                """#,
            diagnostics: ["44 not-a-path", "46 not-a-path"]),
        VariedPlan(
            name: "sentencesInParts",
            text: #"""
                ---
                sprint: 19
                title: Winter
                ---

                # Winter work

                **Agent A (Heating)** owns `heat/*.c`, `heat/heat.h`; **Agent B (Windows)** owns `win/{frame,glass}.c`; **Agent C (Doors)** owns `doors/`.

                ### Agent A (Heating)
                Build the boiler. Do NOT modify `win/frame.c`.
                ### Agent B (Windows)
                Insulate. Starts after Agent A has finished.
                ### Agent C (Doors)
                Hang the doors. Update CMakeLists.txt too.

                ## Landing
                Merge A first, then C, B last.
                Gate: `make check`
                """#,
            understood: #"""
                Sprint 19: Winter (3 agents)

                A  Heating
                  owns          heat/*.c
                  owns          heat/heat.h
                  not to touch  win/frame.c

                B  Windows
                  starts after  A
                  owns          win/{frame,glass}.c

                C  Doors
                  owns          doors/

                Merge order: A → C → B
                Tag: none
                Test: make check
                Push: none
                """#,
            diagnostics: ["11 task-outside-ownership"]),
        VariedPlan(
            name: "listOfAgentsAnyOrder",
            text: #"""
                # Sprint 60 — Docs blitz

                ## Agents

                1. **Agent 60‑1 (Guides)** — write guides
                   - Files: `docs/guide/*.md`
                2. **Agent 60‑2 (Reference)** — write the reference
                   - Files: `docs/ref/**`
                3. **Agent 60‑3 (Blog)** — write the post
                   - Files: `blog/2026-11.md` (NEW), `blog/index.md` (append)

                ## Merge plan

                Any order. Then:

                - [ ] `mkdocs build --strict`
                - [ ] `cat RELEASE-60-*.md >> RELEASE.md`
                - [ ] push to main
                """#,
            understood: #"""
                Sprint 60: Docs blitz (3 agents)

                60-1  write guides
                  owns          docs/guide/*.md

                60-2  write the reference
                  owns          docs/ref/**

                60-3  write the post
                  owns          blog/2026-11.md (new)
                  owns          blog/index.md (append only, append)
                  appends to    blog/index.md

                Merge order: 60-1 + 60-2 + 60-3
                Tag: none
                Test: mkdocs build --strict
                Then: cat RELEASE-60-*.md >> RELEASE.md
                Push: git push origin main
                """#,
            diagnostics: ["18 inferred-push"]),
        VariedPlan(
            name: "lettersInAMatrix",
            text: #"""
                # Sprint 61 | Payments

                ### File Ownership Matrix

                | File | A1 | A2 | A3 |
                | --- | :-: | :-: | :-: |
                | `pay/card.go` | W | – | – |
                | `pay/bank.go` | – | W | R |
                | `pay/refund.go` | – | – | W |
                | `CHANGELOG.md` | A | A | A |

                ### Agent A1 · Cards
                tests: `go test ./pay/...`
                ### Agent A2 · Banks
                ### Agent A3 · Refunds
                Blocked by: A2

                ## Integration
                A1 and A2 in either order, A3 after A2.

                Final check: `go test ./...` then `go vet ./...`.
                """#.withCarriageReturns,
            understood: #"""
                Sprint 61: Payments (3 agents)

                A1  Cards
                  owns          pay/card.go
                  owns          CHANGELOG.md

                A2  Banks
                  owns          pay/bank.go
                  owns          CHANGELOG.md

                A3  Refunds
                  starts after  A2
                  owns          pay/refund.go
                  owns          CHANGELOG.md

                Merge order: A1 → A2 → A3
                Tag: none
                Test: go test ./...
                Test: go vet ./...
                Push: none
                """#,
            diagnostics: ["10 two-owners"]),
        VariedPlan(
            name: "umlautsAndSpaces",
            text: #"""
                # Plan: Umzug — Sprint 62

                ## Agent Nord: Küche

                **Besitzt / Owns:** `küche/schränke.py` (NEW), `küche/README.md`

                ## Agent Süd: Garten

                **Owns:** `garten/beete.py`, `daten/pläne 2026.csv`

                ## Agent Ost: Keller

                **Owns:** `keller/*.py` (except `keller/alt.py`)

                ## Merge order

                Süd → Nord → Ost

                Verify with `tox`
                """#,
            understood: #"""
                Sprint 62: Plan: Umzug (3 agents)

                Nord  Küche
                  owns          küche/schränke.py (new)
                  owns          küche/README.md

                Süd  Garten
                  owns          garten/beete.py
                  owns          daten/pläne 2026.csv

                Ost  Keller
                  owns          keller/*.py (except `keller/alt.py`)
                  not to touch  keller/alt.py

                Merge order: Süd → Nord → Ost
                Tag: none
                Test: tox
                Push: none
                """#,
            diagnostics: []),
    ]
}
