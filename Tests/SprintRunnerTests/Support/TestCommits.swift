@testable import SprintRunner

extension Signature {
    static let test = Signature(name: "A", email: "a@b.c", time: 1)
}

extension ObjectSession {
    /// A commit that holds the files given and nothing else.
    func commit(_ files: [String: [UInt8]], _ parents: [ObjectID] = []) async throws -> ObjectID {
        var edits: [TreePath: TreeEntry?] = [:]
        for (path, content) in files {
            edits[TreePath(path)] = TreeEntry(mode: .file, id: try await write(content))
        }
        let empty = try await write([:], in: nil)
        let tree = try await TreeEditor(objects: self).setting(edits, in: empty)
        return try await writeCommit(tree: tree, parents: parents, message: "x\n", signature: .test)
    }
}
