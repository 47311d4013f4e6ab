import Foundation
import Logging
import PostgresFixture
import PostgresPool
import Testing

@testable import PermitsApp

/// The register in every database that it can live in.
@Suite struct PermitStoreTests {
    enum Kind: CaseIterable, Sendable {
        case sqlite
        case postgres
    }

    /// What `/health` asks: of the file that is there now, not of the one that was opened.
    @Test func aFileThatWasReplacedUnderAnOpenStoreIsSeen() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("permits-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("permits.sqlite")
        let store = try SQLitePermitStore(path: file.path)
        try await store.migrate()
        #expect(try await store.missingTables() == [])
        try FileManager.default.moveItem(at: file, to: folder.appendingPathComponent("away.sqlite"))
        #expect(try await store.missingTables() == ["permits", "permits_search"])
        try Data().write(to: file)
        #expect(try await store.missingTables() == ["permits", "permits_search"])
    }

    private static let server = Task { try await ThrowawayPostgres.start() }

    private func withStore(
        _ kind: Kind, _ body: @escaping @Sendable (any PermitStore) async throws -> Void
    ) async throws {
        let name = "permits_\(UUID().uuidString.lowercased().filter { $0 != "-" })"
        switch kind {
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let store = try SQLitePermitStore(path: folder.appendingPathComponent("permits.sqlite").path)
            try await store.migrate()
            try await body(store)
        case .postgres:
            let server = try await Self.server.value
            try await server.psql("CREATE DATABASE \(name)")
            var configuration = PostgresPoolConfiguration(
                connectionString: "postgres://postgres@127.0.0.1:\(server.port)/\(name)")
            configuration.acquireTimeout = .seconds(60)
            let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            try await PostgresPool.withPool(configuration, logger: silent) { pool in
                let store = PostgresPermitStore(pool: pool)
                try await store.migrate()
                try await body(store)
            }
        }
    }

    @Test func theRegisterIsTheSameEverywhere() {
        var first = PermitGenerator()
        var second = PermitGenerator()
        let permits = first.permits()
        #expect(permits == second.permits())
        #expect(permits.count == 6_000)
        #expect(Set(permits.map(\.number)).count == 6_000)
    }

    @Test(arguments: Kind.allCases) func whatIsKeptIsRead(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            var generator = PermitGenerator()
            let permits = generator.permits()
            for permit in [permits[0], permits[5_999]] {
                let kept = try await store.permit(id: permit.id)
                #expect(kept == permit)
            }
            let none = try await store.permit(id: 6_001)
            #expect(none == nil)
            let latest = try await store.latest(limit: 3)
            let expected = permits.sorted { ($1.filedOn, $1.id) < ($0.filedOn, $0.id) }.prefix(3)
            #expect(latest == Array(expected))
        }
    }

    @Test(arguments: Kind.allCases) func searchFindsWordsInAnyColumn(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            for words in ["valencia", "VALENCIA street", "solar", "ramirez", "seismic mission"] {
                let found = try await store.search(words, limit: 20)
                #expect(found.total > 0, "\(words)")
                #expect(found.permits.count == min(20, found.total))
            }
            let none = try await store.search("nothing-like-this", limit: 20)
            #expect(none.total == 0)
        }
    }

    @Test func bothSearchesFindTheSamePermits() async throws {
        try await withStore(.sqlite) { sqlite in
            try await withStore(.postgres) { postgres in
                for words in ["valencia", "VALENCIA street", "2025-0413", "o'brien", "roof & solar", "12 noe"] {
                    let ours = try await sqlite.search(words, limit: 6_000)
                    let theirs = try await postgres.search(words, limit: 6_000)
                    #expect(ours.total == theirs.total, "\(words)")
                    #expect(Set(ours.permits.map(\.id)) == Set(theirs.permits.map(\.id)), "\(words)")
                }
            }
        }
    }

    /// Whatever a visitor types is words: the search's own syntax must neither work nor break.
    @Test(arguments: Kind.allCases) func searchTakesAnything(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            for words in [
                "\"", "*", "a AND", "NEAR(", "' OR 1=1 --", "title:x", "", "   ", "\u{0}", "🏗️", "-", "^a", "a\" *",
                "a & | ! ( )", "foo:*", "\\", String(repeating: "x", count: 200),
            ] {
                _ = try await store.search(words, limit: 5)
            }
        }
    }

    @Test(arguments: Kind.allCases) func districtsAddUp(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            let districts = try await store.districts()
            #expect(districts.map(\.permits).reduce(0, +) == 6_000)
            #expect(districts.allSatisfy { $0.open < $0.permits && $0.meanCost > 0 })
            let ids = try await store.ids(after: 5_990, limit: 100)
            #expect(ids == Array(5_991...6_000))
        }
    }

    @Test(arguments: Kind.allCases) func severalThatMigrateAtOnceFillItOnce(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await store.migrate() } }
                try await group.waitForAll()
            }
            let missing = try await store.missingTables()
            #expect(missing == [])
            let ids = try await store.ids(after: 0, limit: 10_000)
            #expect(ids.count == 6_000)
        }
    }
}
