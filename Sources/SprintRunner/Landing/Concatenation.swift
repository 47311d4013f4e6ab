/// Files that are appended to another one after the merges, as `cat A B >> C` would, and only once.
struct Concatenation: Sendable {
    /// Decides which files of a tree are read, in the order given.
    var sources: [@Sendable (TreePath) -> Bool]
    var destination: TreePath
    /// The first line of the commit message.
    var title: String

    /// Returns the tree with the destination grown, or `nil` when it already holds everything.
    ///
    /// What the destination held on the target says nothing of a source that is new since then, however alike the two
    /// are; and of sources that are alike, each counts for itself.
    ///
    /// - Parameters:
    ///   - tree: what the merges came to.
    ///   - target: what they started from.
    func apply(to tree: ObjectID, since target: ObjectID, in objects: ObjectSession) async throws -> ObjectID? {
        let files = try await objects.listing(of: tree).filter { $0.1.mode.isRegularFile }
        let existing = files.first { $0.0 == destination }?.1
        // As the shell does, names in one pattern are in order of their bytes.
        let read = sources.flatMap { matches in
            files.filter { matches($0.0) && $0.0 != destination }.sorted { $0.0 < $1.0 }
        }
        let before = try await objects.entries(at: read.map(\.0) + [destination], in: target)
        let blobs = try await objects.blobs(
            (read.map(\.1) + [existing, before[destination]].compactMap { $0 }).filter { $0.mode.isRegularFile }.map(
                \.id))
        func lines(_ entry: TreeEntry?) -> Lines { Lines(entry.flatMap { blobs[$0.id] } ?? []) }
        var text = lines(existing)
        let old = lines(before[destination])
        // Only where the destination was appended to is it known which of its lines are new.
        let new = text.appended(to: old).map { Lines(lines: Array($0), endsWithNewline: true) }
        var found = Occurrences(in: text)
        var foundNew = Occurrences(in: new ?? text)
        var seen: Set<TreePath> = []
        var hasGrown = false
        for (path, entry) in read where seen.insert(path).inserted {
            let content = lines(entry)
            guard !content.lines.isEmpty else { continue }
            let isThere = before[path] == nil ? foundNew.take(content) : found.take(content)
            guard !isThere else { continue }
            text = text.appending(content.lines[...], endingWithNewline: content.endsWithNewline)
            hasGrown = true
        }
        guard hasGrown else { return nil }
        let grown = TreeEntry(mode: existing?.mode ?? .file, id: try await objects.write(text.bytes))
        return try await TreeEditor(objects: objects).setting([destination: grown], in: tree)
    }
}

/// The places of a text at which others stand, each of which is given out once.
private struct Occurrences {
    private let text: Lines
    private var left: [Lines: Int] = [:]

    init(in text: Lines) {
        self.text = text
    }

    /// Whether another text is in this one, together and in order, once more than it was taken before.
    mutating func take(_ other: Lines) -> Bool {
        let known = Lines(lines: other.lines, endsWithNewline: true)
        let count = left[known] ?? text.count(of: known)
        left[known] = max(0, count - 1)
        return count > 0
    }
}

extension Lines {
    /// How often the lines of another text are in this one, together and in order, places that overlap counted once.
    func count(of other: Lines) -> Int {
        guard let first = other.lines.first else { return 0 }
        var count = 0
        var start = 0
        while start + other.lines.count <= lines.count {
            if lines[start] == first, lines[start..<(start + other.lines.count)] == other.lines[...] {
                count += 1
                start += other.lines.count
            } else {
                start += 1
            }
        }
        return count
    }
}
