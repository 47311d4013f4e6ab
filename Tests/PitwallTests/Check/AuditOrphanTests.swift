import Foundation
import Testing

/// What tools leave behind when the command has ended.
struct AuditOrphanTests {
    #if os(Linux)
        @Test func aChildThatLeftSessionParentAndEnvironmentIsKilled() async throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "pitwall-orphan-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let programs = folder.appending(path: "bin")
            let source = folder.appending(path: "source")
            for made in [programs, source] {
                try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
            }
            try "print(1)\n".write(to: source.appending(path: "app.py"), atomically: true, encoding: .utf8)
            let mark = folder.appending(path: "mark").path
            #expect(mkfifo(mark, 0o600) == 0)
            // The tool ends when the child has told its number, and the child's parent before that.
            let script = """
                #!/bin/sh
                (env -i setsid /bin/sh -c 'echo $$ > \(mark); exec /bin/sleep 600' &)
                read child < \(mark); echo $child > \(mark)2; exit 3
                """
            let tool = programs.appending(path: "bandit")
            try script.write(to: tool, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool.path)

            let path = programs.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
            let result = try await Command.run(
                ["audit", ".", "--tools", "bandit"], environment: ["PATH": path], in: source)
            #expect(result.status == 2)
            let child = try String(contentsOfFile: mark + "2", encoding: .utf8).trimmingCharacters(in: .newlines)
            #expect(Int32(child) != nil)
            // The state of a process that waits to be collected is Z.
            let stat = FileManager.default.contents(atPath: "/proc/\(child)/stat").map {
                String(decoding: $0, as: UTF8.self)
            }
            #expect(stat.map { $0.contains(") Z ") } ?? true, "\(stat ?? "")")
        }
    #endif
}
