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
        /// The other side of its terminal, where it has one.
        fileprivate let terminal: FileHandle?

        func send(_ signal: Int32) {
            kill(process, signal)
        }

        func closeTerminal() {
            try? terminal?.close()
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
    ///   - onTerminal: Its stderr is a terminal; what is shown there is not read.
    ///   - throughPipeToNobody: Its stderr is a pipe whose reader is gone.
    ///   - meanwhile: Called when the process runs.
    func run(
        _ arguments: [String], environment: [String: String] = [:], after shell: String? = nil,
        onTerminal: Bool = false, throughPipeToNobody: Bool = false,
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
        var terminal: (outside: FileHandle, inside: FileHandle)?
        if onTerminal {
            terminal = try Self.openTerminal()
            process.standardError = terminal?.inside
        } else if throughPipeToNobody {
            try err.fileHandleForReading.close()
        }
        try process.run()
        try terminal?.inside.close()
        // Nobody else writes there.
        if onTerminal { try err.fileHandleForWriting.close() }
        async let outText = Self.text(of: out)
        async let errText = throughPipeToNobody ? "" : Self.text(of: err)
        try await meanwhile(Running(process: process.processIdentifier, terminal: terminal?.outside))
        let texts = await (out: outText, err: errText)
        // Both pipes have ended, so the process has, or is about to.
        process.waitUntilExit()
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : nil, out: texts.out, err: texts.err
        )
    }

    private static func openTerminal() throws -> (outside: FileHandle, inside: FileHandle) {
        var (outside, inside) = (Int32(-1), Int32(-1))
        guard openpty(&outside, &inside, nil, nil, nil) == 0 else { throw POSIXError(.EMFILE) }
        // The child must not hold the outside open.
        _ = fcntl(outside, F_SETFD, FD_CLOEXEC)
        return (
            FileHandle(fileDescriptor: outside, closeOnDealloc: true),
            FileHandle(fileDescriptor: inside, closeOnDealloc: true)
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
