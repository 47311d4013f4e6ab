import Foundation
import Subprocess

/// A git process that stays and answers one request after another: a request costs a write and a read, not a process.
///
/// Belongs to one task; whoever starts it has to ``end()`` it.
final class GitHelper {
    private let command: String
    private let input: StandardInputWriter
    private var output: SubprocessOutputSequence.Iterator
    /// What was read and not asked for yet.
    private var unread: [UInt8] = []
    private var position = 0
    private let leave: AsyncStream<Never>.Continuation
    /// Ends with what the process wrote to standard error.
    private let process: Task<String, any Error>

    /// Starts git with a command that reads its requests from standard input.
    init(_ git: Git, _ arguments: [String]) async throws {
        typealias Ends = (input: StandardInputWriter, output: SubprocessOutputSequence)
        let (ends, handOver) = AsyncThrowingStream<Ends, any Error>.makeStream()
        let (stay, leave) = AsyncStream<Never>.makeStream()
        command = arguments.joined(separator: " ")
        self.leave = leave
        process = Task {
            do {
                let result = try await Subprocess.run(
                    Git.program, arguments: git.arguments(arguments.map { Array($0.utf8) }),
                    environment: git.environment, workingDirectory: git.directory, input: .inputWriter,
                    output: .sequence, error: .bytes(limit: .max)
                ) { execution in
                    // The ends are valid until this returns.
                    handOver.yield((execution.standardInputWriter, execution.standardOutput))
                    for await _ in stay {}
                }
                return String(decoding: result.standardError, as: UTF8.self)
            } catch {
                handOver.finish(throwing: error)
                throw error
            }
        }
        var handed = ends.makeAsyncIterator()
        guard let first = try await handed.next() else { throw CancellationError() }
        input = first.input
        output = first.output.makeAsyncIterator()
    }

    /// Sends a request, or part of one.
    func send(_ bytes: [UInt8]) async throws {
        do { _ = try await input.write(bytes) } catch { throw await failure() }
    }

    /// The answer's next bytes up to a byte, which is taken too and left out.
    func read(until end: UInt8) async throws -> ArraySlice<UInt8> {
        var searched = position
        while true {
            if let found = unread[searched...].firstIndex(of: end) {
                defer { position = found + 1 }
                return unread[position..<found]
            }
            let pending = unread.count - position
            try await readMore()
            searched = position + pending
        }
    }

    /// The answer's next bytes, so many.
    func read(count: Int) async throws -> ArraySlice<UInt8> {
        while unread.count - position < count { try await readMore() }
        defer { position += count }
        return unread[position..<(position + count)]
    }

    /// The answer's next byte, which is not taken.
    func peek() async throws -> UInt8 {
        while position == unread.count { try await readMore() }
        return unread[position]
    }

    /// Closes the helper's input and waits for its end.
    func end() async {
        leave.finish()
        _ = try? await process.value
    }

    private func readMore() async throws {
        unread.removeSubrange(..<position)
        position = 0
        guard let buffer = try await output.next() else { throw await failure() }
        buffer.withUnsafeBytes { unread.append(contentsOf: $0) }
    }

    /// Why the process has ended before it was told to.
    private func failure() async -> GitError {
        leave.finish()
        let message = (try? await process.value) ?? "it did not start"
        return GitError(command: command, status: nil, message: message)
    }
}
