import Foundation
import SystemPackage
import Testing

@testable import SprintRunner

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// What an agent leaves that is on no branch is told, and not thrown away with its worktree.
@Suite struct LeftOverTests {
    private static let plan = TestPlan(agents: [.init(id: "1", owned: ["a"]), .init(id: "2", owned: ["b"])]).text

    @Test func whatIsNotCommittedIsTold() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place("plan.md", Self.plan)
        let agent =
            "echo x > a; [ $PITWALL_AGENT = 2 ] || { git add a; git commit -qm w; echo more >> a; }; echo y > new"
        let run = try await scratch.pitwall(["run", file, "--agent", agent])
        #expect(run.status == 1)
        let left = "2 paths that are not committed (a, new)"
        #expect(run.errors.contains("1: not merged, as it is on no branch: \(left)\n"))
        #expect(run.text.contains("Work of 1 that is on no branch was not merged: `pitwall sprint report` names it."))
        #expect(run.text.contains("| 1     | 0     | 1     | Merged"))
        #expect(run.text.contains("Blocked: it made no commit, and left \(left) |"))
        let report = try await scratch.pitwall(["report", "--json"]).text
        let row = try JSONDecoder.report.decode(SprintReport.self, from: Data(report.utf8)).rows[0]
        #expect(row.leftOver?.shown.map(\.description) == ["a", "new"])
    }

    @Test func cleanKeepsCommitsThatAreOnNoBranch() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place("plan.md", Self.plan)
        let agent =
            "n=a; [ $PITWALL_AGENT = 2 ] && n=b && git checkout -q --detach; echo $n > $n; git add -A; git commit -qm w"
        let run = try await scratch.pitwall(["run", file, "--agent", agent])
        #expect(run.text.contains("Blocked: it made no commit, and left 1 commit on no branch"), "\(run.text)")
        let clean = try await scratch.pitwall(["clean"])
        #expect(clean.status == 1)
        let worktree = "\(scratch.root)/shop-sprint-7/2"
        #expect(clean.text.contains("removed sprint/7/1\n"))
        #expect(clean.text.contains("kept sprint/7/2: 1 commit on no branch; worktree \(worktree)\n"), "\(clean.text)")
        #expect(try await scratch.content("b", at: "HEAD", in: FilePath(worktree)) == "b\n")
    }

    /// An agent may turn its worktree into one of a repository of its own, whose settings name programs.
    @Test func noProgramOfAnAgentsMakingRuns() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place("plan.md", Self.plan)
        let evil = scratch.root.appending("evil")
        let mark = "[ -n \"$PITWALL_AGENT\" ] || touch \(scratch.marks)/ran; cat"
        let agent = try scratch.place(
            "agent.sh",
            """
            n=a; [ $PITWALL_AGENT = 2 ] && n=b
            echo $n > $n; git add -A; git commit -qm w
            if [ $n = b ]; then
                git init -q --bare \(evil); git -C \(evil) config core.bare false
                git -C \(evil) config filter.evil.clean '\(mark)'
                mkdir \(evil)/info; echo '* filter=evil' > \(evil)/info/attributes
                git ls-files -s | env GIT_DIR=\(evil) GIT_WORK_TREE=. git update-index --index-info
                echo more >> b; echo 'gitdir: \(evil)' > .git
            fi
            """)
        let run = try await scratch.pitwall(["run", file, "--agent", "sh \(agent)"])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        let clean = try await scratch.pitwall(["clean"])
        let place = scratch.root.appending("shop-sprint-7/2")
        #expect(clean.text == "removed sprint/7/1\nkept sprint/7/2: no worktree of git any more; directory \(place)\n")
        #expect(FileManager.default.contents(atPath: "\(place)/b") == Data("b\nmore\n".utf8))
        #expect(!FileManager.default.fileExists(atPath: scratch.marks.appending("ran").string))
    }

    @Test(arguments: [true, false]) func whatAStoppedAgentHadDoneIsKept(_ isWorktree: Bool) async throws {
        let scratch = try await Scratch.withRepository(["old.txt": "old\n", ".gitignore": "build\n"])
        let file = try scratch.place("plan.md", Self.plan)
        let (started, never) = (try scratch.gate("started"), try scratch.gate("never"))
        let agent = try scratch.place(
            "agent.sh",
            """
            name=a; [ $PITWALL_AGENT = 2 ] && name=b
            if [ $name = b ] && ! test -e \(scratch.root)/go; then
                echo early > early; git add -A; git commit -qm early
                rm old.txt; echo half > half; echo staged > staged; git add staged; mkdir build; echo x > build/x
                \(isWorktree ? "" : "rm .git;") \(started.knock); \(never.pass)
            fi
            echo $PITWALL_AGENT > $name; git add -A; git commit -qm "work"
            """)
        async let first = scratch.pitwall(["run", file, "--agent", "sh \(agent)"])
        try await started.knocked()
        #expect(try await scratch.pitwall(["stop"]).status == 0)
        #expect(try await first.status == 69)
        _ = try scratch.place("go", "")
        let resume = try await scratch.pitwall(["resume"])
        #expect(resume.status == 0, "\(resume.text)\(resume.errors)")
        #expect(try await scratch.files() == [".gitignore", "README.md", "a", "b", "old.txt"])
        let kept = "refs/pitwall/7/attempts/2/1"
        #expect(resume.errors.contains("2: starting again; what it had done is kept as \(kept)\n"))
        if isWorktree {
            #expect(try await scratch.files(at: kept) == [".gitignore", "README.md", "early", "half", "staged"])
            #expect(try await scratch.files(at: "\(kept)~") == [".gitignore", "README.md", "early", "old.txt"])
        } else {
            #expect(try await scratch.files(at: kept) == [".gitignore", "README.md", "early", "old.txt"])
            let aside = scratch.root.appending("shop-sprint-7/2.attempt/half").string
            #expect(FileManager.default.contents(atPath: aside) == Data("half\n".utf8))
        }
    }

    @Test func aRunThatWasGivenUpIsNotGoneOnWith() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place("plan.md", Self.plan)
        let agent =
            "echo x >> \(scratch.marks)/agents; echo $PITWALL_AGENT > n$PITWALL_AGENT; git add -A; git commit -qm w"
        let killed = try await scratch.pitwall(
            ["run", file, "--agent", agent], variables: ["PITWALL_CRASH_AT": "before:4"])
        #expect(killed.status == -9)
        #expect(try await scratch.pitwall(["stop"]).status == 0)
        // 1 when an agent had come to its commit, which is kept.
        #expect(try await scratch.pitwall(["clean", "--abandon"]).status <= 1)
        let begun = scratch.marks("agents")
        let resume = try await scratch.pitwall(["resume"])
        #expect(resume.status == 69)
        #expect(
            resume.errors
                == "pitwall: sprint 7 was given up, and is not gone on with: begin anew with `pitwall sprint run`\n")
        #expect(scratch.marks("agents") == begun)
        #expect(try await scratch.pitwall(["status"]).text.contains("Nothing landed: the run was given up."))
        #expect(try await scratch.pitwall(["run", file, "--agent", agent]).status == 0)
    }

    /// What agents write is shown on a terminal, and gives it no orders.
    @Test func noAgentGivesTheTerminalOrders() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place("plan.md", Self.plan)
        let agent = try scratch.place(
            "agent.sh",
            #"""
            if [ $PITWALL_AGENT = 1 ]; then
                printf 'BLOCKED: \033]0;gotcha\007 and\tso\rforth\n'
            else
                printf '\033[2J\n'; exit 3
            fi
            """#)
        let run = try await scratch.pitwall(["run", file, "--agent", "sh \(agent)"])
        let reason = #"\x1b]0;gotcha\x07 and"#
        #expect(run.text.contains("Blocked: \(reason) so |"), "\(run.text)")
        let report = try await scratch.pitwall(["report"])
        #expect(report.text.contains(#"- its last words: `\x1b[2J`"#))
        for text in [run.text, run.errors, report.text] {
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
        }
        #expect("a\r\nb\tc".printable == "a\r\nb\tc")
    }

    /// The look at an agent's objects needs room, and a machine without says nothing of the agent.
    @Test func aMachineWithoutRoomBlocksNobody() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place("plan.md", Self.plan)
        let agent = try scratch.place(
            "agent.sh",
            """
            ulimit -S -f unlimited
            n=a; [ $PITWALL_AGENT = 2 ] && n=b
            head -c 3000000 /dev/zero > $n; git add -A; git commit -qm w
            """)
        let limited = try scratch.place("limited.sh", "ulimit -S -f 2048\nexec '\(Scratch.tool)' \"$@\"\n")
        let held = try await Shell.run(
            "sh", [limited, "sprint", "run", file, "--agent", "sh \(agent)"], in: scratch.repository)
        #expect(held.status == 69, "\(held.text)\(held.errors)")
        #expect(held.errors.contains("was ended by signal \(SIGXFSZ)"))
        let resumed = try await scratch.pitwall(["resume"])
        #expect(resumed.status == 0, "\(resumed.text)\(resumed.errors)")
        #expect(try await scratch.files() == ["README.md", "a", "b"])
    }

    @Test(arguments: [
        ("fatal: sha1 file '/r/.git/objects/pack/tmp_pack_5Q' write error. Out of diskspace", true),
        ("fatal: write error: No space left on device", true), ("fatal: cannot mkstemp: Permission denied", true),
        ("fatal: could not fetch 1 from promisor remote", true),
        ("error: object 1f: duplicateEntries: contains duplicate file entries", false),
        ("fatal: loose object 1f (stored in /r/1f) is corrupt", false),
    ])
    func whatTheMachineLacksIsToldFromDamage(_ message: String, _ isOfTheMachine: Bool) {
        #expect(BranchObjects.isOfTheMachine(message) == isOfTheMachine)
    }

    @Test func aDamagedJournalSaysWhatToDo() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place("plan.md", Self.plan)
        _ = try await scratch.pitwall(["run", file, "--agent", "true"])
        let journal = scratch.repository.appending(".git/pitwall/runs/7/journal.jsonl").string
        let whole = try String(contentsOfFile: journal, encoding: .utf8)
        let line = whole.split(separator: "\n").count + 1
        for (text, reason) in [("\0\0\n", "it is no JSON"), ("{}\n", "it is no step that this version knows")] {
            try Data((whole + text).utf8).write(to: URL(fileURLWithPath: journal))
            let status = try await scratch.pitwall(["status"])
            #expect(status.status == 65)
            #expect(status.errors.contains("cannot be read from line \(line) on (\(reason)): if that line is the last"))
        }
    }

    @Test func anAgentMayKeepHouse() async throws {
        let scratch = try await Scratch.withRepository()
        try await scratch.git(["branch", "other"])
        try await scratch.git(["pack-refs", "--all"])
        try await scratch.git(["branch", "-f", "third"])
        let file = try scratch.place("plan.md", Self.plan)
        let work = "n=a; [ $PITWALL_AGENT = 2 ] && n=b; echo $n > $n; git add -A; git commit -qm w"
        let run = try await scratch.pitwall([
            "run", file, "--jobs", "1", "--agent",
            "\(work); git gc -q && ! git branch -D other && ! git branch -f third HEAD && ! git tag t",
        ])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(try await scratch.git(["branch", "--list", "other", "third"]) == "  other\n  third")
        #expect(try await scratch.git(["tag"]) == "pre-sprint-7")
    }
}

extension JSONDecoder {
    /// What `pitwall sprint report --json` writes.
    fileprivate static var report: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return decoder
    }
}
