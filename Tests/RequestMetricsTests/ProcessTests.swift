import Foundation
import GRDB
import LatencyHistogram
import Testing

@testable import RequestMetrics

/// What takes processes of their own.
@Suite struct ProcessTests {
    private let folder: TemporaryFolder
    /// Asked anew each time: a test may run into the next minute.
    private var today: MetricsQuery { MetricsQuery(last: 86400, until: Date(), slot: 3600) }

    init() throws { folder = try TemporaryFolder() }

    private func integrity() async throws -> String? {
        let queue = try DatabaseQueue(path: folder.file())
        return try await queue.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
    }

    @Test func killedInMidDrainTheFileHoldsAllThatWasConfirmed() async throws {
        let fixture = try Fixture(["write", folder.file(), "100000", "100"])
        var confirmed = 0
        for await line in fixture.lines {
            confirmed = Int(line.split(separator: " ").last ?? "") ?? confirmed
            if confirmed == 20 { kill(fixture.process.processIdentifier, SIGKILL) }
        }
        #expect(confirmed >= 20)
        let count = try await SQLiteStore(path: folder.file()).read(today).total.count
        // The batch it died in is there whole or not at all.
        #expect([UInt64(confirmed * 100), UInt64(confirmed * 100 + 100)].contains(count))
        #expect(try await integrity() == "ok")
    }

    @Test func twoProcessesShareAFile() async throws {
        let fixtures = try (0..<2).map { _ in try Fixture(["write", folder.file(), "30", "100"]) }
        for fixture in fixtures {
            let (status, lines) = await fixture.finish()
            #expect(status == 0, "\(lines)")
        }
        let window = try await SQLiteStore(path: folder.file()).read(today)
        #expect(window.total.count == 6000)
        #expect(window.applied.count == 2)
        #expect(Set(window.applied.values) == [30])
        for instance in window.applied.keys {
            var query = today
            query.instance = instance
            #expect(try await SQLiteStore(path: folder.file()).read(query).total.count == 3000)
        }
    }

    @Test func migrationsThatStartAtOnceAllSucceed() async throws {
        let fixtures = try (0..<6).map { _ in try Fixture(["migrate", folder.file()]) }
        for fixture in fixtures {
            let (status, lines) = await fixture.finish()
            #expect(status == 0, "\(lines)")
        }
        #expect(try await SQLiteStore(path: folder.file()).missingTables() == [])
    }

    @Test func aFullDiskLosesNothing() async throws {
        let (status, lines) = try await Fixture(["full", folder.file(), "400000"]).finish()
        #expect(status == 0, "\(lines)")
        #expect(lines.first == "full")
        let confirmed = try #require(UInt64(lines.last?.split(separator: " ").last ?? ""))
        #expect(confirmed > 1)
        #expect(try await SQLiteStore(path: folder.file()).read(today).total.count == confirmed * 1000)
        #expect(try await integrity() == "ok")
    }

    @Test func aFolderThatMayNotBeWrittenIsATypedError() async throws {
        try await SQLiteStore(path: folder.file()).migrate()
        let program = folder.file("fixture")
        try FileManager.default.copyItem(atPath: Fixture.executable, toPath: program)
        let manager = FileManager.default
        for name in try manager.contentsOfDirectory(atPath: folder.path) where name.hasPrefix("metrics") {
            try manager.setAttributes([.posixPermissions: 0o444], ofItemAtPath: folder.file(name))
        }
        try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
        defer { try? manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path) }
        // Permissions do not bind root, so that a test run by root needs another user for the process.
        let command =
            getuid() == 0
            ? ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", program] : [program]
        let fixture = try Fixture(command.dropFirst() + ["write", folder.file(), "1", "100"], executable: command[0])
        let (status, lines) = await fixture.finish()
        #expect(status == 69)
        #expect(lines.first?.contains("Give this user write access to the file and its folder") == true, "\(lines)")
    }
}
