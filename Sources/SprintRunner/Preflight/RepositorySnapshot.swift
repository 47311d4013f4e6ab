import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// The parts of a repository that no agent has any business with, as they were before the run.
///
/// Worktrees share all of them, and a hook inside a worktree can be edited by the one it guards. So they are looked at
/// from outside, and put back before anything that an agent could have written there is trusted again.
struct RepositorySnapshot: Hashable, Sendable, Codable {
    /// A file's content and permissions.
    struct File: Hashable, Sendable, Codable {
        var content: Data
        var permissions: Int
        /// Where a symbolic link leads.
        var link: String?
    }

    /// Settings by their path in the git directory.
    var files: [String: File]
    var refs: [String: ObjectID]
    /// The remote's branches and tags; `nil` when it was not asked.
    var remote: [String: ObjectID]?

    static func take(of repository: Repository, remote: [String: ObjectID]?) async throws -> RepositorySnapshot {
        RepositorySnapshot(
            files: settings(in: repository.commonDirectory), refs: try await repository.refs(), remote: remote)
    }

    /// The files that tell git what to do or execute.
    static func settings(in directory: FilePath) -> [String: File] {
        let files = FileManager.default
        var found: [String: File] = [:]
        func read(_ name: String) {
            let path = directory.appending(name).string
            guard let attributes = try? files.attributesOfItem(atPath: path) else { return }
            let permissions = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o644
            switch attributes[.type] as? FileAttributeType {
            case .typeDirectory:
                for child in (try? files.contentsOfDirectory(atPath: path)) ?? [] { read(name + "/" + child) }
            case .typeSymbolicLink:
                let link = try? files.destinationOfSymbolicLink(atPath: path)
                found[name] = File(content: Data(), permissions: permissions, link: link ?? "")
            default:
                found[name] = File(content: files.contents(atPath: path) ?? Data(), permissions: permissions)
            }
        }
        for name in ["config", "config.worktree", "HEAD", "hooks", "info", "objects/info/alternates", "shallow"] {
            read(name)
        }
        return found
    }

    /// The settings that are not as they were, `HEAD` left out: whoever checks another branch out moves it.
    func changedSettings(in directory: FilePath) -> [String] {
        let now = Self.settings(in: directory)
        return Set(files.keys).union(now.keys).filter { files[$0] != now[$0] && $0 != "info/refs" && $0 != "HEAD" }
            .sorted()
    }

    /// Puts the settings named back as they were.
    ///
    /// - Parameter aside: a directory where what they were changed to is kept: it may be somebody's work.
    func restore(_ names: [String], in directory: FilePath, aside: FilePath) throws {
        let manager = FileManager.default
        for name in names {
            let path = directory.appending(name).string
            if (try? manager.attributesOfItem(atPath: path)) != nil {
                let kept = aside.appending(name)
                try manager.createDirectory(
                    atPath: kept.removingLastComponent().string, withIntermediateDirectories: true)
                try? manager.moveItem(atPath: path, toPath: kept.string)
            }
            try? manager.removeItem(atPath: path)
            guard let file = files[name] else { continue }
            let parent = FilePath(path).removingLastComponent().string
            var isDirectory: ObjCBool = false
            if manager.fileExists(atPath: parent, isDirectory: &isDirectory), !isDirectory.boolValue {
                try manager.removeItem(atPath: parent)
            }
            try manager.createDirectory(atPath: parent, withIntermediateDirectories: true)
            if let link = file.link {
                try manager.createSymbolicLink(atPath: path, withDestinationPath: link)
            } else {
                try file.content.write(to: URL(fileURLWithPath: path), options: .atomic)
                try manager.setAttributes([.posixPermissions: file.permissions], ofItemAtPath: path)
            }
        }
    }
}
