import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The right to run sprints in a repository: one process holds it, and loses it when it ends, however it ends.
final class RunLock: Sendable {
    private let file: FileDescriptor

    /// Takes the lock.
    ///
    /// - Throws: ``SprintError/alreadyRunning(process:)`` when another process holds it.
    init(at path: FilePath) throws {
        file = try FileDescriptor.open(
            path, .readWrite, options: [.create, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            try? file.close()
            throw SprintError.alreadyRunning(process: Self.holder(of: path))
        }
        try file.resize(to: 0)
        try file.writeAll(Array("\(getpid())\n".utf8))
    }

    deinit {
        try? file.close()
    }

    /// The process that holds the lock; `nil` when nobody does.
    static func holder(of path: FilePath) -> pid_t? {
        guard let file = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) else { return nil }
        defer { try? file.close() }
        guard flock(file.rawValue, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return FileManager.default.contents(atPath: path.string)
            .flatMap { pid_t(String(decoding: $0, as: UTF8.self).trimmingTrailingNewlines) }
    }
}
