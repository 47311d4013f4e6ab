import Foundation
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// One way of calling git: where, and with which settings.
///
/// Every call ignores hooks, file-system monitors, replace refs, external diff programs and every `GIT_*` variable
/// of the caller: what the agents may have written into the repository's configuration is never executed.
struct Git: Sendable {
    /// The directory that commands run in.
    var directory: FilePath
    /// Variables on top of the cleaned environment.
    var variables: [String: String] = [:]
    /// Whether the user's own hooks run: only for fetch and push, after the configuration was checked.
    var allowsHooks = false

    /// The program, looked up once: to try every directory of `PATH` anew costs each call a process for each of them.
    static let program: Executable = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let places = path.split(separator: ":").map { FilePath(String($0)).appending("git") }
        let found = places.first { FileManager.default.isExecutableFile(atPath: $0.string) }
        return found.map { .path($0) } ?? .name("git")
    }()

    struct Output: Sendable {
        var status: Int32
        var bytes: [UInt8]
        var errors: String

        var text: String { String(decoding: bytes, as: UTF8.self) }
        /// The output without the newline at its end.
        var line: String { text.trimmingTrailingNewlines }
        /// The NUL-terminated fields of a `-z` output.
        var fields: [ArraySlice<UInt8>] {
            var fields = bytes.split(separator: 0, omittingEmptySubsequences: false)
            if fields.last?.isEmpty == true { fields.removeLast() }
            return fields
        }
    }

    /// Runs git and returns its output whatever the exit status.
    func attempt(_ arguments: [String], input: [UInt8] = []) async throws -> Output {
        try await attempt(arguments.map { Array($0.utf8) }, input: input)
    }

    /// Runs git with arguments that may be paths of any bytes.
    func attempt(_ arguments: [[UInt8]], input: [UInt8] = []) async throws -> Output {
        let name = arguments.prefix(3).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        do {
            let result = try await Subprocess.run(
                Self.program,
                arguments: self.arguments(arguments),
                environment: environment,
                workingDirectory: directory,
                input: .array(input),
                output: .bytes(limit: .max),
                error: .bytes(limit: .max)
            )
            let status: Int32 =
                switch result.terminationStatus {
                case .exited(let code): code
                case .signaled(let signal): -signal
                }
            return Output(
                status: status,
                bytes: result.standardOutput,
                errors: String(decoding: result.standardError, as: UTF8.self)
            )
        } catch let error as SubprocessError {
            throw GitError(command: name, status: nil, message: "\(error)")
        }
    }

    /// Runs git and throws ``GitError`` unless it exits with 0.
    @discardableResult
    func run(_ arguments: [String], input: [UInt8] = []) async throws -> Output {
        let output = try await attempt(arguments, input: input)
        guard output.status == 0 else {
            throw GitError(command: arguments.joined(separator: " "), status: output.status, message: output.errors)
        }
        return output
    }

    /// Runs git with the words given, as in a shell.
    @discardableResult
    func callAsFunction(_ arguments: String...) async throws -> Output {
        try await run(arguments)
    }

    /// Runs git and reads the single object name that it prints.
    func objectID(_ arguments: [String], input: [UInt8] = []) async throws -> ObjectID {
        let output = try await run(arguments, input: input)
        guard let id = ObjectID(output.line) else {
            throw GitError(
                command: arguments.joined(separator: " "),
                status: 0,
                message: "printed no object name: \(output.line)"
            )
        }
        return id
    }

    /// Whether `ancestor` is `commit` or one of its ancestors.
    func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) async throws -> Bool {
        let output = try await attempt(["merge-base", "--is-ancestor", ancestor.hex, commit.hex])
        guard output.status <= 1, output.status >= 0 else {
            throw GitError(command: "merge-base --is-ancestor", status: output.status, message: output.errors)
        }
        return output.status == 0
    }

    /// A command with the safety settings in front of it.
    func arguments(_ command: [[UInt8]]) -> Arguments {
        // Arguments of bytes are handed on as C strings, so each needs its end.
        Arguments((settings.map { Array($0.utf8) } + command).map { $0 + [0] })
    }

    private var settings: [String] {
        var settings = [
            "core.fsmonitor=false", "core.quotePath=false", "core.attributesFile=/dev/null",
            "gc.auto=0", "maintenance.auto=false", "diff.external=", "protocol.ext.allow=never",
            "merge.directoryRenames=false", "submodule.recurse=false", "core.alternateRefsCommand=",
            "advice.detachedHead=false",
        ]
        if !allowsHooks { settings.append("core.hooksPath=/dev/null") }
        return settings.flatMap { ["-c", $0] }
    }

    /// This process's environment, cleaned, with ``variables``.
    var environment: Environment {
        let fixed = [
            "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1",
        ]
        return .withoutRepository(adding: fixed.merging(variables) { $1 })
    }
}

extension Environment {
    /// This process's environment without what points git at a repository or at settings of the moment; who the user
    /// is and how to reach a remote is kept.
    static func withoutRepository(adding variables: [String: String]) -> Environment {
        let kept = [
            "GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_SSH", "GIT_ASKPASS", "GIT_SSL_", "GIT_HTTP_", "GIT_EXEC_PATH",
            "GIT_EDITOR", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM",
        ]
        var changes: [Environment.Key: String?] = [:]
        for name in ProcessInfo.processInfo.environment.keys where name.hasPrefix("GIT_") {
            guard !kept.contains(where: name.hasPrefix) else { continue }
            if let key = Environment.Key(rawValue: name) { changes.updateValue(nil, forKey: key) }
        }
        for (name, value) in variables {
            if let key = Environment.Key(rawValue: name) { changes.updateValue(value, forKey: key) }
        }
        return .inherit.updating(changes)
    }
}
