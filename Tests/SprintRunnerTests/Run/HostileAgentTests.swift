import Foundation
import SystemPackage
import Testing

@testable import SprintRunner

/// Agents that do what no plan allows, all in one run, beside two honest ones.
@Suite struct HostileAgentTests {
    struct Attack {
        var id: String
        var script: String
        /// What the table has to say of it.
        var status: String
    }

    /// Whatever an agent plants may run in agents' own git, which nobody can prevent among processes of one user; it
    /// leaves a mark only where `PITWALL_AGENT` is not set, which is in the runner. Links have names that `work` does not
    /// write to: it would write through them.
    private static let attacks: [Attack] = [
        .init(
            id: "main", script: "work; git -c core.hooksPath=/dev/null update-ref refs/heads/main HEAD",
            status: "Blocked: violation: refs/heads/main was moved; put back"),
        .init(
            id: "honestpush", script: "work; git push --no-verify origin HEAD:refs/heads/stolen && touch $MARKS/pushed",
            status: "Blocked: exited with status 128"),
        .init(
            id: "push", script: "work; env -u GIT_CONFIG_COUNT git push -q origin HEAD:refs/heads/evil",
            status: "Blocked: violation: refs/heads/evil of origin was pushed; undo it there by hand"),
        .init(
            id: "hook",
            script:
                "echo \"[ -n \\\"\\$PITWALL_AGENT\\\" ] || touch $MARKS/hook-ran\" > $COMMON/hooks/post-checkout; chmod +x $COMMON/hooks/post-checkout; cp $COMMON/hooks/post-checkout $COMMON/hooks/reference-transaction; work",
            status: "Merged"),
        .init(
            id: "config",
            script:
                "env -u GIT_CONFIG_COUNT git config core.fsmonitor \"[ -n \\\"\\$PITWALL_AGENT\\\" ] || touch $MARKS/monitor-ran; false\"; git config merge.evil.driver \"touch $MARKS/driver-ran\"; git config core.hooksPath /tmp; echo '* merge=evil' > $COMMON/info/attributes; work",
            status: "Merged"),
        .init(
            id: "neighbour",
            script: "work; git -C \"$(dirname \"$PWD\")/honest1\" checkout -q -B stray 2>/dev/null; true",
            status: "Merged"),
        .init(
            id: "daemon", script: "work; setsid sh -c 'while :; do sleep 7391; done' > /dev/null 2>&1 &",
            status: "Merged"),
        .init(
            id: "ghost", script: "work; env -i setsid sh -c '(sleep 7391 &) ; exec sleep 7391' > /dev/null 2>&1 &",
            status: "Merged"),
        .init(id: "leftover", script: "work; nohup sleep 7391 > /dev/null 2>&1 &", status: "Merged"),
        .init(
            id: "chatter", script: "work; yes 'fill the disk'",
            status: "Blocked: wrote more output than its log may hold"),
        .init(
            id: "absolute", script: "ln -s $MARKS/secret own/link; work",
            status: "Blocked: violation: own/link: it is a symbolic link that leads outside"),
        .init(
            id: "upwards", script: "ln -s ../../../../x own/ladder; work",
            status: "Blocked: violation: own/ladder: it is a symbolic link that leads outside"),
        .init(id: "gitfile", script: "work; rm .git", status: "Merged"),
        .init(id: "huge", script: "head -c 100000000 /dev/zero > own/huge.bin; work", status: "Merged"),
        .init(id: "newline", script: "mkdir new; printf x > \"$(printf 'new/a\\nline')\"; work", status: "Merged"),
        .init(
            id: "submodule",
            script: "work; git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),own/sub; git commit -qm sub",
            status: "Blocked: violation: own/sub: it is a submodule: its content is not in the branch"),
        .init(
            id: "case", script: "echo x > readme.md; work",
            status: "Blocked: violation: readme.md: its name differs from README.md only in letter case"),
        .init(
            id: "dotgit",
            script:
                "t=$(printf '100644 blob %s\\tconfig\\n' $(echo x | git hash-object -w --stdin) | git mktree); (git ls-tree HEAD; printf '040000 tree %s\\t.Git\\n' $t) | git mktree > t; c=$(git commit-tree -p HEAD -m x $(cat t)); rm t; git update-ref $PITWALL_BRANCH $c",
            status: "Blocked: its commits are damaged"),
        .init(
            id: "rename", script: "git mv theirs.txt own/taken.txt; work",
            status: "Blocked: violation: theirs.txt: renamed away and is owner's"),
        .init(
            id: "mode", script: "chmod +x README.md; work",
            status: "Blocked: violation: README.md: its mode was changed and it is not this agent's"),
        .init(
            id: "delete", script: "git rm -q README.md; work",
            status: "Blocked: violation: README.md: it was deleted and is not this agent's"),
        .init(
            id: "orphan", script: "work; c=$(git commit-tree -m orphan HEAD^{tree}); git update-ref $PITWALL_BRANCH $c",
            status: "Blocked: its branch no longer holds the commit it started from"),
        .init(
            id: "gone",
            script: "work; git checkout -q --detach; git -c core.hooksPath=/dev/null update-ref -d $PITWALL_BRANCH",
            status: "Blocked: its branch is gone"),
        .init(
            id: "attributes", script: "echo '* merge=union' > .gitattributes; work",
            status: "Blocked: violation: .gitattributes: it tells git how to treat files and is nobody's"),
        .init(
            id: "replace",
            script: "work; b=$(git rev-parse HEAD~1); c=$(git commit-tree -m fake HEAD^{tree}); git replace -f $b $c",
            status: "Merged"),
        .init(
            id: "damaged",
            script:
                "work; b=$(echo x | git hash-object -w --stdin); python3 -c \"import sys; e = b'100644 twice' + bytes(1) + bytes.fromhex('$b'); sys.stdout.buffer.write(e + e)\" > tree; t=$(git hash-object -w --literally -t tree tree); rm tree; git update-ref $PITWALL_BRANCH $(git commit-tree -p HEAD -m x $t)",
            status: "Blocked: "),
        .init(
            id: "empty", script: "git commit -q --allow-empty -m nothing", status: "Blocked: its commits change nothing"
        ),
        .init(id: "idle", script: "true", status: "Blocked: it made no commit"),
        .init(id: "fails", script: "work; exit 3", status: "Blocked: exited with status 3"),
        .init(id: "killer", script: "work; kill -9 $PPID", status: "Blocked: exited with status 137"),
        .init(
            id: "append", script: "echo new > notes.md; work",
            status: "Blocked: violation: notes.md: 1 lines of a file to append to were changed or removed"),
        .init(id: "tag", script: "work; git -c core.hooksPath=/dev/null tag -d pre-sprint-7", status: "Merged"),
        .init(
            id: "says", script: "work; git commit -q --allow-empty -m 'more' -m 'Blocked: waiting for the schema'",
            status: "Blocked: waiting for the schema"),
    ]

