import Foundation
import SystemPackage
import Testing

@testable import SprintRunner

/// What a person, a tool or a crash may do to the repository while agents work, and what the user's own settings say.
@Suite struct InterferenceTests {
    private static let plan = TestPlan(agents: [.init(id: "1", owned: ["a"]), .init(id: "2", owned: ["b"])])
    private static let work =
        "n=a; [ $PITWALL_AGENT = 2 ] && n=b; echo $n > $n; echo $n >> notes.md; git add -A; git commit -qm w"

    @Test func aMainMovedByHandIsLandedOnOnlyWhenThatIsAccepted() async throws {
        let scratch = try await Scratch.withRepository(["notes.md": "# Notes\n"])
        let file = try scratch.place("plan.md", Self.plan.text)
        let (here, go) = (try scratch.gate("here"), try scratch.gate("go"))
        let agent = try scratch.place(
            "agent.sh", "\(Self.work)\nif [ $PITWALL_AGENT = 1 ]; then \(here.knock); \(go.pass); fi\n")
        async let run = scratch.pitwall(["run", file, "--agent", "sh \(agent)"])
        try await here.knocked()
        try scratch.write(["hotfix": "mine\n"])
        try await scratch.git(["add", "-A"])
        try await scratch.git(["commit", "-q", "-m", "Hotfix by hand"])
        let moved = try await scratch.git(["rev-parse", "main"])
        try await go.open()
        let held = try await run
        #expect(held.status == 69)
        #expect(held.text.contains("main was moved to \(moved.prefix(10)) by somebody while the agents worked"))
        #expect(try await scratch.git(["rev-parse", "main"]) == moved)
        #expect(try await scratch.pitwall(["resume"]).status == 69)
        let resumed = try await scratch.pitwall(["resume", "--accept-main"])
        #expect(resumed.status == 0, "\(resumed.text)\(resumed.errors)")
        #expect(try await scratch.git(["rev-parse", "main~2"]) == moved)
        #expect(try await scratch.files() == ["README.md", "a", "b", "hotfix", "notes.md"])
        #expect(try await scratch.content("notes.md") == "# Notes\na\nb\n")
    }

    @Test func aLeftoverLockHoldsTheLandingUpAndLosesNothing() async throws {
        let scratch = try await Scratch.withRepository(["notes.md": "# Notes\n"])
        let file = try scratch.place("plan.md", Self.plan.text)
        let lock = scratch.repository.appending(".git/refs/heads/main.lock").string
        let before = try await scratch.git(["rev-parse", "main"])
        let held = try await scratch.pitwall(["run", file, "--agent", "\(Self.work); : > '\(lock)'"])
        #expect(held.status == 69)
        #expect(held.errors.contains("main.lock': File exists"), "\(held.errors)")
        #expect(try await scratch.git(["rev-parse", "main"]) == before)
        try FileManager.default.removeItem(atPath: lock)
        let resumed = try await scratch.pitwall(["resume"])
        #expect(resumed.status == 0, "\(resumed.text)\(resumed.errors)")
        #expect(try await scratch.content("notes.md") == "# Notes\na\nb\n")
    }

