import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A row of requests to the objects of a repository, answered by git processes that start when they are first needed.
///
/// Belongs to one task; made by ``ObjectStore/open(_:)``.
final class ObjectSession {
    /// Calls git on the same objects, a process a call.
    let git: Git
    private let objectFormat: String
    private var helpers: [Service: GitHelper] = [:]
    /// How many objects each helper has written.
    private var written: [Service: Int] = [:]
    private var commits: [ObjectID: Commit] = [:]
    private var trees: [ObjectID: TreeObject] = [:]
    /// What `hash-object` reads next.
    private let draft: FilePath

    /// What a helper does.
    private enum Service: Hashable {
        case reads
        case compares
        case writes(ObjectKind)

        var arguments: [String] {
            switch self {
            case .reads: ["cat-file", "--batch"]
            case .compares:
                ["diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", "-M", "-l1000"]
            // A tree is taken as it is: what an old one holds, such as modes that git no longer writes, has to stay.
            case .writes(.tree): ["hash-object", "-w", "--literally", "-t", "tree", "--stdin-paths"]
            case .writes(let kind): ["hash-object", "-w", "--no-filters", "-t", kind.rawValue, "--stdin-paths"]
            }
        }
    }

    /// The kinds of objects that are read and written.
    enum ObjectKind: String {
        case blob
        case tree
        case commit
    }

    /// What a commit says of itself that matters here.
    struct Commit {
        var tree: ObjectID
        var parents: [ObjectID]
    }

    init(_ git: Git, objectFormat: String) {
        self.git = git
        self.objectFormat = objectFormat
        draft = git.directory.appending("draft-\(UUID().uuidString)")
    }

    /// Ends the helpers; the session is of no use afterwards.
    func close() async {
        for helper in helpers.values { await helper.end() }
        helpers = [:]
        try? FileManager.default.removeItem(atPath: draft.string)
    }

    private func helper(_ service: Service) async throws -> GitHelper {
        if let running = helpers[service] { return running }
        let started = try await GitHelper(git, service.arguments)
        helpers[service] = started
        return started
    }

    /// A helper that has not written too much: `hash-object --literally` of git 2.39 leaves every file open that it reads,
    /// and ends at the limit of open files, often 1,024.
    private func freshHelper(_ service: Service) async throws -> GitHelper {
        written[service, default: 0] += 1
        if written[service, default: 0] > Self.writesOfOneHelper {
            await helpers.removeValue(forKey: service)?.end()
            written[service] = 1
        }
        return try await helper(service)
    }

    private static let writesOfOneHelper = 200

    // MARK: Reading

    /// The contents of blobs.
    func blobs(_ ids: some Sequence<ObjectID>) async throws -> [ObjectID: [UInt8]] {
        let unique = Array(Set(ids))
        let contents = try await read(unique, as: .blob)
        return Dictionary(uniqueKeysWithValues: zip(unique, contents.map(Array.init)))
    }

    /// The content of one blob.
    func blob(_ id: ObjectID) async throws -> [UInt8] {
        Array(try await read([id], as: .blob)[0])
    }

