extension VariedPlan {
    static let part2 = [
        VariedPlan(
            name: "nestedLists",
            text: #"""
                # Sprint 37: Railway

                - **Agent R-1: Signals**
                  - Owns:
                    - `signals/aspect.swift` (new)
                    - `signals/interlock.swift`
                  - Must not touch:
                    - `track/`
                  - Commit: `feat: signals`
                - **Agent R-2: Track**
                  - Owns:
                    - `track/points.swift`
                    - `track/gauge.swift` (new)
                  - Must not touch:
                    - `signals/`
                  - Commit: `feat: track`
                - **Agent R-3: Timetable**
                  - Owns:
                    - `timetable/` (whole directory)
                  - Depends on: R-1
                  - Commit: `feat: timetable`

                ## Landing

                - Order: R-1 → R-2 → R-3
                - Gate: `swift test --parallel`
                - `git push origin main`
                """#,
            understood: #"""
                Sprint 37: Railway (3 agents)

                R-1  Signals
                  owns          signals/aspect.swift (new)
                  owns          signals/interlock.swift
                  not to touch  track/
                  commits       feat: signals

                R-2  Track
                  owns          track/points.swift
                  owns          track/gauge.swift (new)
                  not to touch  signals/
                  commits       feat: track

                R-3  Timetable
                  starts after  R-1
                  owns          timetable/ (whole directory)
                  commits       feat: timetable

                Merge order: R-1 → R-2 → R-3
                Tag: none
                Test: swift test --parallel
                Push: git push origin main
                """#,
            diagnostics: []),
        VariedPlan(
            name: "workstreams",
            text: #"""
                # Sprint 38 (Bakery ERP)

                ## Workstream A · Dough

                Scope
                : `dough/`, except `dough/legacy.py`

                Files owned:
                * dough/mixer.rb
                * dough/proof.rb (NEW)

                ## Workstream B · Oven

                Files owned:
                * oven/heat.rb
                * spec/oven_spec.rb (NEW)

                ## Workstream C · Shop

                Files owned:
                * shop/till.rb
                * spec/shop_spec.rb (NEW)

                ## Merge sequence

                1. Workstream B
                2. Workstreams A & C (any order)

                Verification after merge: `bundle exec rspec`
                """#,
            understood: #"""
                Sprint 38: Bakery ERP (3 agents)

                A  Dough
                  owns          dough/mixer.rb
                  owns          dough/proof.rb (new)

                B  Oven
                  owns          oven/heat.rb
                  owns          spec/oven_spec.rb (new)

                C  Shop
                  owns          shop/till.rb
                  owns          spec/shop_spec.rb (new)

                Merge order: B → A + C
                Tag: none
                Test: bundle exec rspec
                Push: none
                """#,
            diagnostics: []),
        VariedPlan(
            name: "proseOrder",
            text: #"""
                # Sprint 39 — Weather station

                Agent 9A first, 9B extends it. 9C can run at any time.

                ### Agent 9A: Sensors
                Own: station/sensors.go (NEW), station/sensors_test.go (NEW)
                Commit: "feat: sensors"

                ### Agent 9B: Charts
                Own: station/charts.go (NEW), station/sensors.go (add one method)
                Commit: "feat: charts"

                ### Agent 9C: Alarm
                Own: alarm/alarm.go (NEW). ZERO shared files. 5 templates listed above.
                Commit: "feat: alarm"

                ### When all are done
                Merge 9A, then 9B; 9C goes last.
                Run: `go test ./...`
                If green: `git push origin main`
                """#,
            understood: #"""
                Sprint 39: Weather station (3 agents)

                9A  Sensors
                  owns          station/sensors.go (new)
                  owns          station/sensors_test.go (new)
                  commits       feat: sensors

                9B  Charts
                  starts after  9A
                  owns          station/charts.go (new)
                  owns          station/sensors.go (add one method)
                  commits       feat: charts

                9C  Alarm
                  owns          alarm/alarm.go (new)
                  commits       feat: alarm

                Merge order: 9A → 9B → 9C
                Tag: none
                Test: go test ./...
                Push: git push origin main
                """#,
            diagnostics: ["10 two-owners"]),
        VariedPlan(
            name: "severalStatements",
            text: #"""
                # Sprint 40 — Aquarium

                ## File Ownership

                | Agent | Files |
                |-------|-------|
                | 40-A | `tank/water.ts`, `tank/heater.ts` |
                | 40-B | `fish/feed.ts` |

                ### Agent 40-A: Tank

                Own: tank/water.ts, tank/pump.ts (NEW)

                ### Agent 40-B: Fish

                Own: fish/feed.ts

                ## Merge order
                40-A -> 40-B

                Run `npx jest --ci`
                """#,
            understood: #"""
                Sprint 40: Aquarium (2 agents)

                40-A  Tank
                  owns          tank/water.ts
                  owns          tank/pump.ts (new)
                  owns          tank/heater.ts

                40-B  Fish
                  owns          fish/feed.ts

                Merge order: 40-A → 40-B
                Tag: none
                Test: npx jest --ci
                Push: none
                """#,
            diagnostics: ["5 ownership-disagrees"]),
        VariedPlan(
            name: "sideBySideTests",
            text: #"""
                # Sprint 41 — Theatre

                Agent preamble (include verbatim in each prompt):

                ~~~text
                # Rules
                ## Agent rules are not agents
                - Run after each task: `pytest tests/unit -q`
                - TEST FIXUP EXCEPTION: you MAY fix tests of others.
                - Output: `REPORT-{agent_id}.md`
                ~~~

                ### Agent T1: Stage
                *Owned files*: stage/lights.py, stage/sound.py
                Test with `pytest tests/stage -q`.

                ### Agent T2: Tickets
                *Owned files*: tickets/sell.py
                Test with `pytest tests/tickets -q`.

                ### Post-merge checks
                ```
                pytest tests -q --maxfail=1
                ruff check .
                ```
                Conflicts in stage/sound.py: keep both.
                """#,
            understood: #"""
                Sprint 41: Theatre (2 agents)

                T1  Stage
                  owns          stage/lights.py
                  owns          stage/sound.py
                  writes        REPORT-T1.md

                T2  Tickets
                  owns          tickets/sell.py
                  writes        REPORT-T2.md

                Merge order: T1 → T2
                Tag: none
                Test: pytest tests -q --maxfail=1
                Conflicts: Conflicts in stage/sound.py: keep both.
                Push: none
                """#,
            diagnostics: []),
        VariedPlan(
            name: "headingLevels",
            text: #"""
                # Sprint 43 — Zoo

                # Agent Z1 Prompt — Lions

                ## File Ownership
                ### Create
                - zoo/lions.py
                ### Modify
                - zoo/map.py

                ## Task
                Build it.

                # Agent Z2 Prompt — Tigers

                ## File Ownership
                ### Create
                - zoo/tigers.py
                ### Modify
                - zoo/tickets.py
                ### Do not modify
                - zoo/map.py

                # Merge Plan

                Z1 ⟶ Z2

                # Verification

                `python -m unittest -q`
                """#,
            understood: #"""
                Sprint 43: Zoo (2 agents)

                Z1  Lions
                  owns          zoo/lions.py (new)
                  owns          zoo/map.py

                Z2  Tigers
                  owns          zoo/tigers.py (new)
                  owns          zoo/tickets.py
                  not to touch  zoo/map.py

                Merge order: Z1 → Z2
                Tag: none
                Test: python -m unittest -q
                Push: none
                """#,
            diagnostics: []),
    ]
}
