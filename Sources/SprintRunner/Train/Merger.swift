/// Merges one branch into the train in memory: no checkout, no index, no ref is touched.
struct Merger {
    private let objects: ObjectSession
    private let signature: Signature
    private let history: AppendHistory

    init(objects: ObjectSession, signature: Signature) {
        self.objects = objects
        self.signature = signature
        history = AppendHistory(objects)
    }

    enum Outcome: Sendable {
        case merged(tree: ObjectID, resolutions: [Resolution])
        case conflicts([Conflict])
    }

    /// Three-way merges a candidate into a tree, with the candidate's own base as the base.
    func merge(_ candidate: MergeCandidate, into train: ObjectID) async throws -> Outcome {
        let base = try await objects.tree(of: candidate.base)
        let mine = TreeChange.apart(candidate.changes)
        let landed = TreeChange.apart(try await objects.changes(from: base, to: train))
        let appended = try await appendedFiles(of: candidate, mine, landed)
        let overlap = Overlap(mine.keys, landed.keys)
        guard !overlap.nests, overlap.paths.isSubset(of: appended.keys) else {
            return try await mergeByContent(candidate, into: train, appended)
        }
        let edits = mine.mapValues(\.new).merging(appended) { $1 }
        let tree = try await TreeEditor(objects: objects).setting(edits, in: train)
        return .merged(tree: tree, resolutions: Self.resolutions(appended.mapValues { _ in .appended }))
    }

    private static func resolutions(_ methods: [TreePath: Resolution.Method]) -> [Resolution] {
        methods.map { Resolution(path: $0, method: $1) }.sorted { $0.path < $1.path }
    }

    /// Lets git merge, and resolves what it leaves where that is safe.
    private func mergeByContent(
        _ candidate: MergeCandidate, into train: ObjectID, _ appended: [TreePath: TreeEntry]
    ) async throws -> Outcome {
        // A commit with the candidate's base as its only parent makes that base the merge base, whatever else the
        // two histories share: the result depends on three trees and on nothing else.
        let ours = try await objects.writeCommit(
            tree: train, parents: [candidate.base], message: "Train before \(candidate.agent)\n", signature: signature)
        let result = try await TreeMerge(git: objects.git, ours: ours, theirs: candidate.head)
        var edits = appended
        var methods: [TreePath: Resolution.Method] = appended.mapValues { _ in .appended }
        var conflicts: [Conflict] = []
        for conflict in result.conflicts where edits[conflict.path] == nil {
            switch try await resolve(conflict, of: candidate) {
            case .success(let (entry, method)):
                edits[conflict.path] = entry
                methods[conflict.path] = method
            case .failure(let refusal):
                conflicts += refusal.conflicts
            }
        }
        guard conflicts.isEmpty else { return .conflicts(conflicts) }
        let tree = try await TreeEditor(objects: objects).setting(edits.mapValues { $0 }, in: result.tree)
        return .merged(tree: tree, resolutions: Self.resolutions(methods))
    }

    /// The append files that both sides only appended to, merged exactly: those that the plan declares, and those whose
    /// history shows it.
    ///
    /// git alone would keep equal additions only once.
    private func appendedFiles(
        of candidate: MergeCandidate, _ mine: [TreePath: TreeChange], _ landed: [TreePath: TreeChange]
    ) async throws -> [TreePath: TreeEntry] {
        var merged: [TreePath: TreeEntry] = [:]
        for (path, change) in mine {
            guard let ours = landed[path]?.new, let theirs = change.new, ours.mode.isRegularFile,
                theirs.mode.isRegularFile
            else { continue }
            let text = try await texts(change.old, ours, theirs)
            guard let lines = text.flatMap({ AppendMerge.merge(base: $0.base, ours: $0.ours, theirs: $0.theirs) })
            else { continue }
            if !candidate.appendPaths.contains(path) {
                guard change.old != nil, try await history.isAppendOnly(path, at: candidate.base) else { continue }
            }
            let mode = ours.mode == change.old?.mode ? theirs.mode : ours.mode
            merged[path] = TreeEntry(mode: mode, id: try await objects.write(lines.bytes))
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
        switch AdditionMerge.merge(base: text.base, ours: text.ours, theirs: text.theirs) {
        case .merged(let lines)
        where isDeclared || (conflict.base != nil && candidate.keepsBothAdditions(conflict.path)):
            return .success((TreeEntry(mode: mode, id: try await objects.write(lines.bytes)), .bothAdded))
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
        let blobs = try await objects.blobs([base?.id, ours.id, theirs.id].compactMap { $0 })
        guard let left = blobs[ours.id], let right = blobs[theirs.id] else { return nil }
        let origin = base.flatMap { blobs[$0.id] } ?? []
        guard ![origin, left, right].contains(where: Lines.isBinary) else { return nil }
        return (Lines(origin), Lines(left), Lines(right))
    }
}
