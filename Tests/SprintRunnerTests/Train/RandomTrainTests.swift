import Foundation
import SystemPackage
import Testing

@testable import SprintRunner

/// Histories nobody thought of: each is merged by the code under test and by a slow model, and every line is counted.
@Suite struct RandomTrainTests {
    /// Trains of real branches: appends, edits, new files, renames and deletions, merged in a real repository.
    ///
    /// `PITWALL_TRAINS=1000` makes as many as the figures in the documentation are of.
    @Test func trainsOfRealBranchesEqualTheSlowModel() async throws {
        let first: UInt64 = 74
        let count = ProcessInfo.processInfo.environment["PITWALL_TRAINS"].flatMap { UInt64($0) } ?? 40
        print("seeds \(first)..<\(first + count)")
        let scratch = try await Scratch.withRepository()
        let repository = try await Repository(at: scratch.repository)
        let store = try await ObjectStore(directory: scratch.root.appending("objects.git"), repository: repository)
        var tally = Tally()
        try await store.open { objects in
            for seed in first..<(first + count) {
                try await check(RandomHistory(seed: seed), seed, in: objects, &tally)
            }
        }
        print("\(count) trains: \(tally)")
        #expect(tally.merged > count && tally.refused > count / 10 && tally.resolved > count / 2)
    }

    /// The histories of those trains hold every kind of change that branches meet with, alone and on several at once.
    @Test func aThousandHistoriesHoldEveryKindOfChange() {
        var counts: [String: Int] = [:]
        for seed in UInt64(74)..<1074 {
            let history = RandomHistory(seed: seed)
            for branch in history.branches {
                for (key, old) in history.base {
                    guard let new = branch.tree[key] else {
                        counts["deletions", default: 0] += 1
                        continue
                    }
                    if new.path != old.path { counts["renames", default: 0] += 1 }
                    if new.lines == old.lines { continue }
                    counts[new.lines.starts(with: old.lines) ? "appends" : "edits", default: 0] += 1
                    let others = history.branches.filter { $0.name != branch.name }.compactMap { $0.tree[key] }
                    if others.contains(where: { $0.path != old.path }) {
                        counts["edits of what another renames", default: 0] += 1
                    }
                }
                counts["additions", default: 0] += Set(branch.tree.keys).subtracting(history.base.keys).count
            }
        }
        print(counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
        #expect(counts.count == 6 && counts.values.allSatisfy { $0 >= 50 }, "\(counts)")
    }

    private struct Tally: CustomStringConvertible {
        var merged = 0
        var refused = 0
        var resolved = 0
        var lines = 0
        var description: String {
            "\(merged) branches merged, \(refused) refused, \(resolved) files merged by rule, \(lines) lines added"
        }
    }

    private func check(
        _ history: RandomHistory, _ seed: UInt64, in objects: ObjectSession, _ tally: inout Tally
    ) async throws {
        var base: ObjectID?
        for version in history.bases { base = try await commit(version, base.map { [$0] } ?? [], objects) }
        let start = try #require(base)
        var candidates: [MergeCandidate] = []
        var expected = history.base
        var expectedCars: [String] = []
        for branch in history.branches {
            let head = try await commit(branch.tree, [start], objects)
            candidates.append(
                MergeCandidate(
                    agent: branch.name, title: "", base: start, head: head,
                    changes: try await objects.changes(from: objects.tree(of: start), to: objects.tree(of: head)),
                    appendPaths: [TreePath(RandomHistory.declared)], keepsBothAdditions: { _ in true }))
            if let merged = SlowMerge.merge(base: history.base, ours: expected, theirs: branch.tree) {
                expected = merged
                expectedCars.append(branch.name)
            }
        }
        let train = try await TrainBuilder(objects: objects, signature: .test, sprint: "r").build(on: start, candidates)
        #expect(train.cars.map(\.agent) == expectedCars, "seed \(seed)")
        let files = try await content(of: train.head, objects)
        let wanted = Dictionary(uniqueKeysWithValues: expected.values.map { ($0.path, $0.lines) })
        for path in Set(files.keys).union(wanted.keys).sorted() {
            #expect(files[path] == wanted[path], "seed \(seed): \(path)")
        }
        // Counted once more without the model: a line only its branch wrote is in the result as often as it wrote it.
        let result = counts(files.values.joined())
        for branch in history.branches where train.cars.contains(where: { $0.agent == branch.name }) {
            let own = branch.tree.values.flatMap(\.lines).filter { $0.hasPrefix("b\(branch.name)") }
            for (line, count) in counts(own) {
                #expect(result[line] == count, "seed \(seed), agent \(branch.name): \(line)")
            }
            tally.lines += own.count
        }
        tally.merged += train.cars.count
        tally.refused += train.conflicts.count
        tally.resolved += train.cars.reduce(0) { $0 + $1.resolutions.count }
    }

    /// 1,000 trains of 2 to 6 branches, each branch editing one text with lines of its own.
    @Test func aThousandTrainsOfOneTextLoseNoLine() throws {
        let seed: UInt64 = 20_261_123
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var merged = 0
        var refused = 0
        for train in 0..<1000 {
            let base = (0..<Int.random(in: 0...12, using: &random)).map { "base \($0)" }
            var state = base
            var kept = Set<String>()
            var removed = Set<String>()
            for branch in 0..<Int.random(in: 2...6, using: &random) {
                var side = base
                for edit in 0..<Int.random(in: 1...3, using: &random) {
                    side = RandomHistory.edited(side, "b\(branch).\(edit)", &random)
                }
                let expected = SlowMerge.merge(base: base, ours: state, theirs: side)
                let outcome = AdditionMerge.merge(base: lines(base), ours: lines(state), theirs: lines(side))
                guard case .merged(let result) = outcome else {
                    #expect(expected == nil, "train \(train): refused what the model merges")
                    refused += 1
                    continue
                }
                #expect(texts(result) == expected, "train \(train), branch \(branch)")
                state = texts(result)
                kept.formUnion(side.filter { !$0.hasPrefix("base") })
                removed.formUnion(Set(base).subtracting(side))
                merged += 1
            }
            #expect(kept.isSubset(of: state), "train \(train) lost \(kept.subtracting(state))")
            #expect(Set(base).subtracting(removed).isSubset(of: state), "train \(train)")
        }
        print("merged \(merged), refused \(refused)")
        #expect(merged > 1000 && refused > 100)
    }

    // MARK: Trees

    private func lines(_ texts: [String]) -> Lines { Lines(Array(texts.map { $0 + "\n" }.joined().utf8)) }
    private func texts(_ lines: Lines) -> [String] { lines.lines.map { String(decoding: $0, as: UTF8.self) } }
    private func counts(_ lines: some Sequence<String>) -> [String: Int] {
        lines.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    private func commit(
        _ tree: RandomHistory.Tree, _ parents: [ObjectID], _ objects: ObjectSession
    ) async throws -> ObjectID {
        try await objects.commit(
            Dictionary(uniqueKeysWithValues: tree.values.map { ($0.path, lines($0.lines).bytes) }), parents)
    }

    private func content(of commit: ObjectID, _ objects: ObjectSession) async throws -> [String: [String]] {
        let files = try await objects.listing(of: objects.tree(of: commit))
        let blobs = try await objects.blobs(files.map(\.1.id))
        return Dictionary(uniqueKeysWithValues: files.map { ($0.0.text, texts(Lines(blobs[$0.1.id] ?? []))) })
    }
}
