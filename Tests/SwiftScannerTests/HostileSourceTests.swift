import Foundation
import SwiftScanner
import Testing

/// Sources that are not as they should be: each gets a right entry in the coverage, in bounded time and memory.
struct HostileSourceTests {
    private func status(of source: String) async -> SourceCoverage.Status? {
        await SwiftScanner().scan(source: source, file: "Hostile.swift").coverage.first?.status
    }

    @Test(arguments: ["(", "[", "{", "{ (", "\"\\(", "[[[", "f({"])
    func deepBracketsAreSkipped(_ opening: String) async {
        let source = "let x = 1\nlet y = " + String(repeating: opening, count: 20_000)
        #expect(await status(of: source) == .skipped(.tooDeeplyNested(line: 2, limit: 200)))
    }

    @Test(arguments: [
        "try ", "await ", "!", "-", "&", "a ? b : ", "a ? ", "A -> ", "if a {} else ", "#if A\n", ".a", ".a()", "!.b",
        "[0]", "try\n",
    ])
    func deepChainsWithoutBracketsAreSkippedOrParsed(_ link: String) async {
        let status = await status(of: "let y = x" + String(repeating: link, count: 20_000))
        #expect(status != nil)
    }

    @Test func nestingWithinTheLimitIsParsed() async {
        let source =
            "let x = " + String(repeating: "(", count: 150) + "1" + String(repeating: ")", count: 150)
            + "\nstrcpy(a, b)"
        let result = await SwiftScanner().scan(source: source, file: "Deep.swift")
        #expect(result.findings.map(\.ruleID) == ["unbounded-c-copy"])
    }

    @Test func bracketsInStringsAndCommentsDoNotCount() async {
        let source =
            "let x = \"" + String(repeating: "(", count: 5_000) + "\" // " + String(repeating: "[", count: 5_000)
        #expect(await status(of: source) == .parsed(lines: 1, hasSyntaxErrors: false))
    }

    @Test func longFlatSourceIsParsed() async {
        let line = "let values = [" + String(repeating: "1, ", count: 2_000) + "1]\n"
        let sum = "let text = \"a\"" + String(repeating: " + b", count: 1_000) + "\n"
        #expect(await status(of: line + sum) == .parsed(lines: 2, hasSyntaxErrors: false))
    }

    @Test func sourceOverTheLimitIsSkipped() async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "scanner-\(UUID().uuidString).swift")
        defer { try? FileManager.default.removeItem(at: url) }
        try Data(repeating: UInt8(ascii: " "), count: 20_000_000).write(to: url)
        let result = await SwiftScanner().scan(files: [SwiftSourceFile(path: url.path, name: "Large.swift")])
        #expect(
            result.coverage == [
                SourceCoverage(file: "Large.swift", status: .skipped(.tooLarge(bytes: 20_000_000, limit: 4 << 20)))
            ]
        )
    }

    @Test func bytesThatAreNotUTF8AreNamed() async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "scanner-\(UUID().uuidString).swift")
        defer { try? FileManager.default.removeItem(at: url) }
        try (Data("let a = 1\n".utf8) + Data([0xC3, 0x28])).write(to: url)
        let result = await SwiftScanner().scan(files: [SwiftSourceFile(path: url.path)])
        #expect(result.coverage.first?.status == .skipped(.notUTF8(offset: 10)))
    }

    @Test func missingFilesFoldersAndPipesAreUnreadable() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "scanner-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let pipe = folder.appending(path: "pipe.swift").path
        #expect(mkfifo(pipe, 0o600) == 0)
        let files = [folder.path, pipe, folder.path + "/none.swift"].map { SwiftSourceFile(path: $0) }
        let result = await SwiftScanner().scan(files: files)
        #expect(
            result.coverage.map(\.status) == [
                .skipped(.unreadable("not a regular file")), .skipped(.unreadable("not a regular file")),
                .skipped(.unreadable("No such file or directory")),
            ]
        )
    }

    @Test func namesWithSpacesAndLineBreaksAreRead() async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "scanner \(UUID().uuidString)\na.swift")
        defer { try? FileManager.default.removeItem(at: url) }
        try "\u{FEFF}strcpy(a, b)\r\ngets(&line)".write(to: url, atomically: true, encoding: .utf8)
        let result = await SwiftScanner().scan(files: [SwiftSourceFile(path: url.path)])
        #expect(result.findings.map(\.region.startLine) == [1, 2])
    }

    @Test func brokenSyntaxIsSaidAndScannedAsFarAsItGoes() async {
        let result = await SwiftScanner().scan(source: "func f( {\n strcpy(a, b)\n}}} let = ", file: "Broken.swift")
        #expect(result.coverage.first?.status == .parsed(lines: 3, hasSyntaxErrors: true))
        #expect(result.findings.contains { $0.ruleID == "unbounded-c-copy" })
    }

    @Test func emptySourceHasNoLines() async {
        #expect(await status(of: "") == .parsed(lines: 0, hasSyntaxErrors: false))
    }

    @Test func cancelledScanNamesWhatItLeftOut() async {
        let files = (0..<50).map { SwiftSourceFile(path: "/nowhere/\($0).swift") }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await SwiftScanner().scan(files: files)
        }
        let result = await task.value
        #expect(result.coverage.count == 50)
        #expect(result.coverage.allSatisfy { $0.status == .skipped(.cancelled) })
    }

    /// What makes following values expensive, over and over in one function.
    @Test(arguments: [
        "try db.execute(sql: \"DELETE FROM t WHERE a = '\\(x)'\")\n", "x += \"\\(x)\"\n", "var x = y; y = x\n",
        "guard a.contains(x) else { return }; run(x)\n", "data.withUnsafeBytes { p = $0.baseAddress }\n",
        "p.launchPath = \"/bin/sh\"; p.arguments = [\"-c\", x]\n",
        "FileManager.default.removeItem(atPath: \"/a/\" + x)\n",
        "let password = \"hunter2hunter2!\"\n",
    ])
    func aThousandfoldLineIsBounded(line: String) async {
        let count = 12_000 / line.utf8.count
        let source = "func f(x: String) {\nvar x = x\nvar y = x\n" + String(repeating: line, count: count) + "}\n"
        let result = await SwiftScanner().scan(source: source, file: "Long.swift")
        switch result.coverage.first?.status {
        case .parsed, .skipped(.tooComplex): break
        case let status: Issue.record("\(String(describing: status))")
        }
    }

    /// Chains of names that refer to each other must not be followed for ever.
    @Test func circularValuesEnd() async {
        var source = "struct S {\n"
        for index in 0..<60 {
            source += "static let a\(index) = \"\\(S.a\((index + 1) % 60))\\(S.a\((index + 7) % 60))\"\n"
        }
        source += "func f() { try db.execute(sql: \"SELECT \\(S.a0) FROM t\") }\n}"
        #expect(await status(of: source) == .parsed(lines: 63, hasSyntaxErrors: false))
    }
}
