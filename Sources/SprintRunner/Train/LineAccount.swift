/// Counts the lines that each agent added and looks for them in the result: the last check before anything lands.
///
/// The count does not trust how the merge was made. A line that an agent added must be in the result as often as the
/// base held it and the agent added it, less what another branch removed of it; in an append file, plus what the others
/// added of it.
struct LineAccount {
    /// A line that should be in the result and is not, or not as often.
    struct Shortage: Hashable, Sendable {
        var agent: String
        var path: TreePath
        var line: String
        var missing: Int
    }

    let objects: ObjectSession

    /// The shortages of a train: none, unless a merge lost something.
    ///
    /// - Parameter appended: files merged as appended to; there equal lines of several agents count each for itself.
    func shortages(
        of candidates: [MergeCandidate], target: ObjectID, in result: ObjectID, appended: Set<TreePath> = []
    ) async throws -> [Shortage] {
        var shortages: [Shortage] = []
        for (base, group) in Dictionary(grouping: candidates, by: \.base) {
            let origin = try await objects.tree(of: base)
            let moved = try await objects.changes(from: origin, to: objects.tree(of: target))
            let branches = candidates.map { (agent: $0.agent, changes: $0.changes) } + [(agent: "", changes: moved)]
            let final = FinalTree(
                try await objects.changes(from: origin, to: result), renamed: branches.flatMap { $0.changes })
            shortages += try await check(group, against: branches, in: final, appended)
        }
        return shortages
    }

    private typealias Branch = (agent: String, changes: [TreeChange])

    private func check(
        _ group: [MergeCandidate], against branches: [Branch], in final: FinalTree, _ appended: Set<TreePath>
    ) async throws -> [Shortage] {
        // A file that is in the result as the agent left it holds all that the agent added.
        let open = group.flatMap { candidate in
            candidate.changes.filter { change in
                guard let new = change.new else { return false }
                return appended.contains(change.path) || !final.entries(for: change).contains(new)
            }.map { (agent: candidate.agent, change: $0) }
        }
        guard !open.isEmpty else { return [] }
        let related = Dictionary(
            grouping: branches.flatMap { branch in branch.changes.map { (agent: branch.agent, change: $0) } },
            by: \.change.origin)
        var entries = open.flatMap { related[$0.change.origin] ?? [] }.flatMap { [$0.change.old, $0.change.new] }
        entries += open.flatMap { final.entries(for: $0.change) }
        let blobs = try await objects.blobs(entries.compactMap { $0 }.filter { $0.mode.isRegularFile }.map { $0.id })
        var counted: [ObjectID: LineCounts] = [:]
        func counts(_ entry: TreeEntry?) -> LineCounts {
            guard let entry, let content = blobs[entry.id] else { return [:] }
            if let known = counted[entry.id] { return known }
            let counts = Lines(content).counts
            counted[entry.id] = counts
            return counts
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
            let others = (related[change.origin] ?? []).filter { $0.agent != agent }
                .map { (old: counts($0.change.old), new: counts($0.change.new)) }
            let before = counts(change.old)
            for (line, count) in counts(change.new) where count > (before[line] ?? 0) {
                let others = others.map { ($0.new[line] ?? 0) - ($0.old[line] ?? 0) }
                let removed = others.reduce(0) { $0 + max(0, -$1) }
                let addedToo = appended.contains(change.path) ? others.reduce(0) { $0 + max(0, $1) } : 0
                let missing = count + addedToo - removed - (found[line] ?? 0)
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
