import Foundation

#if canImport(System)
    public import System
#else
    public import SystemPackage
#endif

/// Branches merged in memory, one after the other, with no checkout and no branch touched.
///
/// This is the train of a sprint for branches that are there already. The merges are commits that no ref names yet;
/// moving a branch to ``commit`` lands them.
public struct MergeTrain: Sendable {
    /// The last merge, or the target when nothing could be merged.
    public let commit: ObjectID
    /// The branches that were merged, in order.
    public let merged: [String]
    /// The branches that do not fit what was merged before them.
    public let conflicts: [(branch: String, conflicts: [Conflict])]

    /// Merges branches onto a target, each as a merge commit of its own.
    ///
    /// - Parameters:
    ///   - branches: revisions, in the order of merging.
    ///   - target: the revision to start from.
    ///   - directory: the repository, or a checkout of it.
    ///   - append: files that are only appended to and are merged exactly.
    ///   - keepsBothAdditions: whether what two branches add at one place is kept, the earlier branch's first.
    /// - Throws: ``GitError``; ``LostLines`` when a merge would lose a line that a branch added.
    public static func build(
        of branches: [String], onto target: String, in directory: FilePath, append: [String] = [],
        keepsBothAdditions: Bool = false
    ) async throws -> MergeTrain {
        let repository = try await Repository(at: directory)
        let place = repository.commonDirectory.appending("pitwall").appending("objects.git")
        let store = try await ObjectStore(directory: place, repository: repository)
        let commits = try await repository.commits([target] + branches)
        let (start, heads) = (commits[0], commits.dropFirst())
        let history = try await History(of: Array(heads), beyond: start, store.git)
        let signature = Signature(
            name: "Pitwall", email: "pitwall@localhost", time: Int(Date().timeIntervalSince1970))
        let train = try await store.open { objects in
            var candidates: [MergeCandidate] = []
            for (branch, head) in zip(branches, heads) {
                let base = try await history.base(of: head)
                candidates.append(
                    MergeCandidate(
                        agent: branch, title: "", base: base, head: head,
                        changes: try await objects.changes(
                            from: objects.tree(of: base), to: objects.tree(of: head)),
                        appendPaths: Set(append.map { TreePath($0) }),
                        keepsBothAdditions: { _ in keepsBothAdditions }))
            }
            return try await TrainBuilder(objects: objects, signature: signature, sprint: target).build(
                on: start, candidates)
        }
        return MergeTrain(
            commit: train.head, merged: train.cars.map(\.agent),
            conflicts: train.conflicts.map { ($0.agent, $0.conflicts) })
    }
}
