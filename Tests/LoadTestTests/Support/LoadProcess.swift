import Foundation

/// `pitwall load` as a process in a folder of its own.
struct LoadProcess: Sendable {
    struct Outcome: Sendable {
        /// The exit status; `nil` when a signal ended the process.
        let status: Int32?
        let out: String
        let err: String
    }

    /// The command while it runs.
    struct Running: Sendable {
        let process: pid_t

        func send(_ signal: Int32) {
            kill(process, signal)
        }
    }

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "pitwall-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Runs the command to its end.
    ///
    /// - Parameters:
    ///   - arguments: What follows `pitwall load`.
    ///   - environment: Variables besides those of the test.
    ///   - shell: Commands that a shell carries out first, such as `ulimit -n 64`.
    ///   - meanwhile: Called when the process runs.
    func run(
        _ arguments: [String], environment: [String: String] = [:], after shell: String? = nil,
        meanwhile: @Sendable (Running) async throws -> Void = { _ in }
    ) async throws -> Outcome {
        let process = Process()
        let command = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "pitwall")
        if let shell {
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", "\(shell) && exec \"$0\" \"$@\"", command.path, "load"] + arguments
        } else {
            process.executableURL = command
            process.arguments = ["load"] + arguments
        }
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.environment = ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": folder.path]) { $1 }
            .merging(environment) { $1 }
        let (out, err) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = err
        try process.run()
        async let outText = Self.text(of: out)
        async let errText = Self.text(of: err)
        try await meanwhile(Running(process: process.processIdentifier))
        let texts = await (out: outText, err: errText)
        // Both pipes have ended, so the process has, or is about to.
        process.waitUntilExit()
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : nil, out: texts.out, err: texts.err
        )
    }

    private static func text(of pipe: Pipe) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let data = pipe.fileHandleForReading.readDataToEndOfFile()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }
}
