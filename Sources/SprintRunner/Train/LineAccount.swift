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
            let moved = base == target ? [] : try await store.changes(from: base, to: target, findingRenames: true)
            let branches = candidates.map { (agent: $0.agent, changes: $0.changes) } + [(agent: "", changes: moved)]
            let final = FinalTree(
                try await store.changes(from: base, to: result, findingRenames: true),
                renamed: branches.flatMap { $0.changes })
            shortages += try await check(group, against: branches, in: final)
        }
        return shortages
    }

    private typealias Branch = (agent: String, changes: [TreeChange])

    private func check(_ group: [MergeCandidate], against branches: [Branch], in final: FinalTree) async throws
        -> [Shortage]
    {
        // A file that is in the result as the agent left it holds all that the agent added.
        let open = group.flatMap { candidate in
            candidate.changes.filter { change in change.new.map { !final.entries(for: change).contains($0) } ?? false }
                .map { (agent: candidate.agent, change: $0) }
        }
        guard !open.isEmpty else { return [] }
        let origins = Set(open.map { $0.change.origin })
        let related = branches.flatMap { branch in
            branch.changes.filter { origins.contains($0.origin) }.map { (agent: branch.agent, change: $0) }
        }
        var entries: [TreeEntry] = related.flatMap { [$0.change.old, $0.change.new].compactMap { $0 } }
        entries += open.flatMap { final.entries(for: $0.change) }
        let blobs = try await store.blobs(entries.filter { $0.mode.isRegularFile }.map { $0.id })
        func counts(_ entry: TreeEntry?) -> LineCounts {
            entry.flatMap { blobs[$0.id] }.map { Lines($0).counts } ?? [:]
        }
        var shortages: [Shortage] = []
        for (agent, change) in open {
            guard change.new?.mode.isRegularFile == true else {
                shortages.append(Shortage(agent: agent, path: change.path, line: "(not a text)", missing: 1))
                continue
            }
            let found: LineCounts = final.entries(for: change).reduce(into: [:]) { sum, entry in
                sum.merge(counts(entry)) { $0 + $1 }
            }
            let removals = related.filter { $0.agent != agent && $0.change.origin == change.origin }
                .map { (old: counts($0.change.old), new: counts($0.change.new)) }
            let before = counts(change.old)
            for (line, count) in counts(change.new) where count > (before[line] ?? 0) {
                let removed = removals.reduce(0) { $0 + max(0, ($1.old[line] ?? 0) - ($1.new[line] ?? 0)) }
                let missing = count - removed - (found[line] ?? 0)
                guard missing > 0 else { continue }
                let text = String(decoding: line, as: UTF8.self)
                shortages.append(Shortage(agent: agent, path: change.path, line: text, missing: missing))
            }
        }
        return shortages
    }
}

private typealias LineCounts = [ArraySlice<UInt8>: Int]

/// What a result holds, told by its difference from the base.
private struct FinalTree {
    private var held: [TreePath: TreeEntry] = [:]
    private var gone: Set<TreePath> = []
    /// Where files went, as the result or any branch shows it: similarity may tell a rename on one side only.
    private var renames: [TreePath: Set<TreePath>] = [:]

    init(_ changes: [TreeChange], renamed: [TreeChange]) {
        for change in changes {
            if let new = change.new { held[change.path] = new } else { gone.insert(change.path) }
            if let source = change.source { gone.insert(source) }
        }
        for change in changes + renamed {
            if let source = change.source { renames[source, default: []].insert(change.path) }
        }
    }

    /// Every place of the result where the content of a changed file may be.
    func entries(for change: TreeChange) -> [TreeEntry] {
        let paths = Set([change.path]).union(renames[change.path] ?? []).union(renames[change.origin] ?? [])
        let found = paths.compactMap { held[$0] }
        // A path that the result did not change is what it was in the base.
        guard found.isEmpty, change.source == nil, !gone.contains(change.path) else { return found }
        return [change.old].compactMap { $0 }
    }
}

extension TreeChange {
    /// The path that a file had in the base, by which changes of one file on several branches are told.
    var origin: TreePath { source ?? path }
}
