extension VariedPlan {
    static let part1 = [
        VariedPlan(
            name: "endashCrlf",
            text: #"""
                # Sprint 31 – Ferry timetable + Berth map

                ## Pre‑flight

                ```bash
                git checkout main && git pull origin main
                git tag pre-sprint-31
                ```

                Each agent prompt MUST start with:

                ```
                You are in a worktree of your own.
                - MERGE RULE: do not merge to main.
                - EARLY COMMIT RULE: First commit within 15 minutes.
                - APPEND FILES:
                ⇥* NOTES-sprint-31-N.md (per-agent)
                ⇥* NOTES.md (shared, append only)
                ```

                ## Agent 31‑1 – Timetable

                **Owns:**⇥`ferry/timetable.py` (new), `ferry/__init__.py` (append – one import), `tests/test_timetable.py` (NEW)

                Commit: `feat: timetable`

                ## Agent 31‑2 – Berth map

                **Owns:**⇥`ferry/berths.py` (NEW), `ferry/static/berths/` (new directory)

                Commit: `feat: berths`

                ## Merge

                1. 31‑2 first, 31‑1 last
                2. Run `python -m pytest -q`
                3. `git push origin main`
                4. `cat NOTES-sprint-31-*.md >> NOTES.md`
                """#.withCarriageReturns,
            understood: #"""
                Sprint 31: Ferry timetable + Berth map (2 agents)

                31-1  Timetable
                  owns          ferry/timetable.py (new)
                  owns          ferry/__init__.py (append only, append – one import)
                  owns          tests/test_timetable.py (new)
                  writes        NOTES-sprint-31-1.md
                  appends to    NOTES.md
                  appends to    ferry/__init__.py
                  commits       feat: timetable

                31-2  Berth map
                  owns          ferry/berths.py (new)
                  owns          ferry/static/berths/ (new, new directory)
                  writes        NOTES-sprint-31-2.md
                  appends to    NOTES.md
                  commits       feat: berths

                Merge order: 31-2 → 31-1
                Tag: pre-sprint-31
                Test: python -m pytest -q
                Then: cat NOTES-sprint-31-*.md >> NOTES.md
                Push: git push origin main
                """#,
            diagnostics: ["18 shared-append"]),
        VariedPlan(
            name: "matrixByFile",
            text: #"""
                Sprint 32: Orchard
                ==================

                Three agents: **pruning**, **picking**, **press**.

                Agents
                ------

                ### Agent pruning — Cut lists

                Write the cut list generator.

                ### Agent picking — Picking routes

                Write the routes.

                ### Agent press — Cider press

                Write the press driver.

                Who owns what
                -------------

                | File | pruning | picking | press |
                |:-----|:-------:|:-------:|:-----:|
                | `orchard/cuts.py` | ✓ | | |
                | `orchard/routes.py` | | ✓ | |
                | `orchard/press.py` (new) | | | ✓ |
                | `orchard/trees.json` | ✓ | – | – |
                | `README.md` | ✗ | ✗ | ✗ |

                Merge order: press → pruning, picking

                Test: `tox -q`
                """#,
            understood: #"""
                Sprint 32: Orchard (3 agents)

                pruning  Cut lists
                  owns          orchard/cuts.py
                  owns          orchard/trees.json

                picking  Picking routes
                  owns          orchard/routes.py

                press  Cider press
                  owns          orchard/press.py (new)

                Merge order: press → pruning + picking
                Tag: none
                Test: tox -q
                Push: none
                """#,
            diagnostics: []),
        VariedPlan(
            name: "boldNumbered",
            text: #"""
                # Sprint 33

                ## 1. Setup

                Tag first: `git tag -a before-33 -m "before sprint 33"`.

                ## 2. Agents

                **Agent 1 (Kiln)**

                FILES YOU OWN
                - [ ] `kiln/heat.py`
                - [ ] `kiln/curve.py` — new
                - [ ] `tests/kiln/**`

                DO NOT TOUCH
                - `glaze/`
                - `setup.cfg`

                **Agent 2 (Glaze)**

                FILES YOU OWN
                1. `glaze/mix.py`
                2. `glaze/colours/*.yaml`

                DO NOT TOUCH
                1. `kiln/`
                2. `setup.cfg`

                ## 3. After the agents

                a) Merge Agent 2 before Agent 1.
                b) Then run the whole suite:

                   ~~~sh
                   cd app && make test
                   ~~~

