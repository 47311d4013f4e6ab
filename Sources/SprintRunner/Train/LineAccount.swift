/// Counts the lines that each agent added and looks for them in the result: the last check before anything lands.
///
/// The count does not trust how the merge was made. A line that an agent added must be in the result as often as the
/// base held it and the agent added it, less what another branch removed of it.
struct LineAccount: Sendable {
    /// A line that should be in the result and is not, or not as often.
    struct Shortage: Hashable, Sendable {
        var agent: String
        var path: TreePath
        var line: String
        var missing: Int
    }

    let store: ObjectStore

    /// The shortages of a train: none, unless a merge lost something.
    func shortages(of candidates: [MergeCandidate], target: ObjectID, in result: ObjectID) async throws -> [Shortage] {
        var shortages: [Shortage] = []
        for (base, group) in Dictionary(grouping: candidates, by: \.base) {
            let outcome = FinalTree(try await store.changes(from: base, to: result, findingRenames: true))
            let targetChanges = base == target ? [] : try await store.changes(from: base, to: target, findingRenames: true)
            let open = group.flatMap { candidate in
                candidate.changes.compactMap { change -> (MergeCandidate, TreeChange, TreeEntry?)? in
                    guard let new = change.new else { return nil }
                    let held = outcome.entry(for: change)
                    return held?.id == new.id ? nil : (candidate, change, held)
                }
            }
            guard !open.isEmpty else { continue }
            let everybody = candidates.flatMap { candidate in candidate.changes.map { (candidate.agent, $0) } }
            let rivals = everybody + targetChanges.map { ("", $0) }
            let origins = Set(open.map { $0.1.origin })
            let related = rivals.filter { origins.contains($0.1.origin) }
            let ids = open.flatMap { [$0.1.old?.id, $0.1.new?.id, $0.2?.id] } + related.flatMap { [$0.1.old?.id, $0.1.new?.id] }
            let isText = Set((open.flatMap { [$0.1.old, $0.1.new, $0.2] } + related.flatMap { [$0.1.old, $0.1.new] })
                .compactMap { $0 }.filter { $0.mode.isRegularFile }.map(\.id))
            let blobs = try await store.blobs(ids.compactMap { $0 }.filter { isText.contains($0) })
            func counts(_ entry: TreeEntry?) -> [ArraySlice<UInt8>: Int] {
                entry.flatMap { blobs[$0.id] }.map { Lines($0).counts } ?? [:]
            }
            for (candidate, change, held) in open {
                guard let new = change.new, new.mode.isRegularFile else {
                    shortages.append(.init(agent: candidate.agent, path: change.path, line: "(not a text)", missing: 1))
                    continue
                }
                let before = counts(change.old)
                let after = counts(new)
                let found = counts(held)
                let removals = related.filter { $0.0 != candidate.agent && $0.1.origin == change.origin }
                    .map { (counts($0.1.old), counts($0.1.new)) }
                for (line, count) in after {
                    let added = count - (before[line] ?? 0)
                    guard added > 0 else { continue }
                    let removed = removals.reduce(0) { $0 + max(0, ($1.0[line] ?? 0) - ($1.1[line] ?? 0)) }
                    let missing = count - removed - (found[line] ?? 0)
                    guard missing > 0 else { continue }
                    shortages.append(
                        .init(
                            agent: candidate.agent, path: change.path, line: String(decoding: line, as: UTF8.self),
                            missing: missing))
                }
            }
        }
        return shortages
    }
}

/// What a result holds, told by its difference from the base.
private struct FinalTree {
    private var entries: [TreePath: TreeEntry] = [:]
    private var gone: Set<TreePath> = []
    private var renames: [TreePath: TreePath] = [:]

    init(_ changes: [TreeChange]) {
        for change in changes {
            if let new = change.new { entries[change.path] = new } else { gone.insert(change.path) }
            if let source = change.source {
                renames[source] = change.path
                gone.insert(source)
            }
        }
    }

    func entry(for change: TreeChange) -> TreeEntry? {
        if let entry = entries[change.path] { return entry }
        if let path = renames[change.path] ?? renames[change.origin] { return entries[path] }
        return gone.contains(change.path) ? nil : change.source == nil ? change.old : nil
    }
}

extension TreeChange {
    /// The path that a file had in the base, by which changes of one file on several branches are told.
    var origin: TreePath { source ?? path }
}
