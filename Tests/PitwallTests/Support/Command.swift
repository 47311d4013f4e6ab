import Foundation
import Subprocess
import SystemPackage
import Testing

/// The `pitwall` command as a user runs it: a process of its own.
enum Command {
    /// What a finished command left.
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Built beside the tests.
    private static var path: String {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("pitwall")
            .path
    }
    private static var executable: Executable { .path(.init(path)) }

    /// Runs it to its end.
    ///
    /// - Parameter isBoundByModes: Whether file modes bind it, as they bind everybody but root: then root runs it without
    ///   root's capabilities.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], in folder: URL, isBoundByModes: Bool = false
    ) async throws -> Result {
        let (program, arguments): (Executable, [String]) =
            isBoundByModes && getuid() == 0
            ? (.name("setpriv"), ["--bounding-set=-all", "--inh-caps=-all", path] + arguments) : (executable, arguments)
        let result = try await Subprocess.run(
            program, arguments: Arguments(arguments), environment: .clean(with: environment),
            workingDirectory: .init(folder.path), output: .string(limit: 4_000_000), error: .string(limit: 4_000_000))
        return Result(
            status: result.terminationStatus.code, output: result.standardOutput ?? "",
            errors: result.standardError ?? "")
    }

    /// Does with a database file what another program might.
    static func sqlite(_ file: String, _ statements: String) async throws {
        let result = try await Subprocess.run(
            .name("sqlite3"), arguments: [file, statements], output: .discarded, error: .string(limit: 10_000))
        try #require(result.terminationStatus.code == 0, "\(result.standardError ?? "")")
    }

    /// Sends bytes to a port of this machine, and gives what comes until the other side closes.
    static func exchange(port: String, _ bytes: String) async throws -> String {
        let script = "exec 3<>/dev/tcp/127.0.0.1/$0 && printf '%s' \"$1\" >&3 && cat <&3"
        let result = try await Subprocess.run(
            .name("bash"), arguments: ["-c", script, port, bytes], output: .string(limit: 4_000_000),
            error: .string(limit: 10_000))
        try #require(result.terminationStatus.code == 0, "\(result.standardError ?? "")")
        return result.standardOutput ?? ""
    }

    /// Runs `pitwall serve` on a free port, hands its announcement to `body`, and ends it with `signal`.
    static func serve(
        _ arguments: [String] = [], environment: [String: String] = [:], in folder: URL,
        endingWith signal: Signal = .terminate,
        _ body: @Sendable (Announcement) async throws -> Void
    ) async throws -> Result {
        let result = try await Subprocess.run(
            executable, arguments: Arguments(["serve", "--port", "0"] + arguments),
            environment: .clean(with: environment), workingDirectory: .init(folder.path), input: .none,
            output: .sequence, error: .string(limit: 4_000_000)
        ) { execution in
            var lines: [String] = []
            for try await line in execution.standardOutput.strings() {
                lines.append(line.trimmingCharacters(in: .newlines))
                if lines.count == 3 { break }
            }
            let outcome: Swift.Result<Void, any Error>
            do {
                outcome = .success(try await body(Announcement(lines: lines)))
            } catch {
                outcome = .failure(error)
            }
            try execution.send(signal: signal)
            try outcome.get()
            return lines.joined(separator: "\n")
        }
        return Result(
            status: result.terminationStatus.code, output: result.closureResult, errors: result.standardError ?? "")
    }
}

/// The three lines that `pitwall serve` prints.
struct Announcement: Sendable {
    let lines: [String]

    /// "http://127.0.0.1:54321", without the last slash.
    var url: String { String(address(of: "Service:").dropLast()) }
    var dashboard: String { address(of: "Dashboard:") }

    private func address(of label: String) -> String {
        lines.first { $0.hasPrefix(label) }?.dropFirst(label.count).trimmingCharacters(in: .whitespaces) ?? ""
    }
}

extension Environment {
    /// Only what a process needs and what the test says, so that the developer's own settings change nothing.
    static func clean(with variables: [String: String]) -> Environment {
        let inherited = ProcessInfo.processInfo.environment.filter { ["PATH", "HOME", "TMPDIR"].contains($0.key) }
        let all = inherited.merging(variables) { $1 }
        return .custom(Dictionary(uniqueKeysWithValues: all.map { (Environment.Key(stringLiteral: $0.key), $0.value) }))
    }
}

extension TerminationStatus {
    /// The exit status, or minus the signal.
    var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): -signal
        }
    }
}
