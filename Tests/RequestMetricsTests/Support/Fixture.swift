import Foundation

/// The executable `MetricsFixture`, beside the tests in the build folder.
struct Fixture {
    let process = Process()
    private let output = Pipe()

    static var executable: String {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/MetricsFixture"
    }

    init(_ arguments: [String], executable: String = Self.executable) throws {
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// Lines as they are said, until the process ends.
    var lines: AsyncStream<String> {
        AsyncStream { continuation in
            let handle = output.fileHandleForReading
            Thread.detachNewThread {
                var rest = Data()
                while case let data = handle.availableData, !data.isEmpty {
                    rest += data
                    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                        continuation.yield(String(decoding: rest[..<end], as: UTF8.self))
                        rest = Data(rest[rest.index(after: end)...])
                    }
                }
                continuation.finish()
            }
        }
    }

    /// Waits for the end.
    func finish() async -> (status: Int32, lines: [String]) {
        let all = await lines.reduce(into: [String]()) { $0.append($1) }
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                process.waitUntilExit()
                continuation.resume(returning: (process.terminationStatus, all))
            }
        }
    }
}
