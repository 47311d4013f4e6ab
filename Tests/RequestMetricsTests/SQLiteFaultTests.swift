import Foundation
import GRDB
import LatencyHistogram
import Testing

@testable import RequestMetrics

@Suite struct SQLiteFaultTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func error(_ body: () async throws -> Void) async -> MetricsStoreError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? MetricsStoreError
        }
    }

    @Test func aLockedFileFailsAsLockedAndTheBatchGoesOutLater() async throws {
        let store = SQLiteStore(path: folder.file(), busyTimeout: 0.05)
        try await store.write(.sample(1, at: .noon(10), [.permit: 1]))
        let lock = try ExclusiveLock(on: folder.file())
        let failure = await error { try await store.write(.sample(2, at: .noon(20), [.permit: 2])) }
        #expect(failure?.code == .locked)
        #expect(
            failure?.description == "\(folder.file()): another program holds the database and did not let go "
                + "(database is locked). End its transaction and try again; a running service keeps its counts "
                + "and writes them then.")
        // Readers wait for nobody.
        #expect(try await store.read(.hours(0...1)).counts == [.permit: 1])
        try lock.release()
        try await store.write(.sample(2, at: .noon(20), [.permit: 2]))
        #expect(try await store.read(.hours(0...1)).counts == [.permit: 3])
    }

    @Test func aFileThatIsLockedBeforeItIsOpenedIsOpenedLater() async throws {
        let lock = try ExclusiveLock(on: folder.file())
        let store = SQLiteStore(path: folder.file(), busyTimeout: 0.05)
        #expect(await error { try await store.write(.sample(1, at: .noon(10), [.permit: 1])) }?.code == .locked)
        try lock.release()
        try await store.write(.sample(1, at: .noon(10), [.permit: 1]))
        #expect(try await store.read(.hours(0...1)).counts == [.permit: 1])
    }

    @Test func aFileThatIsNoDatabaseIsLeftAsItIs() async throws {
        let text = Data(String(repeating: "These are my notes, not a database.\n", count: 200).utf8)
        try text.write(to: URL(fileURLWithPath: folder.file()))
        let store = SQLiteStore(path: folder.file())
        let failure = await error { try await store.migrate() }
        #expect(failure?.code == .corrupt)
        #expect(
            failure?.description == "\(folder.file()): the file is not a SQLite database (file is not a database). "
                + "Give another path; the file was left as it is.")
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == text)
    }

    @Test func aDamagedFileIsATypedError() async throws {
        let store = SQLiteStore(path: folder.file())
        for sequence in 1...200 {
            try await store.write(
                .sample(UInt64(sequence), at: .noon(Double(sequence)), [.permit: 1], rows: [.sample(), .sample()]))
        }
        try await store.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
        for index in 4096..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
        try bytes.write(to: URL(fileURLWithPath: folder.file()))
        let damaged = SQLiteStore(path: folder.file())
        let failure = await error { _ = try await damaged.read(.hours(0...1)) }
        #expect(failure?.code == .corrupt)
        #expect(await error { try await damaged.write(.sample(500, at: .noon(10), [.permit: 1])) }?.code == .corrupt)
    }

    @Test func aFileThatWasDeletedIsMadeAnew() async throws {
        let store = SQLiteStore(path: folder.file())
        try await store.write(.sample(1, at: .noon(10), [.permit: 1]))
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: folder.file() + suffix) }
        try await store.write(.sample(2, at: .noon(20), [.permit: 2]))
        #expect(FileManager.default.fileExists(atPath: folder.file()))
        #expect(try await store.read(.hours(0...1)).counts == [.permit: 2])
    }

    @Test func aMissingFolderIsMadeButNoTree() async throws {
        let store = SQLiteStore(path: folder.path + "/.pitwall/demo.sqlite")
        try await store.migrate()
        #expect(FileManager.default.fileExists(atPath: folder.path + "/.pitwall/demo.sqlite"))
        let deep = folder.path + "/no/such/demo.sqlite"
        let failure = await error { try await SQLiteStore(path: deep).migrate() }
        #expect(
            failure?.description == "\(deep): its folder \(folder.path)/no/such does not exist and cannot be created. "
                + "Create the folder, or give another path.")
    }

    @Test func aPathThatIsAFolderIsUnavailable() async throws {
        let failure = await error { try await SQLiteStore(path: folder.path).migrate() }
        #expect(failure?.code == .unavailable)
    }

    @Test func readingNeedsTheFileAndChangesNothing() async throws {
        let missing = SQLiteStore(path: folder.file(), isReadOnly: true)
        let failure = await error { _ = try await missing.read(.hours(0...1)) }
        #expect(
            failure?.description == "\(folder.file()): there is no such file. "
                + "Check the path, or start the service once to create it.")
        try await SQLiteStore(path: folder.file()).write(.sample(1, at: .noon(10), [.permit: 1]))
        #expect(try await missing.read(.hours(0...1)).counts == [.permit: 1])
        #expect(await error { try await missing.write(.sample(2, at: .noon(20))) }?.code == .readOnly)
        #expect(await error { try await missing.migrate() }?.code == .readOnly)
    }

    @Test func aNewerSchemaIsLeftAlone() async throws {
        let store = SQLiteStore(path: folder.file())
        try await store.migrate()
        try await store.close()
        let queue = try DatabaseQueue(path: folder.file())
        try await queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('pitwall.9'), ('theirs')") }
        let failure = await error { try await SQLiteStore(path: folder.file()).migrate() }
        #expect(failure?.code == .schema)
        #expect(
            failure?.description == "\(folder.file()): a newer Pitwall made its tables (pitwall.9). "
                + "Run that version, or give another path.")
    }

    @Test func aTableWithOtherColumnsIsASchemaError() async throws {
        let queue = try DatabaseQueue(path: folder.file())
        try await queue.write { try $0.execute(sql: "CREATE TABLE request_metrics (id INTEGER PRIMARY KEY, url TEXT)") }
        let failure = await error { try await SQLiteStore(path: folder.file()).migrate() }
        #expect(failure?.code == .schema)
    }

    @Test func aClosedStoreSaysSo() async throws {
        let store = SQLiteStore(path: folder.file())
        try await store.migrate()
        try await store.close()
        try await store.close()
        let failure = await error { try await store.write(.sample(1, at: .noon(10))) }
        #expect(failure?.description == "\(folder.file()): the store is closed. Open it again.")
    }
}
