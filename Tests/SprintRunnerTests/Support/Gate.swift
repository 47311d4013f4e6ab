import Foundation
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A named pipe at which a script and a test wait for each other, without either looking again and again.
struct Gate: Sendable {
    private let path: FilePath

    init(at path: FilePath) throws {
        self.path = path
        guard FileManager.default.fileExists(atPath: path.string) || mkfifo(path.string, 0o600) == 0 else {
            throw Failure(text: "no pipe at \(path): errno \(errno)")
        }
    }

    /// What a script does to wait until the test opens the gate.
    var pass: String { "read _ < '\(path)'" }
    /// What a script does to tell the test that it has come here; it waits until the test has heard.
    var knock: String { "echo > '\(path)'" }

    /// Lets the script go on that waits, or will wait, at ``pass``.
    func open() async throws {
        _ = try await Shell.run("sh", ["-c", knock], in: path.removingLastComponent())
    }

    /// Waits until a script is at ``knock``.
    func knocked() async throws {
        _ = try await Shell.run("sh", ["-c", pass], in: path.removingLastComponent())
    }
}
