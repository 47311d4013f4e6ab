import Foundation
import SystemPackage
import Testing

@testable import SprintRunner

/// Histories nobody thought of: each is merged by the code under test and by a slow model, and every line is counted.
@Suite struct RandomTrainTests {
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
                let side = edited(base, branch, &random)
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

    /// The same with files in a real repository: appends, edits, new files and renames, merged by git and by the rules.
    @Test func trainsOfRealBranchesLoseNoLine() async throws {
        let seed: UInt64 = 74
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let scratch = try await Scratch.withRepository()
        let repository = try await Repository(at: scratch.repository)
        let store = try await ObjectStore(directory: scratch.root.appending("objects.git"), repository: repository)
        let signature = Signature(name: "A", email: "a@b.c", time: 1)
        var merged = 0
        for train in 0..<25 {
            var files: [String: [String]] = ["log.md": ["log"]]
            for index in 0..<4 { files["dir/f\(index)"] = (0..<10).map { "f\(index) line \($0)" } }
            let base = try await commit(files, [], store, signature)
            var candidates: [MergeCandidate] = []
            var added: [String: [(path: String, lines: [String])]] = [:]
            for branch in 0..<Int.random(in: 2...4, using: &random) {
                var mine = files
                let log = (0...Int.random(in: 0...2, using: &random)).map { "b\(branch) log \($0 == 1 ? 0 : $0)" }
                mine["log.md", default: []] += log
                let target = "dir/f\(Int.random(in: 0..<4, using: &random))"
                mine[target] = edited(files[target] ?? [], branch, &random)
                mine["new\(branch)"] = ["b\(branch) new"]
                if Bool.random(using: &random) {
                    let source = "dir/f\(Int.random(in: 0..<4, using: &random))"
                    mine["moved/\(branch)"] = mine.removeValue(forKey: source)
                }
                let head = try await commit(mine, [base], store, signature)
                candidates.append(
                    MergeCandidate(
                        agent: "\(branch)", title: "", base: base, head: head,
                        changes: try await store.changes(from: base, to: head, findingRenames: true),
                        appendPaths: [TreePath("log.md")], keepsBothAdditions: { _ in true }))
                added["\(branch)"] = mine.map { path, content in
                    (path, content.filter { $0.hasPrefix("b\(branch)") })
                }
            }
            let built = try await TrainBuilder(store: store, signature: signature, sprint: "r").build(
                on: base, candidates)
            merged += built.cars.count
            let result = try await store.listing(of: built.head)
            let blobs = try await store.blobs(result.map(\.1.id))
            let text = result.compactMap { blobs[$0.1.id] }.flatMap {
                Lines($0).lines.map { String(decoding: $0, as: UTF8.self) }
            }
            var counts: [String: Int] = [:]
            for line in text { counts[line, default: 0] += 1 }
            for car in built.cars {
                var wanted: [String: Int] = [:]
                for (_, lines) in added[car.agent] ?? [] { for line in lines { wanted[line, default: 0] += 1 } }
                for (line, count) in wanted {
                    #expect(counts[line, default: 0] == count, "train \(train), agent \(car.agent): \(line)")
                }
            }
        }
        print("merged \(merged) branches")
        #expect(merged > 40)
    }

    /// A merge that lost a line, however it came to, is not landed.
    @Test func aLostLineIsFound() async throws {
        let scratch = try await Scratch.withRepository()
        let repository = try await Repository(at: scratch.repository)
        let store = try await ObjectStore(directory: scratch.root.appending("objects.git"), repository: repository)
        let signature = Signature(name: "A", email: "a@b.c", time: 1)
        let base = try await commit(["a": ["one", "two"]], [], store, signature)
        let head = try await commit(["a": ["one", "two", "three", "three"]], [base], store, signature)
        let candidate = MergeCandidate(
            agent: "1", title: "", base: base, head: head, changes: try await store.changes(from: base, to: head))
        let account = LineAccount(store: store)
        for (result, missing) in [(["one", "two", "three"], 1), (["one", "two"], 2), (["three", "one", "three"], 0)] {
            let tree = try await store.tree(of: commit(["a": result], [], store, signature))
            let shortages = try await account.shortages(of: [candidate], target: base, in: tree)
            #expect(shortages.reduce(0) { $0 + $1.missing } == missing)
        }
        let gone = try await store.tree(of: commit(["b": ["x"]], [], store, signature))
        #expect(try await account.shortages(of: [candidate], target: base, in: gone) != [])
    }

    private func lines(_ texts: [String]) -> Lines { Lines(Array(texts.map { $0 + "\n" }.joined().utf8)) }
    private func texts(_ lines: Lines) -> [String] { lines.lines.map { String(decoding: $0, as: UTF8.self) } }

    /// A text with some lines added, some changed and some removed, as a branch would.
    private func edited(_ base: [String], _ branch: Int, _ random: inout SeededGenerator) -> [String] {
        var text = base
        for edit in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0...text.count, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0 where place < text.count: text.remove(at: place)
            case 1 where place < text.count: text[place] = "b\(branch) changed \(edit)"
            default:
                let added = (0...Int.random(in: 0...2, using: &random)).map { "b\(branch) added \(edit).\($0)" }
                text.insert(contentsOf: added, at: Bool.random(using: &random) ? text.count : place)
            }
        }
        return text
    }

    private func commit(
        _ files: [String: [String]], _ parents: [ObjectID], _ store: ObjectStore, _ signature: Signature
    ) async throws -> ObjectID {
        var edits: [TreePath: TreeEntry] = [:]
        for (path, lines) in files {
            edits[TreePath(path)] = TreeEntry(mode: .file, id: try await store.write(self.lines(lines).bytes))
        }
        let empty = try await store.git.objectID(["mktree"])
        let tree = try await TreeEditor(store: store).setting(edits, in: empty)
        return try await store.commit(tree: tree, parents: parents, message: "x\n", signature: signature)
    }
}
