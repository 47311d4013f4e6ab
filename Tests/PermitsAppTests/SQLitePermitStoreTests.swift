import Foundation
import Testing

@testable import PermitsApp

@Suite struct SQLitePermitStoreTests {
    private func withStore(_ body: (SQLitePermitStore) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("permits-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try SQLitePermitStore(path: folder.appendingPathComponent("permits.sqlite").path)
        try await store.migrate()
        try await body(store)
    }

    @Test func theRegisterIsTheSameEverywhere() {
        var first = PermitGenerator()
        var second = PermitGenerator()
        let permits = first.permits()
        #expect(permits == second.permits())
        #expect(permits.count == 6_000)
        #expect(Set(permits.map(\.number)).count == 6_000)
    }

    @Test func searchFindsWordsInAnyColumn() async throws {
        try await withStore { store in
            for words in ["valencia", "VALENCIA street", "solar", "ramirez", "seismic mission"] {
                let found = try await store.search(words, limit: 20)
                #expect(found.total > 0, "\(words)")
                #expect(found.permits.count == min(20, found.total))
            }
            #expect(try await store.search("nothing-like-this", limit: 20).total == 0)
        }
    }

    /// Whatever a visitor types is words: FTS5's own syntax must neither work nor break.
    @Test(arguments: [
        "\"", "*", "a AND", "NEAR(", "' OR 1=1 --", "title:x", "", "   ", "\u{0}", "🏗️", "-", "^a", "a\" *",
    ])
    func searchTakesAnything(_ words: String) async throws {
        try await withStore { store in _ = try await store.search(words, limit: 5) }
    }

    @Test func districtsAddUp() async throws {
        try await withStore { store in
            let districts = try await store.districts()
            #expect(districts.map(\.permits).reduce(0, +) == 6_000)
            #expect(districts.allSatisfy { $0.open < $0.permits && $0.meanCost > 0 })
            #expect(try await store.ids(after: 5_990, limit: 100) == Array(5_991...6_000))
            #expect(try await store.permit(id: 6_001) == nil)
            #expect(try await store.latest(limit: 3).count == 3)
        }
    }

    @Test func migratingTwiceChangesNothing() async throws {
        try await withStore { store in
            try await store.migrate()
            #expect(try await store.missingTables() == [])
            #expect(try await store.ids(after: 0, limit: 10_000).count == 6_000)
        }
    }
}
