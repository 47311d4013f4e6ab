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
/// `refs/replace` has a part in a merge.
struct ObjectStore: Sendable {
    let git: Git

    /// Opens the private directory, creating it at first.
    ///
    /// - Parameters:
    ///   - directory: where the private git directory is kept.
    ///   - repository: the repository whose objects are shared.
    init(directory: FilePath, repository: Repository) async throws {
        let files = FileManager.default
        if !files.fileExists(atPath: directory.appending("HEAD").string) {
            try files.createDirectory(atPath: directory.string, withIntermediateDirectories: true)
            let format = repository.objectFormat
            try await Git(directory: directory)(
                "init", "-q", "--bare", "--template=", "--object-format=\(format)", directory.string)
        }
        // A shallow history stays shallow when seen from here.
        let shallow = repository.commonDirectory.appending("shallow")
        let copy = directory.appending("shallow")
        if files.fileExists(atPath: shallow.string), !files.fileExists(atPath: copy.string) {
            try files.copyItem(atPath: shallow.string, toPath: copy.string)
        }
        git = Git(
            directory: directory,
            variables: [
                "GIT_DIR": directory.string,
                "GIT_OBJECT_DIRECTORY": repository.commonDirectory.appending("objects").string,
                "GIT_ATTR_NOSYSTEM": "1",
            ]
        )
    }

    /// The tree of a commit.
    func tree(of commit: ObjectID) async throws -> ObjectID {
        try await git.objectID(["rev-parse", "--verify", "--end-of-options", "\(commit)^{tree}"])
    }

    /// What differs between two trees or commits, renames found by similarity when asked.
    func changes(from old: ObjectID, to new: ObjectID, findingRenames: Bool = false) async throws -> [TreeChange] {
        let renames = findingRenames ? ["-M", "-l1000"] : ["--no-renames"]
        return try TreeChange.parse(
            await git.run(["diff-tree", "-r", "-z", "--raw", "--no-abbrev"] + renames + [old.hex, new.hex]))
    }

    /// Whether `ancestor` is `commit` or one of its ancestors.
    func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) async throws -> Bool {
        let output = try await git.attempt(["merge-base", "--is-ancestor", ancestor.hex, commit.hex])
        guard output.status <= 1, output.status >= 0 else {
            throw GitError(command: "merge-base --is-ancestor", status: output.status, message: output.errors)
        }
        return output.status == 0
    }

    /// What a tree holds at the paths given; paths that it does not hold are left out.
    func entries(at paths: some Collection<TreePath>, in tree: ObjectID) async throws -> [TreePath: TreeEntry] {
        guard !paths.isEmpty else { return [:] }
        // A literal pathspec matches a directory's content too, so the result is filtered by equality.
        let wanted = Set(paths)
        var arguments = ["--literal-pathspecs", "ls-tree", "-z", "-r", "-t", "--full-tree", tree.hex, "--"]
            .map { Array($0.utf8) }
        arguments += paths.map(\.bytes)
        let output = try await git.attempt(arguments)
        guard output.status == 0 else {
            throw GitError(command: "ls-tree \(tree)", status: output.status, message: output.errors)
        }
        let listed = try Self.parseListing(output)
        return Dictionary(listed.filter { wanted.contains($0.0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Every file of a tree.
    func listing(of tree: ObjectID) async throws -> [(TreePath, TreeEntry)] {
        try Self.parseListing(await git.run(["ls-tree", "-z", "-r", "--full-tree", tree.hex]))
    }

    /// The contents of blobs.
    func blobs(_ ids: some Collection<ObjectID>) async throws -> [ObjectID: [UInt8]] {
        guard !ids.isEmpty else { return [:] }
        let unique = Array(Set(ids))
        let output = try await git.run(
            ["cat-file", "--batch"], input: Array(unique.map { $0.hex + "\n" }.joined().utf8))
        var contents: [ObjectID: [UInt8]] = [:]
        var rest = output.bytes[...]
        for id in unique {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { break }
            let header = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ")
            guard header.count == 3, header[1] == "blob", let size = Int(header[2]), rest.endIndex - end > size + 1
            else {
                throw GitError(command: "cat-file --batch", status: 0, message: header.joined(separator: " "))
            }
            contents[id] = Array(rest[(end + 1)..<(end + 1 + size)])
            rest = rest[(end + 2 + size)...]
        }
        return contents
    }

    /// The content of one blob.
    func blob(_ id: ObjectID) async throws -> [UInt8] {
        guard let content = try await blobs([id])[id] else {
            throw GitError(command: "cat-file --batch", status: 0, message: "\(id) is missing")
        }
        return content
    }

    /// Stores bytes exactly as they are: no filter, no conversion of line endings.
    func write(_ content: [UInt8]) async throws -> ObjectID {
        try await git.objectID(["hash-object", "-w", "--no-filters", "--stdin"], input: content)
    }

    /// Writes a commit; the same values give the same object name.
    func commit(tree: ObjectID, parents: [ObjectID], message: String, signature: Signature) async throws -> ObjectID {
        var committing = git
        committing.variables.merge(signature.variables) { $1 }
        return try await committing.objectID(
            ["commit-tree", tree.hex] + parents.flatMap { ["-p", $0.hex] }, input: Array(message.utf8))
    }

    private static func parseListing(_ output: Git.Output) throws -> [(TreePath, TreeEntry)] {
        try output.fields.map { field in
            guard let tab = field.firstIndex(of: UInt8(ascii: "\t")) else {
                throw GitError(command: "ls-tree", status: 0, message: String(decoding: field, as: UTF8.self))
            }
            let parts = String(decoding: field[..<tab], as: UTF8.self).split(separator: " ")
            guard parts.count == 3, let mode = EntryMode(git: parts[0]), let id = ObjectID(parts[2]) else {
                throw GitError(command: "ls-tree", status: 0, message: String(decoding: field, as: UTF8.self))
            }
            return (TreePath(bytes: field[(tab + 1)...]), TreeEntry(mode: mode, id: id))
        }
    }
}

/// Who a commit is by and when: fixed in the journal, so that a train built again after a crash is the same train.
struct Signature: Hashable, Sendable, Codable {
    var name: String
    var email: String
    /// Seconds since 1970, UTC.
    var time: Int

    var variables: [String: String] {
        [
            "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email, "GIT_AUTHOR_DATE": "@\(time) +0000",
            "GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": email, "GIT_COMMITTER_DATE": "@\(time) +0000",
        ]
    }
}
