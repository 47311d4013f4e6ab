import Foundation
import Synchronization

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
        let err: PipeReader

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
        let readers = (out: PipeReader(out), err: PipeReader(err))
        try await meanwhile(Running(process: process.processIdentifier, err: readers.err))
        let (outText, errText) = await (readers.out.text(), readers.err.text())
        // Both pipes have ended, so the process has, or is about to.
        process.waitUntilExit()
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : nil, out: outText, err: errText)
    }
}

/// Reads a pipe to its end on a thread of its own, and tells when something was said.
final class PipeReader: Sendable {
    private struct State {
        var data = Data()
        var hasEnded = false
        var waiters: [(isDone: @Sendable (String, Bool) -> Bool, continuation: CheckedContinuation<String, Never>)] = []
    }

    private let state = Mutex(State())

    init(_ pipe: Pipe) {
        let handle = pipe.fileHandleForReading
        Thread.detachNewThread {
            while case let news = handle.availableData, !news.isEmpty { self.update { $0.data += news } }
            self.update { $0.hasEnded = true }
        }
    }

    /// Everything that was said, once the pipe has ended.
    func text() async -> String {
        await wait { _, hasEnded in hasEnded }
    }

    /// Returns once a text was said, or the pipe has ended without it.
    func says(_ wanted: String) async {
        _ = await wait { text, hasEnded in hasEnded || text.contains(wanted) }
    }

    private func wait(_ isDone: @escaping @Sendable (String, Bool) -> Bool) async -> String {
        await withCheckedContinuation { continuation in
            update { $0.waiters.append((isDone, continuation)) }
        }
    }

    private func update(_ change: (inout State) -> Void) {
        let (text, due) = state.withLock { state in
            change(&state)
            let text = String(decoding: state.data, as: UTF8.self)
            let due = state.waiters.filter { $0.isDone(text, state.hasEnded) }
            let hasEnded = state.hasEnded
            state.waiters.removeAll { $0.isDone(text, hasEnded) }
            return (text, due)
        }
        for waiter in due { waiter.continuation.resume(returning: text) }
    }
}