    /// A commit's tree and parents.
    func commit(_ id: ObjectID) async throws -> Commit {
        if let known = commits[id] { return known }
        let content = try await read([id], as: .commit)[0]
        var commit: Commit?
        for line in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let words = line.split(separator: UInt8(ascii: " "), maxSplits: 1).map {
                String(decoding: $0, as: UTF8.self)
            }
            guard words.count == 2, let id = ObjectID(words[1]) else { break }
            if words[0] == "tree" { commit = Commit(tree: id, parents: []) }
            if words[0] == "parent" { commit?.parents.append(id) }
        }
        guard let commit else { throw GitError(command: "cat-file", status: 0, message: "\(id) has no tree") }
        commits[id] = commit
        return commit
    }

    /// The tree of a commit.
    func tree(of commit: ObjectID) async throws -> ObjectID {
        try await self.commit(commit).tree
    }

    /// What a tree itself holds.
    func content(of tree: ObjectID) async throws -> TreeObject {
        if let known = trees[tree] { return known }
        let object = TreeObject(bytes: Array(try await read([tree], as: .tree)[0]), objectFormat: objectFormat)
        trees[tree] = object
        return object
    }

    /// What a tree holds at the paths given; paths that it does not hold are left out.
    func entries(at paths: some Sequence<TreePath>, in tree: ObjectID) async throws -> [TreePath: TreeEntry] {
        var found: [TreePath: TreeEntry] = [:]
        for path in paths {
            var entry: TreeEntry? = TreeEntry(mode: .directory, id: tree)
            for name in path.components {
                guard let directory = entry, directory.mode == .directory else {
                    entry = nil
                    break
                }
                entry = try await content(of: directory.id).entry(named: name)
            }
            found[path] = entry
        }
        return found
    }

    /// Every file of a tree.
    func listing(of tree: ObjectID) async throws -> [(TreePath, TreeEntry)] {
        try await git.run(["ls-tree", "-z", "-r", "--full-tree", tree.hex]).fields.map { field in
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

    /// Fewer requests at a time than fill a pipe, so that neither side waits for the other for ever.
    private static let batch = 400

    private func read(_ ids: [ObjectID], as kind: ObjectKind) async throws -> [ArraySlice<UInt8>] {
        var contents: [ArraySlice<UInt8>] = []
        guard !ids.isEmpty else { return contents }
        let reader = try await helper(.reads)
        for start in stride(from: 0, to: ids.count, by: Self.batch) {
            let asked = ids[start..<min(ids.count, start + Self.batch)]
            try await reader.send(Array(asked.map { $0.hex + "\n" }.joined().utf8))
            for _ in asked {
                let header = String(decoding: try await reader.read(until: UInt8(ascii: "\n")), as: UTF8.self)
                let words = header.split(separator: " ")
                guard words.count == 3, let size = Int(words[2]) else {
                    throw GitError(command: "cat-file --batch", status: nil, message: header)
                }
                let content = try await reader.read(count: size + 1).dropLast()
                guard words[1] == kind.rawValue else {
                    throw GitError(command: "cat-file --batch", status: nil, message: "\(header): no \(kind.rawValue)")
                }
                contents.append(content)
            }
        }
        return contents
    }

    // MARK: Comparing

    /// What differs between two trees, renames found by similarity.
    func changes(from old: ObjectID, to new: ObjectID) async throws -> [TreeChange] {
        guard old != new else { return [] }
        let helper = try await helper(.compares)
        // A line that names no object is echoed, and tells where the answer ends.
        try await helper.send(Array("\(old) \(new)\n.\n".utf8))
        _ = try await helper.read(until: UInt8(ascii: "\n"))
        var changes: [TreeChange] = []
        while try await helper.peek() == UInt8(ascii: ":") {
            let header = try await helper.read(until: 0)
            let path = TreePath(bytes: try await helper.read(until: 0))
            let target =
                TreeChange.namesTwoPaths(header) ? TreePath(bytes: try await helper.read(until: 0)) : nil
            changes.append(try TreeChange(header: header, path: path, target: target))
        }
        _ = try await helper.read(until: UInt8(ascii: "\n"))
        return changes
    }

    // MARK: Writing

    /// Stores bytes exactly as they are: no filter, no conversion of line endings.
    func write(_ content: [UInt8]) async throws -> ObjectID {
        try await write(content, as: .blob)
    }

    /// Writes a tree that differs from another in the names given; `nil` takes a name away.
    func write(_ edits: [ArraySlice<UInt8>: TreeEntry?], in tree: TreeObject?) async throws -> ObjectID {
        let tree = tree ?? TreeObject(bytes: [], objectFormat: objectFormat)
        let edited = TreeObject(bytes: tree.setting(edits), objectFormat: objectFormat)
        let id = try await write(edited.bytes, as: .tree)
        trees[id] = edited
        return id
    }

    /// Writes a commit; the same values give the same object name.
    func writeCommit(tree: ObjectID, parents: [ObjectID], message: String, signature: Signature) async throws
        -> ObjectID
    {
        var text = "tree \(tree)\n" + parents.map { "parent \($0)\n" }.joined()
        // git ends a message at its first zero byte.
        text += "author \(signature.text)\ncommitter \(signature.text)\n\n" + message.filter { $0 != "\0" }
        let id = try await write(Array(text.utf8), as: .commit)
        commits[id] = Commit(tree: tree, parents: parents)
        return id
    }

    private func write(_ content: [UInt8], as kind: ObjectKind) async throws -> ObjectID {
        try Data(content).write(to: URL(fileURLWithPath: draft.string))
        let helper = try await freshHelper(.writes(kind))
        try await helper.send(Array((draft.lastComponent?.string ?? "").utf8) + [UInt8(ascii: "\n")])
        let line = String(decoding: try await helper.read(until: UInt8(ascii: "\n")), as: UTF8.self)
        guard let id = ObjectID(line) else {
            throw GitError(command: "hash-object -t \(kind.rawValue)", status: nil, message: line)
        }
        return id
    }
}
