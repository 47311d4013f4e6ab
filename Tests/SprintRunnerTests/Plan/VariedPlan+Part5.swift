extension VariedPlan {
    static let part5 = [
        VariedPlan(
            name: "workersInTildes",
            text: #"""
                # Sprint 63 — Metrics v2

                You are the orchestrator.

                ## Shared rules (paste into every prompt)

                - Work in your worktree.
                - TEST FIXUP EXCEPTION: you MAY fix tests you break.
                - Append only: `docs/log.md`

                ---

                ## 1. Worker 1 [Collector]

                ~~~
                You build the collector.

                # Files you own
                src/collect.ts
                src/collect.test.ts

                # Do not touch
                src/store.ts

                ```ts
                // ## Agent 9: not one
                export const x = 1
                ```
                ~~~

                ## 2. Worker 2 [Store]

                ~~~
                You build the store.

                # Files you own
                src/store.ts
                src/store.test.ts (new)
                ~~~

                ## 3. Merge

                Worker 2 before Worker 1 (the collector calls the store).
                Resolve conflicts in `src/index.ts`: keep both exports.

                Run `npm ci && npm test`.
                """#,
            understood: #"""
                Sprint 63: Metrics v2 (2 agents)

                1  Collector
                  owns          src/collect.ts
                  owns          src/collect.test.ts
                  appends to    docs/log.md
                  not to touch  src/store.ts

                2  Store
                  owns          src/store.ts
                  owns          src/store.test.ts (new)
                  appends to    docs/log.md

                Merge order: 2 → 1
                Tag: none
                Test: npm ci && npm test
                Conflicts: Resolve conflicts in `src/index.ts`: keep both exports.
                Push: none
                """#,
            diagnostics: ["9 shared-append"]),
        VariedPlan(
            name: "loopOverBranches",
            text: #"""
                # Sprint 64: Search

                ## Agent 64-1: Index
                Owner of: search/index.py, search/tokens.py
                Shared: CHANGELOG.md (append only)
                Commit message: `feat(search): index`

                ## Agent 64-2: Query
                Owner of: search/query.py
                Shared: CHANGELOG.md (append only)
                Commit message: `feat(search): query`

                ## Agent 64-3: UI
                Owner of: web/search/*.tsx, web/search.css [NEW]
                Shared: CHANGELOG.md (append only)
                Needs: 64-2's API

                ## Merge + Test + Push
                ```bash
                for b in 64-1 64-2 64-3; do git merge --no-ff sprint/$b; done
                npm run test -- --ci
                cat scratch/64-*.md >> docs/decisions.md
                git push origin trunk
                ```
                """#,
            understood: #"""
                Sprint 64: Search (3 agents)

                64-1  Index
                  owns          search/index.py
                  owns          search/tokens.py
                  appends to    CHANGELOG.md
                  commits       feat(search): index

                64-2  Query
                  owns          search/query.py
                  appends to    CHANGELOG.md
                  commits       feat(search): query

                64-3  UI
                  starts after  64-2
                  owns          web/search/*.tsx
                  owns          web/search.css (new)
                  appends to    CHANGELOG.md

                Merge order: 64-1 → 64-2 → 64-3
                Tag: none
                Test: npm run test -- --ci
                Then: cat scratch/64-*.md >> docs/decisions.md
                Push: git push origin trunk
                """#,
            diagnostics: ["5 shared-append"]),
        VariedPlan(
            name: "twoBuilders",
            text: #"""
                # Sprint 65 - Two builders

                Builder 2A first; 2B extends it.

                | Builder | Files Owned | Notes |
                |---|---|---|
                | 2A | `core/engine.ex`, `core/engine_test.exs` | base |
                | | `core/types.ex` | NEW |
                | 2B | `core/engine.ex` (append `extend/1`), `core/plugins/` | extends 2A |

                ### Builder 2A Prompt — Engine

                ```
                Write the engine. Touch `core/engine.ex` only in the top half.
                Files you must never touch: `mix.exs`, `config/*`
                ```

                ### Builder 2B Prompt — Plugins

                ```
                Write plugins.
                ```

                ## Post-merge
                `mix test --cover | tail -20`
                """#,
            understood: #"""
                Sprint 65: Two builders (2 agents)

                2A  Engine
                  owns          core/engine.ex (base)
                  owns          core/engine_test.exs (base)
                  owns          core/types.ex (new)
                  not to touch  mix.exs
                  not to touch  config/*

                2B  Plugins
                  starts after  2A
                  owns          core/engine.ex (append only, append `extend/1`)
                  owns          core/plugins/ (extends 2A)
                  appends to    core/engine.ex

                Merge order: 2A → 2B
                Tag: none
                Test: mix test --cover | tail -20
                Push: none
                """#,
            diagnostics: ["9 two-owners", "25 lost-test-status"]),
        VariedPlan(
            name: "nestedLists",
            text: #"""
                # Sprint 67

                ## Agent launch

                Launch all agents; agents 1 through 3 at once and agent 4 after all of them.

                ### Agent 1: API
                - **Files owned**
                  - CREATE: `api/v2.py`
                  - MODIFY: `api/__init__.py`
                - **Never touch**
                  - `api/v1.py`
                ### Agent 2: Docs
                - **Files owned**
                  - CREATE: `docs/v2.md`
                ### Agent 3: SDK
                - **Files owned**
                  - CREATE: `sdk/client.py`
                ### Agent 4: Smoke tests
                - **Files owned**
                  - CREATE: `tests/smoke/`
                - **Depends on**: all other agents

                ## Merge Order
                (1) API
                (2) SDK
                (3) Docs
                (4) Smoke tests

                After merging: `pytest tests/smoke -q`; if green, `git push origin main`.
                """#,
            understood: #"""
                Sprint 67 (4 agents)

                1  API
                  owns          api/v2.py (new)
                  owns          api/__init__.py
                  not to touch  api/v1.py

                2  Docs
                  owns          docs/v2.md (new)

                3  SDK
                  owns          sdk/client.py (new)

                4  Smoke tests
                  starts after  1, 2, 3
                  owns          tests/smoke/ (new)

                Merge order: 1 → 3 → 2 → 4
                Tag: none
                Test: pytest tests/smoke -q
                Push: git push origin main
                """#,
            diagnostics: []),
        VariedPlan(
            name: "wavesAndSteps",
            text: #"""
                # Sprint 68: Wave plan

                ## Wave 1

                ### Agent W1-A: Schema
                Owned files:
                  - `db/schema.sql` (NEW)
                  - `db/seed/*.sql`

                ### Agent W1-B: Fixtures
                Owned files:
                  - `fixtures/{users,orders}.json` (NEW)

                ## Wave 2

                ### Agent W2-A: Loader
                Owned files: loader/main.py [NEW], loader/util.py [append]

                Run your own tests: `pytest tests/loader -q`. Then stop.

                ### Agent W2-B: Exporter
                Owned files: exporter/main.py [NEW]

                ## Closing ceremony

                | Step | What |
                |---|---|
                | 1 | merge W1-A and W1-B |
                | 2 | merge W2-A, W2-B |
                | 3 | `pytest -q` |
                | 4 | `git push origin HEAD:main` |
                | 5 | `cat notes/W*.md >> NOTES.md` |
                """#,
            understood: #"""
                Sprint 68: Wave plan (4 agents)

                W1-A  Schema
                  owns          db/schema.sql (new)
                  owns          db/seed/*.sql

                W1-B  Fixtures
                  owns          fixtures/{users,orders}.json (new)

                W2-A  Loader
                  starts after  W1-A, W1-B
                  owns          loader/main.py (new)
                  owns          loader/util.py (append only, append)
                  appends to    loader/util.py

                W2-B  Exporter
                  starts after  W1-A, W1-B
                  owns          exporter/main.py (new)

                Merge order: W1-A → W1-B → W2-A → W2-B
                Tag: none
                Test: pytest -q
                Then: cat notes/W*.md >> NOTES.md
                Push: git push origin HEAD:main
                """#,
            diagnostics: []),
        VariedPlan(
            name: "cellsWithTitles",
            text: #"""
                <!-- how to run: paste -->
                # QS30 — Cleanup (Sprint 101)

                **Agents:** 3 | **Mode:** parallel

                | Agent | Files Owned |
                |-------|-------------|
                | T1 — Dead code | `lib/**/*.rb` (not `lib/core.rb`), `spec/lib/**` |
                | T2 — Styles | `app/assets/*.scss`; `app/views/layouts/_head.html.erb` |
                | T3 — Docs | `README.md`, `docs/` , 2 diagrams mentioned above |

                ### Agent T1 Prompt — Dead code

                ````
                Remove what nobody calls.

                ```ruby
                # ### Agent T9: a comment
                ```

                ## DO NOT TOUCH
                lib/core.rb
                ````

                ### Agent T2 Prompt — Styles

                ````
                Tidy up.
                Test: `npm run stylelint`
                ````

                ### Agent T3 Prompt — Docs

                ````
                Write.
                ````

                ### Merge ceremony

                ```bash
                git checkout main && git pull
                git merge --no-ff t3-docs      # T3
                git merge --no-ff t1-dead-code # T1
                git merge --no-ff t2-styles    # T2
                bundle exec rspec
                bundle exec rubocop
                git push origin main
                for f in CHANGES-T*.md; do cat "$f" >> CHANGES.md; done
                ```
                """#,
            understood: #"""
                Sprint 101: Cleanup (3 agents)

                T1  Dead code
                  owns          lib/**/*.rb (not `lib/core.rb`)
                  owns          spec/lib/**
                  not to touch  lib/core.rb

                T2  Styles
                  owns          app/assets/*.scss
                  owns          app/views/layouts/_head.html.erb

                T3  Docs
                  owns          README.md
                  owns          docs/

                Merge order: T3 → T1 → T2
                Tag: none
                Test: bundle exec rspec
                Then: cat CHANGES-T*.md >> CHANGES.md
                Push: git push origin main
                """#,
            diagnostics: ["10 not-a-path"]),
        VariedPlan(
            name: "otherScripts",
            text: #"""
                # Sprint 70 — 検索と通知

                ## 準備 / Pre-flight
                `git tag pre-70`

                ## Agent 1: 検索
                **Owns:** `検索/索引.swift` (NEW), `Tests/検索Tests/索引Tests.swift` (NEW)

                ## Agent 2: 通知
                **Owns:** `通知/送信.swift`
                **Must not modify:** `検索/`

                ## Merge
                Agent 2 → Agent 1
                `swift test --parallel`
                """#,
            understood: #"""
                Sprint 70: 検索と通知 (2 agents)

                1  検索
                  owns          検索/索引.swift (new)
                  owns          Tests/検索Tests/索引Tests.swift (new)

                2  通知
                  owns          通知/送信.swift
                  not to touch  検索/

                Merge order: 2 → 1
                Tag: pre-70
                Test: swift test --parallel
                Push: none
                """#,
            diagnostics: []),
    ]
}
