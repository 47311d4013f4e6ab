import SystemPackage
import Testing

@testable import SprintRunner

/// `cat A B >> C` after the merges: everything once, and nothing left out for looking like something else.
@Suite struct ConcatenationTests {
    /// What the destination holds after the concatenation, made of files before and after the merges.
    private func joined(_ before: [String: String], _ after: [String: String]) async throws -> String? {
        let scratch = try await Scratch.withRepository()
        let repository = try await Repository(at: scratch.repository)
        let store = try await ObjectStore(directory: scratch.root.appending("objects.git"), repository: repository)
        let concatenation = Concatenation(
            sources: [{ $0.text.hasPrefix("part-") }], destination: TreePath("all"), title: "Join")
        return try await store.open { objects in
            let target = try await objects.tree(of: objects.commit(before.mapValues { Array($0.utf8) }))
            let tree = try await objects.tree(of: objects.commit(after.mapValues { Array($0.utf8) }))
            guard let grown = try await concatenation.apply(to: tree, since: target, in: objects) else { return nil }
            let entry = try await objects.entries(at: [TreePath("all")], in: grown)[TreePath("all")]
            #expect(try await concatenation.apply(to: grown, since: grown, in: objects) == nil)
            return String(decoding: try await objects.blob(#require(entry).id), as: UTF8.self)
        }
    }

    @Test func sourcesThatAreAlikeAreAllJoined() async throws {
        #expect(
            try await joined(["all": "old\n"], ["all": "old\n", "part-1": "- done\n", "part-2": "- done\n"])
                == "old\n- done\n- done\n")
    }

    @Test func whatTheDestinationAlwaysHeldHidesNoNewSource() async throws {
        let parts = ["part-1": "- tests\n", "part-2": "- docs\n"]
        #expect(
            try await joined(["all": "- tests\n"], parts.merging(["all": "- tests\n"]) { $1 })
                == "- tests\n- tests\n- docs\n")
    }

    @Test func whatAnAgentWroteIntoBothIsThereOnce() async throws {
        #expect(
            try await joined(["all": "old\n"], ["all": "old\nx\ny\n", "part-1": "x\n", "part-2": "y\n"]) == nil)
        #expect(
            try await joined(["all": "old\n"], ["all": "old\nx\n", "part-1": "x\n", "part-2": "x\n"])
                == "old\nx\nx\n")
    }

    @Test func whatWasJoinedBeforeIsNotJoinedAgain() async throws {
        let landed = ["all": "x\nx\n", "part-1": "x\n", "part-2": "x\n"]
        #expect(try await joined(landed, landed) == nil)
        #expect(try await joined(landed, landed.merging(["part-3": "x\n"]) { $1 }) == "x\nx\nx\n")
        // A destination that was changed within does not tell what of it is new.
        #expect(try await joined(["all": "a\nb\n"], ["all": "x\na\nb\n", "part-1": "x\n"]) == nil)
    }
}
