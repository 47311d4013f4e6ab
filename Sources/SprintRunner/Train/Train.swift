/// A row of merges that is not on any branch yet: built in memory on a target commit.
struct Train: Sendable {
    /// A merge of one agent's branch.
    struct Car: Sendable {
        var agent: String
        var commit: ObjectID
        var resolutions: [Resolution]
    }

    /// The commit that the train starts from: the main branch as it is now.
    var target: ObjectID
    /// The merges in order.
    var cars: [Car] = []
    /// The agents whose merge met a conflict, in order.
    var conflicts: [(agent: String, conflicts: [Conflict])] = []
    /// The last commit of the train: what is tested and lands.
    var head: ObjectID

    /// The commits that show the effect of each merge: the last one is the head, concatenation included.
    var prefixes: [ObjectID] {
        cars.isEmpty ? [] : cars.dropLast().map(\.commit) + [head]
    }
}

/// Builds trains.
struct TrainBuilder {
    let objects: ObjectSession
    let signature: Signature
    /// The sprint's name, for the messages of the merge commits.
    let sprint: String
    var concatenations: [Concatenation] = []

    /// Merges the candidates in order; one that conflicts is left out, whole.
    ///
    /// - Throws: ``LostLines`` when the finished train does not hold every line that an agent added.
    func build(on target: ObjectID, _ candidates: [MergeCandidate]) async throws -> Train {
        var train = Train(target: target, head: target)
        var tree = try await objects.tree(of: target)
        let merger = Merger(objects: objects, signature: signature)
        var merged: [MergeCandidate] = []
        for candidate in candidates {
            switch try await merger.merge(candidate, into: tree) {
            case .conflicts(let conflicts):
                train.conflicts.append((candidate.agent, conflicts))
            case .merged(let result, let resolutions):
                let title = candidate.title.isEmpty ? "" : ": \(candidate.title)"
                let commit = try await objects.writeCommit(
                    tree: result, parents: [train.head, candidate.head],
                    message: "Merge agent \(candidate.agent)\(title)\n\nSprint: \(sprint)\nAgent: \(candidate.agent)\n",
                    signature: signature)
                train.cars.append(Train.Car(agent: candidate.agent, commit: commit, resolutions: resolutions))
                train.head = commit
                tree = result
                merged.append(candidate)
            }
        }
        let appended = train.cars.flatMap(\.resolutions).filter { $0.method == .appended }.map(\.path)
        let shortages = try await LineAccount(objects: objects).shortages(
            of: merged, target: target, in: tree, appended: Set(appended))
        guard shortages.isEmpty else { throw LostLines(shortages: shortages) }
        let start = try await objects.tree(of: target)
        for concatenation in concatenations where !train.cars.isEmpty {
            guard let result = try await concatenation.apply(to: tree, since: start, in: objects) else { continue }
            train.head = try await objects.writeCommit(
                tree: result, parents: [train.head], message: "\(concatenation.title)\n\nSprint: \(sprint)\n",
                signature: signature)
            tree = result
        }
        return train
    }
}

/// A train that would lose lines: it is not landed.
public struct LostLines: Error, CustomStringConvertible {
    let shortages: [LineAccount.Shortage]

    /// The first lines that are missing, with their agents.
    public var description: String {
        let shown = shortages.prefix(10).map { "  \($0.agent), \($0.path): \($0.missing) × \($0.line)" }
        return "the merged tree lacks \(shortages.count) lines that agents added; nothing was landed\n"
            + shown.joined(separator: "\n")
    }
}
