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

/// Checks the objects that a branch brings as git checks what is pushed to a server: well-formed trees in order, no
/// name twice, nothing called `.git`.
struct BranchObjects: Sendable {
    let git: Git

    /// What is wrong with the objects between two commits; `nil` when nothing is.
    ///
    /// - Throws: ``GitError`` when the look itself failed, as on a full disk: that says nothing of the branch.
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
        guard packed.status == 0 else { return try Self.damage(told: packed, by: "pack-objects") }
        guard let name = packed.text.split(separator: "\n").last else { return nil }
        let checked = try await git.attempt([
            "index-pack", "--strict", "-o", directory.appending("checked.idx").string,
            directory.appending("pack-\(name).pack").string,
        ])
        return checked.status == 0 ? nil : try Self.damage(told: checked, by: "index-pack --strict")
    }

    private static func damage(told output: Git.Output, by command: String) throws(GitError) -> String {
        let text = output.errors.trimmingTrailingNewlines
        guard output.status > 0, !isOfTheMachine(text) else {
            throw GitError(command: command, status: output.status, message: text)
        }
        return text
    }

    /// Whether git failed for want of something, and not of what it read.
    static func isOfTheMachine(_ message: String) -> Bool {
        [ENOSPC, EDQUOT, ENOMEM, EMFILE, ENFILE, EIO, EROFS, EACCES, EFBIG].contains { number in
            message.contains(String(cString: strerror(number)))
        }
            || ["Out of diskspace", "out of memory", "Out of memory", "promisor remote"].contains {
                message.contains($0)
            }
    }
}
