import Foundation
import SystemPackage
import Testing

@testable import SprintRunner

@Suite struct PreflightTests {
    private static let plan = TestPlan(agents: [.init(id: "1", owned: ["a"]), .init(id: "2", owned: ["b"])]).text

    private func refusal(_ prepare: (Scratch) async throws -> [String]) async throws -> String {
        let scratch = try await Scratch.withRepository(["x": "x\n"])
        let file = try scratch.place("plan.md", Self.plan)
        let arguments = try await prepare(scratch)
        let before = try await scratch.git(["for-each-ref"])
        let run = try await scratch.pitwall(["run", file, "--agent", "true"] + arguments)
        #expect(run.status == 69, "\(run.text)\(run.errors)")
        #expect(try await scratch.git(["for-each-ref"]) == before)
        return run.errors.replacingOccurrences(of: scratch.root.string, with: "ROOT")
    }

    @Test func changesThatAreNotCommittedAreNamed() async throws {
        let text = try await refusal { scratch in
            try scratch.write(["x": "changed\n"])
            return []
        }
        #expect(
            text == "pitwall: not started: ROOT/shop has changes that are not committed (x): commit or stash them\n")
    }

    @Test func theWrongBranchIsNamed() async throws {
        let text = try await refusal { scratch in
            try await scratch.git(["checkout", "-q", "-b", "other"])
            return []
        }
        #expect(
            text
                == "pitwall: not started: other is checked out, not main: `git checkout main`, or name another with --branch\n"
        )
    }

    @Test func aPushWithoutRemoteIsRefused() async throws {
        let text = try await refusal { _ in ["--push"] }
        #expect(
            text
                == "pitwall: not started: --push was asked for, and the repository has no remote: add one with `git remote add`\n"
        )
    }

    @Test func aRemoteThatCannotBeAskedIsRefused() async throws {
        let text = try await refusal { scratch in
            try await scratch.git(["remote", "add", "origin", scratch.root.appending("nowhere").string])
            return []
        }
        #expect(text.contains("origin cannot be asked for news"))
        #expect(text.contains("mend it, or go on with --no-fetch"))
    }

    @Test func branchesThatHaveGoneApartAreRefused() async throws {
        let text = try await refusal { scratch in
            try await scratch.addRemote()
            try await scratch.git(["commit", "-q", "--allow-empty", "-m", "theirs"])
            try await scratch.git(["push", "-q", "origin", "main"])
            try await scratch.git(["reset", "-q", "--hard", "HEAD~1"])
            try await scratch.git(["commit", "-q", "--allow-empty", "-m", "ours"])
            return []
        }
        #expect(
            text
                == "pitwall: not started: main and origin/main have gone apart: `git pull --rebase origin main` or push first\n"
        )
    }

    @Test func aRemoteThatIsAheadIsTheBase() async throws {
        let scratch = try await Scratch.withRepository()
        try await scratch.addRemote()
        try await scratch.git(["commit", "-q", "--allow-empty", "-m", "theirs"])
        try await scratch.git(["push", "-q", "origin", "main"])
        let theirs = try await scratch.git(["rev-parse", "main"])
        try await scratch.git(["reset", "-q", "--hard", "HEAD~1"])
        let file = try scratch.place("plan.md", Self.plan)
        let agent = "n=a; [ $PITWALL_AGENT = 2 ] && n=b; echo $n > $n; git add -A; git commit -qm w"
        let run = try await scratch.pitwall(["run", file, "--agent", agent])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("origin is ahead of main: the agents start from its \(theirs.prefix(10))"))
        #expect(try await scratch.git(["rev-parse", "main~2"]) == theirs)
    }

    @Test func aPresetThatIsNotInstalledIsNamed() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place(
            "plan.md", TestPlan(agents: [.init(id: "1", owned: ["a"]), .init(id: "2", owned: ["b"])]).text)
        // A path with git and nothing else of note.
        let bin = scratch.root.appending("bin")
        try FileManager.default.createDirectory(atPath: bin.string, withIntermediateDirectories: true)
        let git = try await Shell.run("sh", ["-c", "command -v git"], in: scratch.root).text.trimmingTrailingNewlines
        try FileManager.default.createSymbolicLink(atPath: "\(bin)/git", withDestinationPath: git)
        let run = { () async throws in
            try await scratch.pitwall(
                ["run", file, "--agent", "codex", "--dry-run"], variables: ["PATH": bin.string])
        }
        let refused = try await run()
        #expect(refused.status == 69)
        #expect(
            refused.errors
                == "pitwall: not started: codex is not installed, or not on PATH: install it, or give another command "
                + "with --agent\n")
        try FileManager.default.createSymbolicLink(atPath: "\(bin)/codex", withDestinationPath: "/bin/true")
        #expect(try await run().status == 0)
    }

    @Test func aPlanThatCannotBeRunIsRefusedWith65() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place("plan.md", "# nothing\n")
        let run = try await scratch.pitwall(["run", file, "--agent", "true"])
        #expect(run.status == 65)
        #expect(run.errors.contains("too-few-agents"))
        #expect(try await scratch.pitwall(["run", "\(scratch.root)/none.md", "--agent", "true"]).status == 65)
    }

    @Test func wrongUsageIs64() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place("plan.md", Self.plan)
        #expect(try await scratch.pitwall(["run", file]).status == 64)
        #expect(try await scratch.pitwall(["run", file, "--agent", "true", "--jobs", "0"]).status == 64)
        #expect(try await scratch.pitwall(["run", file, "--agent", "true", "--timeout", "soon"]).status == 64)
        let stranger = try await scratch.pitwall(["run", file, "--agent", "true", "--allow", "9"])
        #expect(stranger.status == 64)
        #expect(stranger.errors == "pitwall: the plan has no agent 9\n")
    }

    @Test func anOldGitIsRefused() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place("plan.md", Self.plan)
        let real = try await Shell.run("sh", ["-c", "command -v git"], in: scratch.root).text.trimmingTrailingNewlines
        let tools = scratch.root.appending("bin")
        try FileManager.default.createDirectory(atPath: tools.string, withIntermediateDirectories: true)
        // Everything but the version is the real one's answer.
        let script = "#!/bin/sh\nfor word; do [ \"$word\" = version ] && { echo 'git version 2.37.9'; exit; }; done\n"
        let fake = try scratch.place("bin/git", script + "exec '\(real)' \"$@\"\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fake)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let run = try await scratch.pitwall(
            ["run", file, "--agent", "true"], variables: ["PATH": "\(tools):\(path)"])
        #expect(run.status == 69)
        #expect(
            run.errors
                == "pitwall: not started: git version 2.37.9 is too old: version 2.38 or newer is needed\n")
    }

    @Test(arguments: ["1000000000", "9223372036854775807"])
    func aDiskThatIsTooSmallIsRefused(_ slots: String) async throws {
        let text = try await refusal { scratch in
            try scratch.write(["big": String(repeating: "x", count: 1_000_000)])
            try await scratch.git(["add", "-A"])
            try await scratch.git(["commit", "-q", "-m", "big"])
            return ["--slots", slots]
        }
        #expect(text.contains("ROOT has ") && text.contains(" MiB free and the worktrees need "), "\(text)")
        #expect(text.hasSuffix("MiB: free some, or name another place with --worktrees\n"), "\(text)")
    }

    @Test func withoutARunThereIsNothingToShow() async throws {
        let scratch = try await Scratch.withRepository()
        for command in ["status", "resume", "stop", "report", "clean"] {
            let output = try await scratch.pitwall([command])
            #expect(output.status == 69, "\(command)")
            #expect(output.errors == "pitwall: no sprint was run in this repository\n", "\(command)")
        }
    }
}
