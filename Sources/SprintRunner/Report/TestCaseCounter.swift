/// Counts test cases in source text by the forms that test frameworks use.
///
/// A case is counted where its framework would find it: once, however many arguments it runs with.
enum TestCaseCounter {
    /// The test cases of a file: pytest and unittest, Swift Testing and XCTest, jest and its like, go, JUnit, cargo.
    static func count(in content: [UInt8], of path: TreePath) -> Int {
        guard let language = Language(path), !Lines.isBinary(content) else { return 0 }
        // A line feed after a carriage return is one character with it, and a line end all the same.
        let lines = String(decoding: content, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.count { language.isCase($0.drop { $0 == " " || $0 == "\t" }) }
    }

    /// The test cases that a branch adds: those in its files less those that were there.
    static func added(by changes: [TreeChange], in objects: ObjectSession) async throws -> Int {
        let files = changes.filter { $0.new?.mode.isRegularFile == true && Language($0.path) != nil }
        let blobs = try await objects.blobs(files.flatMap { [$0.old?.id, $0.new?.id] }.compactMap { $0 })
        return files.reduce(0) { sum, change in
            let before = change.old.flatMap { blobs[$0.id] }.map { count(in: $0, of: change.origin) } ?? 0
            let after = change.new.flatMap { blobs[$0.id] }.map { count(in: $0, of: change.path) } ?? 0
            return sum + max(0, after - before)
        }
    }
}

extension TestCaseCounter {
    /// A language whose test cases are known.
    private enum Language {
        case python
        case swift
        case javaScript
        case go
        case java
        case rust

        init?(_ path: TreePath) {
            let name = path.name.lowercased()
            switch name.split(separator: ".").last {
            case "py": self = .python
            case "swift": self = .swift
            case "js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts": self = .javaScript
            // go looks for tests in files of this name only.
            case "go" where name.hasSuffix("_test.go"): self = .go
            case "java", "kt", "groovy", "scala": self = .java
            case "rs": self = .rust
            default: return nil
            }
        }

        /// Whether a line, without the blanks before it, begins a test case.
        func isCase(_ line: Substring) -> Bool {
            switch self {
            case .python: line.contains(/^(?:async )?def test\w*\s*\(/)
            case .swift:
                line.contains(/^(?:@\w+(?:\([^)]*\))? +)*@Test(?:\(| |$)/)
                    || line.contains(/^(?:[\w@]+(?:\([^)]*\))? +)*func test\w*\(\)/) && !line.contains("@Test")
            case .javaScript:
                line.contains(/^[fx]?(?:it|test)(?:\.(?:only|skip|concurrent|failing|todo))*\s*\(\s*["'`]/)
                    || line.contains(/^[fx]?(?:it|test)(?:\.\w+)*\.each\b/)
            case .go: line.contains(/^func Test(?:[^a-z\s(]\w*)?\(\w+ \*testing\.T\)/)
            case .java:
                line.contains(/^@(?:\w+\.)*(?:Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate)\b/)
            case .rust: line.contains(/^#\[(?:\w+::)*(?:test|rstest|test_case)(?:\(.*\))?\]/)
            }
        }
    }
}