                c) Push: `git push upstream release/33`
                """#,
            understood: #"""
                Sprint 33 (2 agents)

                1  Kiln
                  owns          kiln/heat.py
                  owns          kiln/curve.py (new)
                  owns          tests/kiln/**
                  not to touch  glaze/
                  not to touch  setup.cfg

                2  Glaze
                  owns          glaze/mix.py
                  owns          glaze/colours/*.yaml
                  not to touch  kiln/
                  not to touch  setup.cfg

                Merge order: 2 → 1
                Tag: before-33
                Test: cd app && make test
                Push: git push upstream release/33
                """#,
            diagnostics: []),
        VariedPlan(
            name: "taskFences",
            text: #"""
                # QS4 Terminal 3: Lighthouse lamps (Sprint 34)

                **Agents:** 3

                ## Launch

                ````python
                Task(
                    subagent_type="general-purpose",
                    isolation="worktree",
                    description="Agent L1: Lamp control",
                    prompt="""
                You are Agent L1. Keep to your own files.

                ## Files you own
                - lamps/control.py (NEW)
                - lamps/api.py (add one route)

                ### Agent L9: this heading is only an example of what not to do

                ```python
                # not a heading either
                ```

                Commit: "feat: lamp control"
                """)

                Task(
                    subagent_type="general-purpose",
                    description="Agent L2: Fog horn",
                    prompt="""
                You are Agent L2.

                ## Files you own
                - horn/signal.py (NEW)

                Commit: "feat: fog horn"
                """)

                Task(
                    subagent_type="general-purpose",
                    description="Agent L3: Log book",
                    prompt="""
                You are Agent L3.

                ## Files you own
                - log/book.py (NEW)
                - log/pages/*.md

                Commit: "feat: log book"
                """)
                ````

                ## Post-agent merge

                ```bash
                git checkout main
                git merge agent-l3-branch --no-ff
                git merge agent-l1-branch --no-ff
                git merge agent-l2-branch --no-ff
                pytest -q tests/   # everything
                cat log/pages/*.md >> LOG.md
                git push origin main
                ```
                """#,
            understood: #"""
                Sprint 34: Lighthouse lamps (3 agents)

                L1  Lamp control
                  owns          lamps/control.py (new)
                  owns          lamps/api.py (add one route)
                  commits       feat: lamp control

                L2  Fog horn
                  owns          horn/signal.py (new)
                  commits       feat: fog horn

                L3  Log book
                  owns          log/book.py (new)
                  owns          log/pages/*.md
                  commits       feat: log book

                Merge order: L3 → L1 → L2
                Tag: none
                Test: pytest -q tests/
                Then: cat log/pages/*.md >> LOG.md
                Push: git push origin main
                """#,
            diagnostics: []),
        VariedPlan(
            name: "tableRows",
            text: #"""
                # Sprint 35 — Post office

                Shared rules for every agent (include verbatim):

                > Commit early. Never merge. Write what you did to `CHANGES/35-<agent>.md`.

                | Agent | Name | Files Owned | Must not touch | Commit message |
                |-------|------|-------------|----------------|----------------|
                | P1 | Stamps | `stamps/print.py`, `stamps/price.py` (NEW) | `db/*` | feat: stamps |
                | P2 | Parcels | `parcels/**/*.py` | `stamps/` | feat: parcels |
                | P3 | Counter | `counter.py` (append at end), 3 icons listed in the style guide | | feat: counter |

                Merge order: P2, then P1 and P3 (either order).

                After merging run `npm test -- --ci`. Tag `pre-35` before you start. Finally `git push`.
                """#,
            understood: #"""
                Sprint 35: Post office (3 agents)

                P1  Stamps
                  owns          stamps/print.py
                  owns          stamps/price.py (new)
                  writes        CHANGES/35-P1.md
                  not to touch  db/*
                  commits       feat: stamps

                P2  Parcels
                  owns          parcels/**/*.py
                  writes        CHANGES/35-P2.md
                  not to touch  stamps/
                  commits       feat: parcels

                P3  Counter
                  owns          counter.py (append at end)
                  writes        CHANGES/35-P3.md
                  commits       feat: counter

                Merge order: P2 → P1 + P3
                Tag: pre-35
                Test: npm test -- --ci
                Push: git push
                """#,
            diagnostics: ["11 not-a-path"]),
        VariedPlan(
            name: "unicode",
            text: #"""
                # Спринт 36 — Μουσείο 🏛️

                ### Agent Ä: Führungen

                **Own:** `führung/plan.py` (NEU), `data/räume.csv` (NEW)

                ### Agent Ω: Εισιτήρια

                **Own:** `εισιτήρια/τιμή.py` (NEW)

                ### Agent 三: 售票

                **Own:** `票/价.py` (NEW)

                ## Merge order

                Ω ⇒ 三 ⇒ Ä

                Run: `make prüfen`
                """#,
            understood: #"""
                Спринт 36 — Μουσείο 🏛️ (3 agents)

                Ä  Führungen
                  owns          führung/plan.py (NEU)
                  owns          data/räume.csv (new)

                Ω  Εισιτήρια
                  owns          εισιτήρια/τιμή.py (new)

                三  售票
                  owns          票/价.py (new)

                Merge order: Ω → 三 → Ä
                Tag: none
                Test: make prüfen
                Push: none
                """#,
            diagnostics: []),
    ]
}
