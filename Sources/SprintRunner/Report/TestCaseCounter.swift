import Foundation

/// Counts test cases in source text by the forms that test frameworks use.
enum TestCaseCounter {
    /// The test cases of a file: pytest and unittest (`def test_`), Swift Testing (`@Test`), XCTest (`func test…()`),
    /// jest (`it(`, `test(`), go (`func TestX(`), JUnit (`@Test`) and cargo (`#[test]`, `#[tokio::test]`).
    static func count(in content: [UInt8], of path: TreePath) -> Int {
        guard !Lines.isBinary(content) else { return 0 }
        let ending = path.name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let lines = String(decoding: content, as: UTF8.self).split(separator: "\n")
        return lines.count { isCase($0.drop { $0 == " " || $0 == "\t" }, ending) }
    }

    private static func isCase(_ line: Substring, _ ending: String) -> Bool {
        switch ending {
        case "py": starts(line, with: ["def test", "async def test"])
        case "swift":
            starts(line, with: ["@Test(", "@Test "]) || line == "@Test"
                || line.contains(/^(?:[a-z@]+ )*func test[A-Z_0-9]\w*\(\)/) && !line.contains("@Test")
        case "js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts":
            line.contains(/^(?:it|test)(?:\.(?:only|skip|concurrent|failing|each\b[^(]*\([^)]*\)))*\s*\(\s*["'`]/)
        case "go": line.contains(/^func Test(?:[A-Z_0-9]\w*)?\(\w+ \*testing\.T\)/)
        case "java", "kt", "groovy", "scala": line.contains(/^@(?:Test|ParameterizedTest|RepeatedTest)\b/)
        case "rs": line.contains(/^#\[(?:\w+::)*test(?:\(.*\))?\]/)
        default: false
        }
    }

    private static func starts(_ line: Substring, with beginnings: [String]) -> Bool {
        beginnings.contains { line.hasPrefix($0) }
    }

    /// The test cases that a branch adds: those in its files less those that were there.
    static func added(by changes: [TreeChange], in objects: ObjectSession) async throws -> Int {
        let sources: Set = [
            "py", "swift", "js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "go", "java", "kt", "groovy", "scala",
            "rs",
        ]
        let files = changes.filter {
            $0.new?.mode.isRegularFile == true
                && sources.contains($0.path.name.split(separator: ".").last.map { $0.lowercased() } ?? "")
        }
        let blobs = try await objects.blobs(files.flatMap { [$0.old?.id, $0.new?.id] }.compactMap { $0 })
        return files.reduce(0) { sum, change in
            let before = change.old.flatMap { blobs[$0.id] }.map { count(in: $0, of: change.origin) } ?? 0
            let after = change.new.flatMap { blobs[$0.id] }.map { count(in: $0, of: change.path) } ?? 0
            return sum + max(0, after - before)
        }
    }
}
