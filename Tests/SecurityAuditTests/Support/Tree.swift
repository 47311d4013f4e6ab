import Foundation
import Testing

@testable import SecurityAudit

/// A folder of its own for a test, with the tools that the test wants and no others.
final class Tree: Sendable {
    let path: String
    private let bin: String

    init() throws {
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("audit-test-\(UUID())")
        path = scratch.appendingPathComponent("tree").path
        bin = scratch.appendingPathComponent("bin").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path) }

    /// Where the reports of a test go, outside of what is audited.
    func output(_ name: String) -> String { bin + "/" + name }

    func write(_ text: String, to file: String) throws { try write(Data(text.utf8), to: file) }

    func write(_ data: Data, to file: String) throws {
        let url = URL(fileURLWithPath: path + "/" + file)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    /// Copies a folder of the fixtures to the root.
    func copy(fixture name: String) throws {
        let source = Self.fixtures.appendingPathComponent(name)
        for entry in try FileManager.default.contentsOfDirectory(atPath: source.path) {
            try FileManager.default.copyItem(
                atPath: source.appendingPathComponent(entry).path, toPath: path + "/" + entry)
        }
    }

    /// Puts a real tool on the path.
    func use(_ tools: String...) throws {
        for tool in tools {
            let real = Self.repository.appendingPathComponent(".pitwall/audit-tools/bin/\(tool)").path
            try #require(
                FileManager.default.isExecutableFile(atPath: real), "\(tool) is not there; run script/setup-audit-tools"
            )
            try FileManager.default.createSymbolicLink(atPath: bin + "/" + tool, withDestinationPath: real)
        }
    }

    /// Puts a tool on the path that does what a shell script says after it has told its version.
    func fake(_ tool: String, _ script: String) throws {
        let text = """
            #!/bin/sh
            case "$1" in --version | version) echo "\(tool) 9.9.9"; exit 0 ;; esac
            \(script)
            """
        let file = bin + "/" + tool
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    }

    func audit(_ tools: String..., options change: (inout AuditOptions) -> Void = { _ in }) async throws -> AuditReport
    {
        var options = AuditOptions(path: path)
        options.tools = tools
        change(&options)
        return await try Audit(options: options, environment: ["PATH": bin, "HOME": bin]).run()
    }

    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures")
    static let repository = fixtures.appendingPathComponent("../../..").standardizedFileURL
}

extension AuditReport {
    func run(_ tool: String) throws -> ScannerRun { try #require(runs.first { $0.tool == tool }) }

    /// The findings as `file:line rule`, sorted.
    var places: [String] { findings.map { "\($0.file):\($0.line) \($0.rule)" }.sorted() }
}

/// Runs a Python program of the tools' environment, with text as its arguments, and gives what it prints.
func python(_ program: String, _ arguments: String...) async throws -> (status: ToolProcess.Ending, output: String) {
    let outcome = await ToolProcess(
        executable: Tree.repository.appendingPathComponent(".pitwall/audit-tools/bin/python").path,
        arguments: ["-c", program] + arguments, folder: "/", limits: ToolLimits(time: .seconds(120))
    ).run()
    return (outcome.ending, String(decoding: outcome.output, as: UTF8.self) + outcome.error)
}