    /// The user's global settings say all that could disturb a merge: `rerere`, a default merge driver, attributes,
    /// signing, hooks, and other ideas of what a rename or a difference is.
    @Test func theUsersSettingsHaveNoPartInTheTrain() async throws {
        let scratch = try await Scratch.withRepository(["notes.md": "# Notes\n", "shared.txt": "1\n2\n3\n4\n5\n6\n7\n"])
        var plan = Self.plan
        plan.agents[0].owned.append("shared.txt")
        plan.agents[1].owned.append("shared.txt")
        let file = try scratch.place("plan.md", plan.text)
        let marks = scratch.marks
        let hooks = scratch.root.appending("hooks")
        try FileManager.default.createDirectory(atPath: hooks.string, withIntermediateDirectories: true)
        for hook in ["post-checkout", "pre-merge-commit", "post-commit", "reference-transaction", "post-rewrite"] {
            let text = "#!/bin/sh\n[ -n \"$PITWALL_AGENT\" ] || echo \(hook) >> \(marks)/hooks\n"
            let path = try scratch.place("hooks/\(hook)", text)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        let attributes = try scratch.place("attributes", "* merge=evil text eol=crlf\n")
        let settings = try scratch.place(
            "gitconfig",
            """
            [rerere]
                enabled = true
                autoupdate = true
            [commit]
                gpgsign = true
            [gpg]
                program = /bin/false
            [merge]
                default = evil
                renames = false
                conflictStyle = diff3
            [merge "evil"]
                driver = touch \(marks)/driver; false
            [diff]
                renames = copies
                noprefix = true
                algorithm = histogram
                external = touch \(marks)/external
            [core]
                hooksPath = \(hooks)
                attributesFile = \(attributes)
                autocrlf = false
                quotePath = true
            [i18n]
                commitEncoding = ISO-8859-1
            """)
        let agent = try scratch.place(
            "agent.sh",
            """
            n=a; [ $PITWALL_AGENT = 2 ] && n=b
            echo $n > $n; printf '%s\\n' $n >> notes.md
            if [ $n = a ]; then sed -i '1s/.*/first/' shared.txt; else sed -i '7s/.*/last/' shared.txt; fi
            sed -i 's/\\r$//' notes.md shared.txt
            git -c core.attributesFile=/dev/null add -A; git -c commit.gpgsign=false commit -qm w
            """)
        let run = try await scratch.pitwall(
            ["run", file, "--agent", "sh \(agent)", "--test", "test -e a"], variables: ["GIT_CONFIG_GLOBAL": settings])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(try await scratch.content("shared.txt") == "first\n2\n3\n4\n5\n6\nlast\n")
        #expect(try await scratch.content("notes.md") == "# Notes\na\nb\n")
        for mark in ["driver", "external", "hooks"] {
            #expect(!FileManager.default.fileExists(atPath: marks.appending(mark).string), "\(mark)")
        }
    }

    @Test func anAgentWithoutAnEarlyCommitIsShown() async throws {
        let scratch = try await Scratch.withRepository(["notes.md": "# Notes\n"])
        let go = try scratch.gate("go")
        var options = SprintRunOptions(
            agent: AgentCommand("[ $PITWALL_AGENT = 2 ] || \(go.pass); \(Self.work)"))
        options.test = ""
        options.earlyCommit = .milliseconds(1)
        let (events, feed) = AsyncStream<SprintEvent>.makeStream()
        let run = try await SprintRun.begin(
            text: Data(Self.plan.text.utf8), file: "plan.md", in: scratch.repository, options: options
        ) { event in feed.yield(event) }
        async let report = run.run()
        for await case .late(let agent, let minutes) in events {
            #expect(agent == "1" || agent == "2")
            #expect(minutes == 0)
            if agent == "1" { break }
        }
        try await go.open()
        let finished = try await report
        #expect(finished.isComplete, "\(finished.table)")
        #expect(finished.rows[0].wasLate)
        #expect(finished.markdown.contains("first commit late"))
    }
}

/// What is there already, from an earlier run or the user, is never written over.
@Suite struct EarlierWorkTests {
    private static let plan = TestPlan(agents: [.init(id: "1", owned: ["a"]), .init(id: "2", owned: ["b"])]).text
    private static let work =
        "n=a; [ $PITWALL_AGENT = 2 ] && n=b; echo $n > $n; git add -A; git commit -qm \"work of $PITWALL_AGENT\""

