import Foundation
import SystemPackage
import Testing

@testable import SprintRunner

/// Repositories and files out of the ordinary.
@Suite struct RepositoryKindTests {
    private static let plan = TestPlan(
        agents: [.init(id: "1", owned: ["a", "crlf.txt"]), .init(id: "2", owned: ["b"])])
    private static let agent =
        "n=a; [ $PITWALL_AGENT = 2 ] && n=b; echo $n > $n; printf '%s\\r\\n' $n >> notes.md; git add -A; git commit -qm w"

    @Test func anEmptyRepositoryIsRefused() async throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch.repository.string, withIntermediateDirectories: true)
        try await scratch.git(["init", "-q", "-b", "main"])
        let file = try scratch.place("plan.md", Self.plan.text)
        let run = try await scratch.pitwall(["run", file, "--agent", "true"])
        #expect(run.status == 69)
        #expect(run.errors == "pitwall: not started: the repository has no commit yet: make a first one\n")
    }

    @Test func noRepositoryIsRefused() async throws {
        let scratch = try Scratch()
        let file = try scratch.place("plan.md", Self.plan.text)
        let run = try await scratch.pitwall(["run", file, "--agent", "true"], in: scratch.root)
        #expect(run.status == 69)
        #expect(run.errors.contains("not a git repository"))
    }

    @Test func aSHA256RepositoryWorks() async throws {
        let scratch = try await Scratch.withRepository(["notes.md": "n\r\n"], arguments: ["--object-format=sha256"])
        let file = try scratch.place("plan.md", Self.plan.text)
        let run = try await scratch.pitwall(["run", file, "--agent", Self.agent, "--test", "test -e a"])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(try await scratch.content("notes.md") == "n\r\na\r\nb\r\n")
        #expect(try await scratch.git(["rev-parse", "main"]).count == 64)
    }

    @Test func aShallowCloneWorksAndPushes() async throws {
        let scratch = try await Scratch.withRepository(["notes.md": "n\n"])
        try await scratch.addRemote()
        for _ in 0..<3 { try await scratch.git(["commit", "-q", "--allow-empty", "-m", "more"]) }
        try await scratch.git(["push", "-q", "origin", "main"])
        let clone = scratch.root.appending("clone")
        try await scratch.git(["clone", "-q", "--depth", "1", "file://\(scratch.remote)", clone.string])
        let file = try scratch.place("plan.md", Self.plan.text)
        let run = try await scratch.pitwall(["run", file, "--agent", Self.agent, "--push"], in: clone)
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(
            try await scratch.git(["rev-parse", "main"], in: clone)
                == scratch.git(["rev-parse", "main"], in: scratch.remote))
        #expect(try await scratch.git(["rev-list", "--count", "main"], in: scratch.remote) == "8")
    }

    /// Only trees and commits are here; which files were only appended to is told by contents that the remote has.
    @Test func aPartialCloneFetchesWhatItMisses() async throws {
        let scratch = try await Scratch.withRepository(["notes.md": "n\n"])
        try await scratch.addRemote()
        for number in 1...3 {
            try scratch.write(["notes.md": "n\n" + (1...number).map { "more \($0)\n" }.joined()])
            try await scratch.git(["commit", "-q", "-a", "-m", "more"])
        }
        try await scratch.git(["push", "-q", "origin", "main"])
        for setting in ["uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"] {
            try await scratch.git(["config", setting, "true"], in: scratch.remote)
        }
        let clone = scratch.root.appending("clone")
        try await scratch.git(["clone", "-q", "--filter=blob:none", "file://\(scratch.remote)", clone.string])
        var plan = Self.plan
        plan.append = []
        for index in plan.agents.indices { plan.agents[index].owned.append("notes.md") }
        let file = try scratch.place("plan.md", plan.text)
        // The remote moves on by a commit whose contents the clone has not seen.
        try scratch.write(["other.txt": "o\n", "notes.md": "n\nmore 1\nmore 2\nmore 3\nmore 4\n"])
        try await scratch.git(["add", "-A"])
        try await scratch.git(["commit", "-q", "-m", "Other"])
        let push = "env -u GIT_CONFIG_COUNT git -C \(scratch.repository) push -q \(scratch.remote) main"
        let run = try await scratch.pitwall(["run", file, "--push", "--agent", "\(Self.agent); \(push)"], in: clone)
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(
            try await scratch.content("notes.md", in: clone) == "n\nmore 1\nmore 2\nmore 3\nmore 4\na\r\nb\r\n")
        #expect(try await scratch.git(["status", "--porcelain"], in: clone) == "")
    }

    @Test func aGitDirectoryThatIsKeptApartWorks() async throws {
        let scratch = try await Scratch.withRepository(["notes.md": "n\n"])
        let clone = scratch.root.appending("clone")
        try await scratch.git([
            "clone", "-q", "--separate-git-dir", scratch.root.appending("apart.git").string, ".", clone.string,
        ])
        let file = try scratch.place("plan.md", Self.plan.text)
        let run = try await scratch.pitwall(["run", file, "--agent", Self.agent], in: clone)
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(try await scratch.git(["status", "--porcelain"], in: clone) == "")
        #expect(FileManager.default.fileExists(atPath: clone.appending("b").string))
        #expect(FileManager.default.fileExists(atPath: scratch.root.appending("clone-sprint-7/1").string))
    }

    @Test func aBareRepositoryWithWorktreesWorks() async throws {
        let scratch = try await Scratch.withRepository(["notes.md": "n\n"])
        try await scratch.addRemote()
        let tree = scratch.root.appending("tree")
        try await scratch.git(["worktree", "add", "-q", tree.string, "main"], in: scratch.remote)
        let file = try scratch.place("plan.md", Self.plan.text)
        let run = try await scratch.pitwall(["run", file, "--agent", Self.agent], in: tree)
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(try await scratch.content("a", in: tree) == "a\n")
        #expect(try await scratch.git(["status", "--porcelain"], in: tree) == "")
        #expect(FileManager.default.fileExists(atPath: tree.appending("b").string))
        let again = try await scratch.pitwall(
            ["run", file, "--agent", "echo x > c$PITWALL_AGENT; git add -A; git commit -qm w"], in: scratch.remote)
        #expect(again.status == 0, "\(again.text)\(again.errors)")
        #expect(FileManager.default.fileExists(atPath: tree.appending("c2").string))
    }

    @Test func pointersAndCarriageReturnsAreKeptByteForByte() async throws {
        let pointer =
            "version https://git-lfs.github.com/spec/v1\noid sha256:\(String(repeating: "ab", count: 32))\nsize 12345\n"
        let scratch = try await Scratch.withRepository([
            "notes.md": "n\r\n", "crlf.txt": "one\r\ntwo\r\n", "big.bin": pointer,
            ".gitattributes": "*.bin filter=lfs -text\n",
        ])
        try await scratch.git(["config", "core.autocrlf", "input"])
        let before = try await scratch.git(["rev-parse", "main:big.bin"])
        let plan = TestPlan(
            agents: [.init(id: "1", owned: ["crlf.txt"]), .init(id: "2", owned: ["crlf.txt", "other.bin"])],
            policy: "Conflict in crlf.txt: keep both")
        let file = try scratch.place("plan.md", plan.text)
        // Blobs are written past every filter, as another machine may have written them.
        let agent = """
            b=$(printf "one\\r\\ntwo\\r\\n$PITWALL_AGENT\\r\\n" | git hash-object -w --stdin)
            git update-index --cacheinfo 100644,$b,crlf.txt
            if [ $PITWALL_AGENT = 2 ]; then p=$(git cat-file blob HEAD:big.bin | sed s/12345/54321/ | git hash-object -w --stdin); git update-index --add --cacheinfo 100644,$p,other.bin; fi
            git commit -qm w
            """
        let run = try await scratch.pitwall(["run", file, "--agent", agent])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(try await scratch.content("crlf.txt") == "one\r\ntwo\r\n1\r\n2\r\n")
        #expect(try await scratch.content("other.bin") == pointer.replacingOccurrences(of: "12345", with: "54321"))
        #expect(try await scratch.git(["rev-parse", "main:big.bin"]) == before)
    }
}