    @Test func nothingSlipsThroughAndTheHonestLand() async throws {
        let scratch = try await Scratch.withRepository(["notes.md": "# Notes\n", "theirs.txt": "a\nb\nc\nd\n"])
        try await scratch.addRemote()
        let honest = ["honest1", "honest2", "owner"]
        var agents = (honest + Self.attacks.map(\.id)).map {
            TestPlan.Agent(id: $0, owned: ["own/\($0)", "own/\($0).bin"])
        }
        agents[2].owned.append("theirs.txt")
        for index in agents.indices where agents[index].id == "newline" { agents[index].owned.append("new/*") }
        for index in agents.indices where ["absolute", "upwards", "submodule"].contains(agents[index].id) {
            agents[index].owned += ["own/sub", "own/link", "own/ladder"]
        }
        let file = try scratch.place("plan.md", TestPlan(agents: agents).text)
        var script = """
            MARKS=\(scratch.marks); COMMON=\(scratch.repository)/.git
            mkdir -p own
            work() { echo "$PITWALL_AGENT" > "own/$PITWALL_AGENT"; git add -A; git commit -qm "work of $PITWALL_AGENT"; }
            case $PITWALL_AGENT in

            """
        for attack in Self.attacks { script += "\(attack.id)) \(attack.script) ;;\n" }
        script += "*) work ;;\nesac\n"
        let agent = try scratch.place("agent.sh", script)
        let settings = RepositorySnapshot.settings(in: scratch.repository.appending(".git"))
        let main = try await scratch.git(["rev-parse", "main"])
        let run = try await scratch.pitwall(["run", file, "--agent", "sh \(agent)", "--jobs", "4"])
        #expect(run.status == 1, "\(run.errors)")
        let rows = run.text.split(separator: "\n").filter { $0.hasPrefix("| ") }
        for (id, status) in honest.map({ ($0, "Merged") }) + Self.attacks.map({ ($0.id, $0.status) }) {
            let row = rows.first { $0.split(separator: " ").dropFirst().first.map(String.init) == id }
            #expect(row?.contains("| \(status)") == true, "\(id): \(row ?? "no row")")
        }
        // Nothing an agent planted was run, and nothing it changed stays.
        for mark in ["hook-ran", "monitor-ran", "driver-ran", "pushed"] {
            #expect(!FileManager.default.fileExists(atPath: scratch.marks.appending(mark).string), "\(mark)")
        }
        #expect(RepositorySnapshot.settings(in: scratch.repository.appending(".git")) == settings)
        #expect(try await scratch.git(["rev-parse", "pre-sprint-7"]) == main)
        #expect(try await scratch.git(["rev-parse", "main"], in: scratch.remote) == main)
        #expect(try await scratch.git(["rev-parse", "main~\(rows.count { $0.contains("| Merged") })"]) == main)
        let processes = try await Shell.run("ps", ["-eo", "args"], in: scratch.root).text
        #expect(!processes.contains("sleep 7391"))
        let files = Set(
            try await scratch.git(["ls-tree", "-r", "-z", "--name-only", "main"]).split(separator: "\0").map(
                String.init))
        #expect(
            files.isSuperset(of: [
                "own/honest1", "own/honest2", "own/owner", "new/a\nline", "own/huge.bin", "theirs.txt",
            ]))
        #expect(
            files.isDisjoint(with: [
                "own/link", "own/ladder", "own/sub", "readme.md", ".Git/config", ".gitattributes",
            ]))
        #expect(try await scratch.content("notes.md") == "# Notes\n")
        #expect(try await scratch.git(["status", "--porcelain", "--untracked-files=no"]) == "")
    }

    @Test func anAgentBeyondItsTimeIsEndedWithAllItsChildren() async throws {
        let scratch = try await Scratch.withRepository()
        let file = try scratch.place(
            "plan.md", TestPlan(agents: [.init(id: "1", owned: ["a"]), .init(id: "2", owned: ["b"])]).text)
        let agent = "trap '' TERM; (trap '' TERM; setsid sleep 7392) & sleep 7392; sleep 7392"
        let run = try await scratch.pitwall(["run", file, "--agent", agent, "--timeout", "1s"])
        #expect(run.status == 1)
        #expect(run.text.contains("Blocked: ran into its time limit"), "\(run.text)\(run.errors)")
        #expect(!(try await Shell.run("ps", ["-eo", "args"], in: scratch.root).text.contains("sleep 7392")))
    }
}
