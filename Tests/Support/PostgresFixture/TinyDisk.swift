import Foundation

/// A file system of a few megabytes in memory: a disk that is really full, soon.
public struct TinyDisk: Sendable {
    /// Where it is mounted; writable for everybody.
    public let path: String

    /// Whether this user may mount: root, as in CI.
    public static let isPossible = getuid() == 0

    /// Runs the body with a disk.
    public static func with(
        megabytes: Int, _ body: @Sendable (TinyDisk) async throws -> Void
    ) async throws {
        let disk = TinyDisk(path: NSTemporaryDirectory() + "/pitwall-disk-\(UUID().uuidString)")
        try await shell(
            "mkdir '\(disk.path)' && mount -t tmpfs -o size=\(megabytes)m,mode=777 tmpfs '\(disk.path)'")
        do {
            try await body(disk)
            await disk.remove()
        } catch {
            await disk.remove()
            throw error
        }
    }

    /// Makes it larger, with everything on it.
    public func grow(toMegabytes megabytes: Int) async throws {
        try await shell("mount -o remount,size=\(megabytes)m '\(path)'")
    }

    private func remove() async {
        // Lazily: a server may still have its files open.
        _ = try? await shell("umount -l '\(path)'; rmdir '\(path)'")
    }
}
