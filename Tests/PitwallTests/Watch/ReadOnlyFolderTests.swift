import Foundation
import Testing

/// A file and its folder that this user may read and not write.
@Suite struct ReadOnlyFolderTests {
    @Test func reportsAreReadAndWritesSayWhatToMend() async throws {
        try await withTemporaryFolder { folder in
            let url = ["--database-url", "sqlite:one.sqlite"]
            _ = try await Command.serve(url, environment: ["LOG_LEVEL": "critical"], in: folder) { service in
                for _ in 0..<3 { _ = try await Web.get(service.url + "/health") }
            }
            let before = try contents(of: folder)
            try setModes(file: 0o444, folder: 0o555, in: folder)
            // So that it can be removed.
            defer { try? setModes(file: 0o644, folder: 0o755, in: folder) }

            let report = try await Command.run(
                ["report", "--window", "1h", "--format", "json"] + url, in: folder, isBoundByModes: true)
            #expect(report.status == 0, "\(report.errors)")
            #expect(report.output.contains("\"requests\":3") || report.output.contains("\"requests\" : 3"))
            let check = try await Command.run(["migrate", "--check"] + url, in: folder, isBoundByModes: true)
            #expect(check.output == "All tables are there.\n", "\(check.errors)")

            for writing in [["mark", "deploy 1.4.2"], ["serve", "--port", "0"]] {
                let refused = try await Command.run(writing + url, in: folder, isBoundByModes: true)
                #expect(refused.status == 69, "\(writing)")
                #expect(refused.errors.contains("one.sqlite: the database cannot be written"), "\(refused.errors)")
                #expect(refused.errors.contains("Give this user write access to the file and its folder"))
            }
            #expect(try contents(of: folder) == before, "nothing was lost or left behind")
        }
    }

    private func setModes(file: Int, folder mode: Int, in folder: URL) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            try FileManager.default.setAttributes(
                [.posixPermissions: file], ofItemAtPath: folder.appendingPathComponent(name).path)
        }
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.path)
    }

    private func contents(of folder: URL) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            contents[name] = try Data(contentsOf: folder.appendingPathComponent(name))
        }
        return contents
    }
}