    @Test func aSecondRunKeepsTheFirstOnesBranchesAndWorktrees() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place("plan.md", Self.plan)
        let first = try await scratch.pitwall([
            "run", file, "--agent", "[ $PITWALL_AGENT = 1 ] || echo x >> README.md; \(Self.work); echo y > open",
        ])
        #expect(first.status == 1)
        let held = try await scratch.git(["rev-parse", "sprint/7/2"])
        let second = try await scratch.pitwall([
            "run", file, "--agent", "[ $PITWALL_AGENT = 1 ] && date > a; \(Self.work)", "--allow", "1",
        ])
        #expect(second.text.contains("| 2     | 0     | 1     | Merged"), "\(second.text)\(second.errors)")
        #expect(second.errors.contains("shop-sprint-7-2"))
        #expect(try await scratch.git(["rev-parse", "sprint/7/2"]) == held)
        #expect(try await scratch.content("README.md", at: "sprint/7/2") == "# Shop\nx\n")
        #expect(FileManager.default.fileExists(atPath: scratch.root.appending("shop-sprint-7/2/open").string))
        // One clean-up is for both runs.
        let clean = try await scratch.pitwall(["clean"])
        #expect(clean.text.contains("removed sprint/7-2/2\n"))
        #expect(clean.text.contains("kept sprint/7/2: not on main; worktree \(scratch.root)/shop-sprint-7/2\n"))
        #expect(clean.text.contains("kept sprint/7/1: 1 path that is not committed (open); worktree"), "\(clean.text)")
    }

    @Test func theUsersDirectoriesAndBranchesAreLeftAlone() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place("plan.md", Self.plan)
        let mine = scratch.root.appending("shop-sprint-7/1")
        try FileManager.default.createDirectory(atPath: mine.string, withIntermediateDirectories: true)
        let note = try scratch.place("shop-sprint-7/1/precious", "mine\n")
        try await scratch.git(["branch", "sprint"])
        let refused = try await scratch.pitwall([
            "run", file, "--agent", Self.work, "--worktrees", "\(scratch.root)/shop-sprint-7",
        ])
        #expect(refused.status == 69)
        #expect(
            refused.errors
                == "pitwall: not started: \(mine) is not empty: move it away, or name another place with --worktrees\n")
        let run = try await scratch.pitwall(["run", file, "--agent", Self.work])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(try String(contentsOfFile: note, encoding: .utf8) == "mine\n")
        #expect(
            try await scratch.git(["for-each-ref", "--format=%(refname:short)", "refs/heads"])
                == "main\nsprint\nsprint-7/1\nsprint-7/2")
        #expect(try await scratch.pitwall(["clean"]).text == "removed sprint-7/1\nremoved sprint-7/2\n")
        #expect(try await scratch.pitwall(["clean"]).text == "nothing is left to remove\n")
        #expect(try await scratch.pitwall(["stop"]).text == "no process was running the sprint; sprint 7 is over\n")
    }

    @Test func withoutAnIdentityTheCommitsAreOursAndThatIsSaid() async throws {
        let scratch = try await Scratch.withRepository()
        try await scratch.git(["config", "--unset", "user.name"])
        try await scratch.git(["config", "--unset", "user.email"])
        // An identity made up from the machine's name is none.
        try await scratch.git(["config", "user.useConfigOnly", "true"])
        let file = try scratch.place("plan.md", Self.plan)
        let agent = "unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL; \(Self.work)"
        let tool = try scratch.place(
            "pitwall.sh",
            "unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL EMAIL\nexec '\(Scratch.tool)' \"$@\"\n"
        )
        let run = try await Shell.run(
            "sh", [tool, "sprint", "run", file, "--agent", agent], in: scratch.repository)
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(
            run.errors.contains(
                "git knows no user.name and user.email: commits are made as Pitwall <pitwall@localhost>"))
        #expect(
            try await scratch.git(["log", "-4", "--format=%an <%ae>", "main^@"]).contains("Pitwall <pitwall@localhost>")
        )
    }

    @Test func theLastWordsOfAnAgentThatFailsAreInTheReport() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place("plan.md", Self.plan)
        let run = try await scratch.pitwall(["run", file, "--agent", "echo fine; echo 'no `tool` here' >&2; exit 4"])
        #expect(run.status == 1)
        #expect(run.errors.contains("merged in memory: none"))
        let report = try await scratch.pitwall(["report"]).text
        #expect(report.contains("- Blocked: exited with status 4\n"))
        #expect(report.contains("- its last words: `no 'tool' here`\n"), "\(report)")
    }
}
