import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Checks the objects that a branch brings as git checks what is pushed to a server: well-formed trees in order, no
/// name twice, nothing called `.git`.
struct BranchObjects: Sendable {
    let git: Git

    /// What is wrong with the objects between two commits; `nil` when nothing is.
    func damage(from base: ObjectID, to head: ObjectID) async throws -> String? {
        let directory = git.directory.appending("check-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: directory.string, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory.string) }
        // Packed without compression, and read again by a git that trusts nothing it reads.
        let packed = try await git.attempt(
            [
                "-c", "pack.compression=0", "-c", "core.bigFileThreshold=1m", "pack-objects", "-q", "--revs",
                "--window=0",
                directory.appending("pack").string,
            ],
            input: Array("\(head)\n^\(base)\n".utf8))
        guard packed.status == 0 else { return packed.errors.trimmingTrailingNewlines }
        guard let name = packed.text.split(separator: "\n").last else { return nil }
        let checked = try await git.attempt([
            "index-pack", "--strict", "-o", directory.appending("checked.idx").string,
            directory.appending("pack-\(name).pack").string,
        ])
        return checked.status == 0 ? nil : checked.errors.trimmingTrailingNewlines
    }
}
