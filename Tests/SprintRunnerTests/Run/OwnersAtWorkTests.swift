import Foundation
import SystemPackage
import Testing

@testable import SprintRunner

/// The owner of the repository goes on working in it while agents do; nothing of that is lost or turned round.
@Suite struct OwnersAtWorkTests {
    private static let plan = TestPlan(agents: [.init(id: "1", owned: ["a"]), .init(id: "2", owned: ["b"])])
    private static let work =
        "n=a; [ $PITWALL_AGENT = 2 ] && n=b; echo $n > $n; git add -A; git commit -qm w"

    /// Runs the plan, and does something while both agents, their work done, wait to be let go on.
    private func run(in scratch: Scratch, meanwhile: () async throws -> Void) async throws -> Shell.Output {
        let file = try scratch.place("plan.md", Self.plan.text)
        let here = (one: try scratch.gate("here1"), two: try scratch.gate("here2"))
        let go = (one: try scratch.gate("go1"), two: try scratch.gate("go2"))
        let script = try scratch.place(
            "agent.sh",
            """
            \(Self.work)
            if [ $PITWALL_AGENT = 1 ]; then \(here.one.knock); \(go.one.pass); else \(here.two.knock); \(go.two.pass); fi
            """)
        async let run = scratch.pitwall(["run", file, "--agent", "sh \(script)"])
        try await here.one.knocked()
        try await here.two.knocked()
        try await meanwhile()
        try await go.one.open()
        try await go.two.open()
        return try await run
    }

    @Test func anotherBranchThatIsCheckedOutMeanwhileStaysSo() async throws {
        let scratch = try await Scratch.withRepository()
        try await scratch.git(["checkout", "-q", "-b", "side"])
        try scratch.write(["side.txt": "mine\n"])
        try await scratch.git(["add", "-A"])
        try await scratch.git(["commit", "-q", "-m", "Side"])
        try await scratch.git(["checkout", "-q", "main"])
        let run = try await run(in: scratch) { try await scratch.git(["checkout", "-q", "side"]) }
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(run.errors.contains("the main checkout shows branch side now, and is left there"))
        #expect(try await scratch.git(["symbolic-ref", "HEAD"]) == "refs/heads/side")
        #expect(try await scratch.git(["status", "--porcelain"]) == "")
        #expect(try await scratch.files() == ["README.md", "a", "b"])
    }

    /// Whoever looks at an earlier commit, as a bisection does, is left there.
    @Test func aCommitThatIsCheckedOutMeanwhileStaysSo() async throws {
        let scratch = try await Scratch.withRepository()
        let start = try await scratch.git(["rev-parse", "main"])
        try scratch.write(["more.txt": "mine\n"])
        try await scratch.git(["add", "-A"])
        try await scratch.git(["commit", "-q", "-m", "More"])
        let run = try await run(in: scratch) { try await scratch.git(["checkout", "-q", start]) }
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(run.errors.contains("the main checkout shows commit \(start.prefix(10)) now"))
        #expect(try await scratch.git(["rev-parse", "HEAD"]) == start)
        #expect(try await scratch.git(["status", "--porcelain"]) == "")
    }

    @Test(arguments: ["ref: refs/heads/other\n", "nonsense\n", ""])
    func aHeadThatWasOnlyWrittenIsPutBack(_ text: String) async throws {
        let scratch = try await Scratch.withRepository()
        try await scratch.git(["checkout", "-q", "-b", "other"])
        try scratch.write(["other.txt": "o\n"])
        try await scratch.git(["add", "-A"])
        try await scratch.git(["commit", "-q", "-m", "Other"])
        try await scratch.git(["checkout", "-q", "main"])
        let head = scratch.repository.appending(".git/HEAD").string
        let run = try await run(in: scratch) {
            if text.isEmpty { try FileManager.default.removeItem(atPath: head) }
            if !text.isEmpty { try Data(text.utf8).write(to: URL(fileURLWithPath: head)) }
        }
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(run.errors.contains("rule broken: HEAD was overwritten; put back"))
        #expect(try await scratch.git(["symbolic-ref", "HEAD"]) == "refs/heads/main")
        #expect(try await scratch.git(["status", "--porcelain"]) == "")
        #expect(FileManager.default.fileExists(atPath: scratch.repository.appending("b").string))
    }

    @Test func aReaderWhoLeavesEndsNoRun() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place("plan.md", Self.plan.text)
        let gone = scratch.root.appending("gone")
        // The agents end when nobody reads any more; that their own pipes still break is seen by what yes says.
        let agent = try scratch.place(
            "agent.sh",
            "until test -e \(gone); do sleep 0.05; done\nyes 2> \(scratch.marks)/yes | head -n 1\n\(Self.work)\n")
        let script = try scratch.place(
            "run.sh",
            """
            { '\(Scratch.tool)' sprint run '\(file)' --agent 'sh \(agent)' 2>&1 > /dev/null
              echo $? > \(scratch.root)/status; } | { head -n 1 > /dev/null; : > \(gone); }
            """)
        _ = try await Shell.run("sh", [script], in: scratch.repository)
        let status = FileManager.default.contents(atPath: scratch.root.appending("status").string)
        #expect(status.map { String(decoding: $0, as: UTF8.self) } == "0\n")
        #expect(try await scratch.files() == ["README.md", "a", "b"])
        #expect(scratch.marks("yes") == 0)
    }

    @Test func settingsThatArePutBackAreKeptAside() async throws {
        let scratch = try await Scratch.withRepository()
        let run = try await run(in: scratch) {
            try await scratch.git(["config", "alias.mine", "log --oneline"])
            try scratch.write([".git/hooks/post-merge": "#!/bin/sh\n"])
        }
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        let aside = scratch.repository.appending(".git/pitwall/runs/7/put-back")
        let real = try await scratch.git(["rev-parse", "--path-format=absolute", "--git-dir"])
        #expect(
            run.errors.contains(
                "config in the git directory was changed; put back as it was, the other is kept in \(real)/pitwall/runs/7/put-back"
            ))
        #expect(try await scratch.git(["config", "--file", "\(aside)/config", "alias.mine"]) == "log --oneline")
        #expect(FileManager.default.fileExists(atPath: aside.appending("hooks/post-merge").string))
        #expect(!FileManager.default.fileExists(atPath: scratch.repository.appending(".git/hooks/post-merge").string))
    }

    @Test func settingsThatAreMendedBeforeResumingHold() async throws {
        let scratch = try await Scratch.withRepository()
        try await scratch.git(["init", "-q", "--bare", "-b", "main", scratch.remote.string])
        try await scratch.git(["remote", "add", "origin", scratch.root.appending("nowhere").string])
        let file = try scratch.place("plan.md", Self.plan.text)
        let held = try await scratch.pitwall(["run", file, "--agent", Self.work, "--push", "--no-fetch"])
        #expect(held.status == 69, "\(held.text)\(held.errors)")
        try await scratch.git(["remote", "set-url", "origin", scratch.remote.string])
        let resumed = try await scratch.pitwall(["resume"])
        #expect(resumed.status == 0, "\(resumed.text)\(resumed.errors)")
        #expect(try await scratch.git(["config", "remote.origin.url"]) == scratch.remote.string)
        #expect(
            try await scratch.git(["rev-parse", "main"], in: scratch.remote)
                == scratch.git(["rev-parse", "main"]))
    }
}
