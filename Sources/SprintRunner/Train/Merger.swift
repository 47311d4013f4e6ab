/// Merges one branch into the train in memory: no checkout, no index, no ref is touched.
struct Merger: Sendable {
    let store: ObjectStore
    let signature: Signature

    enum Outcome: Sendable {
        case merged(tree: ObjectID, resolutions: [Resolution])
        case conflicts([Conflict])
    }

    /// Three-way merges a candidate into a tree, with the candidate's own base as the base.
    func merge(_ candidate: MergeCandidate, into train: ObjectID) async throws -> Outcome {
        // A commit with the candidate's base as its only parent makes that base the merge base, whatever else the
        // two histories share: the result depends on three trees and on nothing else.
        let ours = try await store.commit(
            tree: train, parents: [candidate.base], message: "Train before \(candidate.agent)\n", signature: signature)
        let result = try await TreeMerge(store: store, ours: ours, theirs: candidate.head)
        var edits: [TreePath: TreeEntry] = [:]
        var resolutions: [Resolution] = []
        for (path, merged) in try await appendedFiles(of: candidate, in: train) {
            edits[path] = merged
            resolutions.append(Resolution(path: path, method: .appended))
        }
        var conflicts: [Conflict] = []
        for conflict in result.conflicts where edits[conflict.path] == nil {
            switch try await resolve(conflict, of: candidate) {
            case .success(let (entry, method)):
                edits[conflict.path] = entry
                resolutions.append(Resolution(path: conflict.path, method: method))
            case .failure(let refusal):
                conflicts += refusal.conflicts
            }
        }
        guard conflicts.isEmpty else { return .conflicts(conflicts) }
        guard !edits.isEmpty else { return .merged(tree: result.tree, resolutions: []) }
        let tree = try await TreeEditor(store: store).setting(edits, in: result.tree)
        return .merged(tree: tree, resolutions: resolutions.sorted { $0.path < $1.path })
    }

    /// The append files that both sides changed, merged exactly.
    ///
    /// git alone would keep equal additions only once.
    private func appendedFiles(of candidate: MergeCandidate, in train: ObjectID) async throws -> [TreePath: TreeEntry] {
        let changes = candidate.changes.filter {
            candidate.appendPaths.contains($0.path) && $0.source == nil && $0.new?.mode.isRegularFile == true
        }
        let held = try await store.entries(at: changes.map(\.path), in: train)
        var merged: [TreePath: TreeEntry] = [:]
        for change in changes {
            guard let ours = held[change.path], let theirs = change.new, ours != change.old, ours.mode.isRegularFile
            else { continue }
            let text = try await texts(change.old, ours, theirs)
            guard let lines = text.flatMap({ AppendMerge.merge(base: $0.base, ours: $0.ours, theirs: $0.theirs) })
            else { continue }
            merged[change.path] = TreeEntry(mode: ours.mode, id: try await store.write(lines.bytes))
        }
        return merged
    }

    private struct Refusal: Error {
        var conflicts: [Conflict]
    }

    private typealias Solved = (entry: TreeEntry, method: Resolution.Method)

    private func resolve(_ conflict: TreeMerge.Conflict, of candidate: MergeCandidate) async throws
        -> Result<Solved, Refusal>
    {
        func refuse() -> Result<Solved, Refusal> {
            .failure(Refusal(conflicts: [Conflict(path: conflict.path, reason: conflict.reason)]))
        }
        guard conflict.isContentOnly, let ours = conflict.ours, let theirs = conflict.theirs,
            let text = try await texts(conflict.base, ours, theirs)
        else { return refuse() }
        let mode = ours.mode == conflict.base?.mode ? theirs.mode : ours.mode
        let isDeclared = candidate.appendPaths.contains(conflict.path)
        if conflict.base != nil {
            let history = AppendHistory(store: store)
            if try await history.isAppendOnly(conflict.path, at: candidate.base),
                let lines = AppendMerge.merge(base: text.base, ours: text.ours, theirs: text.theirs)
            {
                return .success((TreeEntry(mode: mode, id: try await store.write(lines.bytes)), .appended))
            }
        }
        switch AdditionMerge.merge(base: text.base, ours: text.ours, theirs: text.theirs) {
        case .merged(let lines)
        where isDeclared || (conflict.base != nil && candidate.keepsBothAdditions(conflict.path)):
            return .success((TreeEntry(mode: mode, id: try await store.write(lines.bytes)), .bothAdded))
        case .merged:
            return .failure(Refusal(conflicts: Self.meetings(conflict, text)))
        case .clashes(let clashes):
            return .failure(
                Refusal(
                    conflicts: clashes.map { clash in
                        Conflict(
                            path: conflict.path, reason: conflict.reason,
                            train: .init(text.ours, clash.ours), agent: .init(text.theirs, clash.theirs))
                    }))
        case .tooDifferent:
            return refuse()
        }
    }

    /// The additions at one place that no policy of the plan allows to be kept both.
    private static func meetings(_ conflict: TreeMerge.Conflict, _ text: Texts) -> [Conflict] {
        let left = LineDiff.hunks(from: text.base.lines, to: text.ours.lines) ?? []
        let right = LineDiff.hunks(from: text.base.lines, to: text.theirs.lines) ?? []
        let meetings = left.flatMap { mine in
            right.filter { $0.old == mine.old && mine.isInsertion }.map { other in
                Conflict(
                    path: conflict.path,
                    reason: "both add lines at one place, and the plan has no policy that keeps both",
                    train: .init(text.ours, mine.new), agent: .init(text.theirs, other.new))
            }
        }
        return meetings.isEmpty ? [Conflict(path: conflict.path, reason: conflict.reason)] : meetings
    }

    private typealias Texts = (base: Lines, ours: Lines, theirs: Lines)

    /// The three texts; `nil` when one of them is no text.
    private func texts(_ base: TreeEntry?, _ ours: TreeEntry, _ theirs: TreeEntry) async throws -> Texts? {
        let blobs = try await store.blobs([base?.id, ours.id, theirs.id].compactMap { $0 })
        guard let left = blobs[ours.id], let right = blobs[theirs.id] else { return nil }
        let origin = base.flatMap { blobs[$0.id] } ?? []
        guard ![origin, left, right].contains(where: Lines.isBinary) else { return nil }
        return (Lines(origin), Lines(left), Lines(right))
    }
}
