extension VariedPlan {
    static let part3 = [
        VariedPlan(
            name: "ownerList",
            text: #"""
                # Sprint 44: Harbour

                **Agent 1:** pilots
                **Agent 2:** tugs
                **Agent 3:** cranes

                **File ownership**
                - Agent 1: `pilots/*.py`, `pilots/rota.csv`
                - Agent 2 → `tugs/boat.py` (NEW)
                - `cranes/arm.py`: Agent 3
                - `cranes/hook.py` (Agent 3)

                **Merge:** 3 → 1 → 2
                **Test:** `pytest`
                **Tag:** `pre-sprint-44`
                **Push:** `git push origin main`
                """#,
            understood: #"""
                Sprint 44: Harbour (3 agents)

                1  pilots
                  owns          pilots/*.py
                  owns          pilots/rota.csv

                2  tugs
                  owns          tugs/boat.py (new)

                3  cranes
                  owns          cranes/arm.py
                  owns          cranes/hook.py

                Merge order: 3 → 1 → 2
                Tag: pre-sprint-44
                Test: pytest
                Push: git push origin main
                """#,
            diagnostics: []),
        VariedPlan(
            name: "details",
            text: #"""
                <!-- read me first -->
                # Sprint 45 — Cinema

                <details>
                <summary>Agent prompts</summary>

                #### Agent C-1: Screen one

                Own: cinema/one.kt (NEW)

                #### Agent C-2: Screen two

                Own: cinema/two.kt (NEW)

                </details>

                #### Merge order
                C-2
                C-1

                #### Tests after the merge
                    ./gradlew test
                """#,
            understood: #"""
                Sprint 45: Cinema (2 agents)

                C-1  Screen one
                  owns          cinema/one.kt (new)

                C-2  Screen two
                  owns          cinema/two.kt (new)

                Merge order: C-2 → C-1
                Tag: none
                Test: ./gradlew test
                Push: none
                """#,
            diagnostics: []),
        VariedPlan(
            name: "matrixByAgent",
            text: #"""
                # Sprint 46 — Garden

                ### Agent G1 — Beds
                Dig the beds.

                ### Agent G2 — Paths
                Lay the paths.

                ## Ownership matrix

                | Agent | `beds/` | `paths/` | `shared/plan.toml` |
                |-------|---------|----------|--------------------|
                | G1 | yes | no | append |
                | G2 | no | yes | no |

                ## Integrate

                | Order | Agent | Branch |
                |-------|-------|--------|
                | 2 | G1 | garden/beds |
                | 1 | G2 | garden/paths |

                Run: `cargo test --workspace`
                """#,
            understood: #"""
                Sprint 46: Garden (2 agents)

                G1  Beds
                  owns          beds/
                  owns          shared/plan.toml (append only, append)
                  appends to    shared/plan.toml

                G2  Paths
                  owns          paths/

                Merge order: G2 → G1
                Tag: none
                Test: cargo test --workspace
                Push: none
                """#,
            diagnostics: []),
        VariedPlan(
            name: "promptsInFences",
            text: #"""
                # Sprint 47 – Clockwork

                Every agent prompt must begin with:

                ````markdown
                ## House rules
                Commit within 5 minutes.
                ```sh
                # Agent commands
                make lint
                ```
                Write your notes to `notes/47-{agent}.md`.
                ````

                ## Agent C1: Gears

                ````markdown
                # Gears

                ## Files you own
                - `clock/gears.c` (new)
                - `clock/gears.h` (new)

                ### Agent C2 will do the hands: leave them.

                Commit message: `feat: gears`
                ````

                ## Agent C2: Hands

                ````markdown
                # Hands

                ## Files you own
                - `clock/hands.c` (new)

                Commit message: `feat: hands`
                ````

                ## Finish

                ```sh
                for f in notes/47-*.md; do cat "$f" >> NOTES.md; done
                ctest --output-on-failure
                git push origin HEAD:main
                ```
                """#,
            understood: #"""
                Sprint 47: Clockwork (2 agents)

                C1  Gears
                  owns          clock/gears.c (new)
                  owns          clock/gears.h (new)
                  writes        notes/47-C1.md
                  commits       feat: gears

                C2  Hands
                  owns          clock/hands.c (new)
                  writes        notes/47-C2.md
                  commits       feat: hands

                Merge order: C1 → C2
                Tag: none
                Test: ctest --output-on-failure
                Then: cat notes/47-*.md >> NOTES.md
                Push: git push origin HEAD:main
                """#,
            diagnostics: []),
        VariedPlan(
            name: "eitherOrder",
            text: #"""
                # Sprint 48: Radio

                ## Agent one: Antenna
                - Owns: `radio/antenna.py`, `radio/mast.py`
                - Must not touch: `radio/tuner.py`

                ## Agent two: Tuner
                - Owns: `radio/tuner.py`
                - Must not touch: anything outside its files

                ## Agent three: Speaker
                - Owns: `radio/speaker.py` [NEW], `radio/volume.py` [MODIFY: one constant]

                ## Merge order

                1. one and two, in either order
                2. three

                Tests after the merge: `python3 -m pytest -x`
                """#,
            understood: #"""
                Sprint 48: Radio (3 agents)

                one  Antenna
                  owns          radio/antenna.py
                  owns          radio/mast.py
                  not to touch  radio/tuner.py

                two  Tuner
                  owns          radio/tuner.py

                three  Speaker
                  owns          radio/speaker.py (new)
                  owns          radio/volume.py (MODIFY: one constant)

                Merge order: one + two → three
                Tag: none
                Test: python3 -m pytest -x
                Push: none
                """#,
            diagnostics: []),
        VariedPlan(
            name: "instructions",
            text: #"""
                # Sprint 50 — Harvest (v2)

                > You are the orchestrator for Sprint 50.

                ## Step 1: Spawn Agent H-1 (FOREGROUND)
                **Files Owned (exclusive)**: `harvest/plan.py` — planner and its tests, `harvest/crew.py` (rename of `team.py`)
                **Off limits**: `legacy/**`
                **Commit:** "feat(harvest): plan"

                ## Step 2: Spawn Agent H-2 (FOREGROUND, after H-1 completes)
                **Files Owned (exclusive)**: `harvest/report.py`
                **Commit:** "feat(harvest): report"

                ## Step 3: Merge, verify, ship
                - merge H-1, then H-2
                - conflict in `harvest/__init__.py` → keep both imports
                - verify: `nox -s tests`
                - `git tag sprint-50-done && git push origin main --follow-tags`
                """#,
            understood: #"""
                Sprint 50: Harvest (v2) (2 agents)

                H-1  
                  owns          harvest/plan.py (planner and its tests)
                  owns          harvest/crew.py (rename of `team.py`)
                  not to touch  legacy/**
                  commits       feat(harvest): plan

                H-2  
                  starts after  H-1
                  owns          harvest/report.py
                  commits       feat(harvest): report

                Merge order: H-1 → H-2
                Tag: none
                Test: nox -s tests
                Conflicts: conflict in `harvest/__init__.py` → keep both imports
                Push: git push origin main --follow-tags
                """#,
            diagnostics: ["18 later-tag"]),
    ]
}
