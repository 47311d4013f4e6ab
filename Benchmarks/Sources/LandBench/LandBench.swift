import Foundation
import SprintRunner
import Subprocess
import SystemPackage

/// What a sprint costs beside its agents, in one run on one machine: the merge train against plain `git merge` in a
/// checkout, and a whole run against its slowest agent.
///
/// Usage: `LandBench [trains|overhead]`; both without an argument. Prints Markdown tables.
@main
struct LandBench {
    static func main() async throws {
        let part = CommandLine.arguments.dropFirst().first
        if part != "overhead" {
            show("| Files | Branches | Append to one file | Train in memory | git merge in a checkout | Ratio |")
            show("|--:|--:|---|--:|--:|--:|")
            for files in [200, 20_000] {
                for branches in [4, 16, 64] { try await race(files: files, branches: branches, appends: false) }
            }
            try await race(files: 20_000, branches: 16, appends: true)
            show()
        }
        if part != "trains" {
            show("| Files | Agents | Slowest agent | Whole run | Overhead |")
            show("|--:|--:|--:|--:|--:|")
            try await overhead(agents: 4, files: 200, seconds: 30)
            try await overhead(agents: 16, files: 200, seconds: 30)
            try await overhead(agents: 4, files: 2000, seconds: 30)
        }
    }

    /// Both ways three times, in turns, and once for the longest trains; the medians are told.
    ///
    /// - Parameter appends: whether all branches append to one file too. git calls that a conflict, so its side
    ///   takes `merge=union`, which doubles and loses lines and is no more than a measure of time.
    private static func race(files: Int, branches: Int, appends: Bool) async throws {
        let bench = try await Bench(files: files, branches: branches, appends: appends)
        defer { bench.remove() }
        var trains: [Double] = []
        var merges: [Double] = []
        let rounds = branches > 16 ? 1 : 3
        for _ in 0..<rounds {
            trains.append(
                try await seconds {
                    let train = try await MergeTrain.build(
                        of: bench.names, onto: "main", in: bench.path, append: appends ? ["log.md"] : [])
                    guard train.merged.count == branches else { throw BenchFailure(text: "\(train.conflicts)") }
                })
            merges.append(
                try await seconds {
                    for name in bench.names {
                        try await bench.git(["merge", "-q", "--no-ff", "-m", "Merge \(name)", name])
                    }
                })
            try await bench.git(["reset", "-q", "--hard", "start"])
        }
        let (train, merge) = (trains.sorted()[rounds / 2], merges.sorted()[rounds / 2])
        show(
            String(
                format: "| %d | %d | %@ | %.3f s | %.3f s | %.1f |", files, branches, appends ? "yes" : "no", train,
                merge, merge / train))
    }

    /// A whole run, with tests, against the time that its slowest agent took.
    private static func overhead(agents: Int, files: Int, seconds work: Int) async throws {
        let bench = try await Bench(files: files, branches: 0)
        defer { bench.remove() }
        var plan = "# Sprint 1 — Bench\n\n"
        for agent in 1...agents {
            plan += "### Agent 1-\(agent): Part\n\n**File Ownership:**\nOwn: out-\(agent).txt (NEW)\n\n"
        }
        var options = SprintRunOptions(
            agent: AgentCommand("sleep \(work); echo x > out-${PITWALL_AGENT#1-}.txt; git add -A; git commit -qm work"))
        options.test = "test -e out-1.txt"
        var slowest = 0.0
        let total = try await seconds {
            let run = try await SprintRun.begin(
                text: Data(plan.utf8), file: "bench.md", in: bench.path, options: options)
            let report = try await run.run()
            guard report.isComplete else { throw BenchFailure(text: report.table) }
            slowest = report.rows.map(\.seconds).max() ?? 0
        }
        show(
            String(
                format: "| %d | %d | %.2f s | %.2f s | %.1f %% |", files, agents, slowest, total,
                (total / slowest - 1) * 100))
    }

    /// Prints a line at once, so that a run that is cut short has told what it found.
    private static func show(_ line: String = "") {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    private static func seconds(_ work: () async throws -> Void) async rethrows -> Double {
        let duration = try await ContinuousClock().measure(work)
        return Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}

struct BenchFailure: Error {
    var text: String
}

/// A repository with many files and branches that each change one of them and add another.
private struct Bench {
    let path: FilePath
    let names: [String]

    init(files: Int, branches: Int, appends: Bool = false) async throws {
        path = FilePath(FileManager.default.temporaryDirectory.path).appending("land-bench-\(UUID().uuidString)")
        names = (0..<branches).map { "b\($0)" }
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
        try await git(["init", "-q", "-b", "main"])
        try await git(["config", "user.name", "Bench"])
        try await git(["config", "user.email", "bench@example.org"])
        var stream = "commit refs/heads/main\ncommitter B <b@example.org> 0 +0000\ndata 4\nbase\n"
        stream += "M 100644 inline log.md\ndata 6\n# Log\n\n"
        for file in 0..<files { stream += Self.file(file, "line of \(file)\n") }
        for branch in 0..<branches {
            stream +=
                "commit refs/heads/b\(branch)\ncommitter B <b@example.org> 1 +0000\ndata 4\nwork\nfrom refs/heads/main\n"
            stream += Self.file(branch, "line of \(branch)\nmore of \(branch)\n")
            stream += Self.file(files + branch, "new of \(branch)\n")
            if appends {
                let log = "# Log\n- entry of \(branch)\n"
                stream += "M 100644 inline log.md\ndata \(log.utf8.count)\n\(log)\n"
            }
        }
        try await git(["fast-import", "--quiet"], input: stream)
        try await git(["reset", "-q", "--hard", "main"])
        try await git(["tag", "start"])
        try Data("log.md merge=union\n".utf8).write(
            to: URL(fileURLWithPath: path.appending(".git/info/attributes").string))
    }

    private static func file(_ index: Int, _ text: String) -> String {
        "M 100644 inline dir\(index % 100)/file\(index).txt\ndata \(text.utf8.count)\n\(text)\n"
    }

    func git(_ arguments: [String], input: String = "") async throws {
        let result = try await Subprocess.run(
            .name("git"), arguments: Arguments(arguments), workingDirectory: path, input: .string(input),
            output: .discarded, error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw BenchFailure(text: "\(arguments): \(result.standardError)")
        }
    }

    func remove() {
        _ = try? FileManager.default.removeItem(atPath: path.string)
        _ = try? FileManager.default.removeItem(atPath: path.string + "-sprint-1")
    }
}
