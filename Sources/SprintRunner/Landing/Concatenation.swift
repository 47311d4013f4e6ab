/// Files that are appended to another one after the merges, as `cat A B >> C` would, and only once.
struct Concatenation: Sendable {
    /// Decides which files of a tree are read, in the order given.
    var sources: [@Sendable (TreePath) -> Bool]
    var destination: TreePath
    /// The first line of the commit message.
    var title: String

    /// Returns the tree with the destination grown, or `nil` when it already holds everything.
    func apply(to tree: ObjectID, in objects: ObjectSession) async throws -> ObjectID? {
        let files = try await objects.listing(of: tree).filter { $0.1.mode.isRegularFile }
        let existing = files.first { $0.0 == destination }?.1
        // As the shell does, names in one pattern are in order of their bytes.
        let read = sources.flatMap { matches in
            files.filter { matches($0.0) && $0.0 != destination }.sorted { $0.0 < $1.0 }
        }
        let blobs = try await objects.blobs((read.map(\.1) + [existing].compactMap { $0 }).map(\.id))
        var text = Lines(existing.flatMap { blobs[$0.id] } ?? [])
        var seen: Set<TreePath> = []
        var hasGrown = false
        for (path, entry) in read where seen.insert(path).inserted {
            guard let content = blobs[entry.id].map(Lines.init), !content.lines.isEmpty, !text.contains(content) else {
                continue
            }
            text = text.appending(content.lines[...], endingWithNewline: content.endsWithNewline)
            hasGrown = true
        }
        guard hasGrown else { return nil }
        let grown = TreeEntry(mode: existing?.mode ?? .file, id: try await objects.write(text.bytes))
        return try await TreeEditor(objects: objects).setting([destination: grown], in: tree)
    }
}

extension Lines {
    /// Whether the lines of another text are in this one, together and in order.
    func contains(_ other: Lines) -> Bool {
        guard let first = other.lines.first, other.lines.count <= lines.count else { return other.lines.isEmpty }
        return (0...(lines.count - other.lines.count)).contains { start in
            lines[start] == first && lines[start..<(start + other.lines.count)] == other.lines[...]
        }
    }
}
