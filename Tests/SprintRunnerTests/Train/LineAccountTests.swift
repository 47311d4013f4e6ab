import SystemPackage
import Testing

@testable import SprintRunner

/// A merge that lost a line, however it came to, is not landed.
@Suite struct LineAccountTests {
    private func withObjects(_ work: (ObjectSession) async throws -> Void) async throws {
        let scratch = try await Scratch.withRepository()
        let repository = try await Repository(at: scratch.repository)
        try await ObjectStore(directory: scratch.root.appending("objects.git"), repository: repository).open(work)
    }

    /// The missing lines of a result that should hold what each branch made of a base.
    private func missing(
        _ base: String, _ branches: [String], _ result: [String: String], appended: Bool = false,
        _ objects: ObjectSession
    ) async throws -> Int {
        let start = try await objects.commit(["a": Array(base.utf8)])
        var candidates: [MergeCandidate] = []
        for (index, text) in branches.enumerated() {
            let head = try await objects.commit(["a": Array(text.utf8)], [start])
            let changes = try await objects.changes(from: objects.tree(of: start), to: objects.tree(of: head))
            candidates.append(
                MergeCandidate(agent: "\(index)", title: "", base: start, head: head, changes: changes))
        }
        let tree = try await objects.tree(of: objects.commit(result.mapValues { Array($0.utf8) }))
        return try await LineAccount(objects: objects).shortages(
            of: candidates, target: start, in: tree, appended: appended ? [TreePath("a")] : []
        ).reduce(0) { $0 + $1.missing }
    }

    @Test func aLostLineIsFound() async throws {
        try await withObjects { objects async throws in
            let branch = ["one\ntwo\nthree\nthree\n"]
            for (result, count) in [
                ("one\ntwo\nthree\n", 1), ("one\ntwo\n", 2), ("three\none\nthree\n", 0),
            ] {
                #expect(try await missing("one\ntwo\n", branch, ["a": result], objects) == count)
            }
            #expect(try await missing("one\ntwo\n", branch, ["b": "x\n"], objects) == 2)
        }
    }

    @Test func anEqualLineOfTwoAgentsCountsTwiceInAnAppendFile() async throws {
        try await withObjects { objects async throws in
            let branches = ["one\n---\nx\n", "one\n---\ny\n"]
            let once = ["a": "one\n---\nx\ny\n"]
            #expect(try await missing("one\n", branches, once, objects) == 0)
            #expect(try await missing("one\n", branches, once, appended: true, objects) == 2)
            #expect(
                try await missing("one\n", branches, ["a": "one\n---\nx\n---\ny\n"], appended: true, objects) == 0)
        }
    }

    @Test func whatAnotherBranchRemovedIsNotMissed() async throws {
        try await withObjects { objects async throws in
            #expect(try await missing("one\ntwo\n", ["one\ntwo\none\n", "two\n"], ["a": "two\none\n"], objects) == 0)
        }
    }
}
