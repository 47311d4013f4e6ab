import Foundation
import Subprocess
import SystemPackage
import Testing

@testable import SprintRunner

/// A directory of a test's own, with a real repository in it, removed when the test is over.
final class Scratch: Sendable {
    let root: FilePath
    var repository: FilePath { root.appending("shop") }
    var remote: FilePath { root.appending("shop.git") }
    /// Where agents of the test leave marks that no run sees.
    var marks: FilePath { root.appending("marks") }

    init() throws {
        root = FilePath(FileManager.default.temporaryDirectory.path).appending("pitwall-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            atPath: root.appending("marks").string, withIntermediateDirectories: true)
    }

    deinit {
        _ = try? FileManager.default.removeItem(atPath: root.string)
    }

    /// A repository with the files given and one commit on `main`.
    static func withRepository(_ files: [String: String] = [:], arguments: [String] = []) async throws -> Scratch {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch.repository.string, withIntermediateDirectories: true)
        try await scratch.git(["init", "-q", "-b", "main"] + arguments)
        try await scratch.git(["config", "user.name", "Lead"])
        try await scratch.git(["config", "user.email", "lead@example.org"])
        try scratch.write(files.merging(["README.md": "# Shop\n"]) { mine, _ in mine })
        try await scratch.git(["add", "-A"])
        try await scratch.git(["commit", "-q", "-m", "Start"])
        return scratch
    }

    func write(_ files: [String: String]) throws {
        for (name, content) in files {
            let path = repository.appending(name)
            try FileManager.default.createDirectory(
                atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
            try Data(content.utf8).write(to: URL(fileURLWithPath: path.string))
        }
    }

    /// Adds a bare remote called `origin` that has what the repository has.
    func addRemote() async throws {
        try await git(["init", "-q", "--bare", "-b", "main", remote.string])
        try await git(["remote", "add", "origin", remote.string])
        try await git(["push", "-q", "origin", "main"])
    }

    @discardableResult
    func git(_ arguments: [String], in directory: FilePath? = nil) async throws -> String {
        let output = try await Shell.run("git", arguments, in: directory ?? repository)
        guard output.status == 0 else {
            throw Failure(text: "git \(arguments.joined(separator: " ")): \(output.errors)")
        }
        return output.text.trimmingTrailingNewlines
    }

    func content(_ path: String, at revision: String = "main", in directory: FilePath? = nil) async throws -> String {
        try await Shell.run("git", ["cat-file", "blob", "\(revision):\(path)"], in: directory ?? repository).text
    }

    func files(at revision: String = "main") async throws -> [String] {
        try await git(["ls-tree", "-r", "--name-only", revision]).split(separator: "\n").map(String.init)
    }

    /// How often a mark was left.
    func marks(_ name: String) -> Int {
        FileManager.default.contents(atPath: marks.appending(name).string)?.count { $0 == UInt8(ascii: "\n") } ?? 0
    }

    /// Writes a file outside the repository and returns its path.
    func place(_ name: String, _ content: String) throws -> String {
        let path = root.appending(name).string
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Runs the command-line tool as a user would.
    ///
    /// - Parameter lines: gets each line of standard error as it comes, so that a test can wait for what it tells.
    func pitwall(
        _ arguments: [String], in directory: FilePath? = nil, variables: [String: String] = [:],
        lines: AsyncStream<String>.Continuation? = nil
    ) async throws -> Shell.Output {
        try await Shell.run(
            Self.tool, ["sprint"] + arguments, in: directory ?? repository, variables: variables, lines: lines)
    }

    /// A gate of this name; see ``Gate``.
    func gate(_ name: String) throws -> Gate {
        try Gate(at: root.appending("gate-\(name)"))
    }

    /// The command-line tool, built beside the tests.
    static let tool: String = {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("pitwall").path
    }()
}

struct Failure: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
}

/// Commands with their whole output.
enum Shell {
    struct Output: Sendable {
        var status: Int32
        var text: String
        var errors: String
    }

    static func run(
        _ tool: String, _ arguments: [String], in directory: FilePath, variables: [String: String] = [:],
        lines: AsyncStream<String>.Continuation? = nil
    ) async throws -> Output {
        defer { lines?.finish() }
        var changes: [Environment.Key: String?] = [:]
        let fixed = [
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@b.c",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@b.c",
        ]
        for (name, value) in fixed.merging(variables, uniquingKeysWith: { $1 }) {
            if let key = Environment.Key(rawValue: name) { changes.updateValue(value, forKey: key) }
        }
        let result = try await Subprocess.run(
            tool.contains("/") ? .path(FilePath(tool)) : .name(tool), arguments: Arguments(arguments),
            environment: .inherit.updating(changes), workingDirectory: directory, input: .none,
            output: .bytes(limit: .max), error: .sequence
        ) { execution in
            var errors = ""
            for try await line in execution.standardError.strings(bufferingPolicy: .unbounded) {
                lines?.yield(line)
                errors += line + "\n"
            }
            return errors
        }
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): -signal
            }
        return Output(
            status: status, text: String(decoding: result.standardOutput, as: UTF8.self),
            errors: result.closureResult)
    }
}
