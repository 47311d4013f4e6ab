import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// The repository's objects, read and written through a private git directory.
///
/// The private directory has its own configuration, no hooks, no attributes and no refs, and shares nothing with the
/// repository but the objects. So nothing an agent writes into the repository's configuration, `info/attributes` or
/// `refs/replace` has a part in a merge, and neither have the user's own settings.
struct ObjectStore: Sendable {
    let git: Git
    let objectFormat: String

    /// Opens the private directory, creating it at first.
    ///
    /// - Parameters:
    ///   - directory: where the private git directory is kept.
    ///   - repository: the repository whose objects are shared.
    init(directory: FilePath, repository: Repository) async throws {
        let files = FileManager.default
        let isolation = ["GIT_ATTR_NOSYSTEM": "1", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"]
        objectFormat = repository.objectFormat
        if !files.fileExists(atPath: directory.appending("HEAD").string) {
            try files.createDirectory(atPath: directory.string, withIntermediateDirectories: true)
            try await Git(directory: directory, variables: isolation)(
                "init", "-q", "--bare", "--template=", "--object-format=\(objectFormat)", directory.string)
            try await Self.configure(Git(directory: directory, variables: isolation), like: repository)
        }
        // A shallow history stays shallow when seen from here.
        let shallow = repository.commonDirectory.appending("shallow")
        let copy = directory.appending("shallow")
        if files.fileExists(atPath: shallow.string), !files.fileExists(atPath: copy.string) {
            try files.copyItem(atPath: shallow.string, toPath: copy.string)
        }
        let place = [
            "GIT_DIR": directory.string,
            "GIT_OBJECT_DIRECTORY": repository.commonDirectory.appending("objects").string,
        ]
        git = Git(directory: directory, variables: isolation.merging(place) { $1 })
    }

    /// Gives the private directory what it needs of the repository's settings: nothing, but for a partial clone, whose
    /// missing objects are fetched from its remote when they are asked for.
    private static func configure(_ git: Git, like repository: Repository) async throws {
        // With no refs here, housekeeping would take the repository's objects for garbage.
        try await git("config", "gc.auto", "0")
        try await git("config", "maintenance.auto", "false")
        let partial = try await repository.git.attempt(["config", "--get-regexp", "^remote\\..*\\.promisor$", "true"])
        guard partial.status == 0 else { return }
        for field in try await repository.git("config", "--list", "-z").fields {
            guard let line = String(validating: field, as: UTF8.self), let end = line.firstIndex(of: "\n") else {
                continue
            }
            let key = String(line[..<end])
            let isAboutRemotes = ["remote.", "url.", "credential.", "http."].contains { key.hasPrefix($0) }
            guard isAboutRemotes || key == "core.sshcommand" else { continue }
            try await git("config", "--add", key, String(line[line.index(after: end)...]))
        }
    }

    /// Writes all that a commit has beyond another into a pack, which is on the disk when this returns.
    ///
    /// git does not wait for the disk when it writes loose objects, and a power cut would leave a branch without them.
    func secure(_ commit: ObjectID, beyond old: ObjectID) async throws {
        let name = FilePath(git.variables["GIT_OBJECT_DIRECTORY"] ?? "").appending("pack").appending("pack")
        try await git.run(
            ["-c", "pack.compression=1", "pack-objects", "-q", "--revs", name.string],
            input: Array("\(commit)\n^\(old)\n".utf8))
    }

    /// Runs work that reads and writes many objects, through git processes that stay until it is done.
    func open<Value>(_ work: (ObjectSession) async throws -> Value) async throws -> Value {
        let session = ObjectSession(git, objectFormat: objectFormat)
        do {
            let value = try await work(session)
            await session.close()
            return value
        } catch {
            await session.close()
            throw error
        }
    }
}
