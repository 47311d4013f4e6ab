import Foundation

/// A real nghttpd on loopback that tells each frame.
final class Nghttpd {
    static let bigSize = 3_000_000

    let port: Int
    var certificate: String { folder.appending(path: "certificate.pem").path }
    private let folder: URL
    private let process = Process()
    private var log: URL { folder.appending(path: "log") }

    /// Starts nghttpd and returns once it listens.
    init(isSecure: Bool) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "pitwall-nghttpd-\(UUID().uuidString)")
        let root = folder.appending(path: "root")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        try Data("small".utf8).write(to: root.appending(path: "small"))
        try Data(repeating: 120, count: Self.bigSize).write(to: root.appending(path: "big"))
        port = try Nginx.freePort()
        var arguments = ["nghttpd", "-v", "-a", "127.0.0.1", "-d", root.path, "\(port)"]
        if isSecure {
            try TestCertificate.make(in: folder)
            arguments += [folder.appending(path: "key.pem").path, certificate]
        } else {
            arguments.insert("--no-tls", at: 1)
        }
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        process.executableURL = URL(filePath: "/usr/bin/env")
        // Line by line, so that it is seen when it listens.
        process.arguments = ["stdbuf", "-oL"] + arguments
        process.standardOutput = try FileHandle(forWritingTo: log)
        process.standardError = FileHandle.nullDevice
        try process.run()
        while try !text().contains("listen 127.0.0.1:\(port)") {
            guard process.isRunning else { throw NginxError(log: "nghttpd: \(try text())") }
            sched_yield()
        }
    }

    /// Ends it and tells the requests that it received, by method and path.
    func stop() throws -> [String: Int] {
        // It inherits the test process's signals, among which a polite one may be ignored; each line is written already.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        defer { try? FileManager.default.removeItem(at: folder) }
        var counts: [String: Int] = [:]
        var method: Substring = ""
        // Two lines a request: "[id=1] [  0.402] recv (stream_id=13) :method: GET", then the same with ":path: /".
        for line in try text().split(separator: "\n") where line.contains("] recv (stream_id=") {
            guard let value = line.split(separator: " ").last else { continue }
            if line.contains(" :method: ") { method = value }
            if line.contains(" :path: ") { counts["\(method) \(value)", default: 0] += 1 }
        }
        return counts
    }

    private func text() throws -> String {
        String(decoding: try Data(contentsOf: log), as: UTF8.self)
    }
}
