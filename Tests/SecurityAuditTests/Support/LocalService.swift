import Foundation
import Testing

/// A Python program that serves on loopback and prints its port first.
final class LocalService {
    let port: Int
    private let process = Process()

    init(program: String, _ arguments: String...) throws {
        process.executableURL = Tree.repository.appendingPathComponent(".pitwall/audit-tools/bin/python")
        process.arguments = ["-u", Tree.fixtures.appendingPathComponent(program).path] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while !line.contains(UInt8(ascii: "\n")), let byte = try output.fileHandleForReading.read(upToCount: 1) {
            line += byte
        }
        let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        port = try #require(Int(text), "the service did not start")
    }

    func stop() {
        // Not SIGTERM: a child of a Dispatch thread may have it blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    deinit { if process.isRunning { stop() } }
}
