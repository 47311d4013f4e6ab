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
