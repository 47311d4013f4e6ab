import Foundation
import SwiftScanner
import Testing

/// `docs/swift-rules.md` is written from the rules and says the same.
struct RuleTableTests {
    @Test func tableFitsTheRules() throws {
        let url = Repository.file("docs/swift-rules.md")
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try Self.page.write(to: url, atomically: true, encoding: .utf8)
        }
        let page = try String(contentsOf: url, encoding: .utf8)
        #expect(page == Self.page, "run the test with RECORD=1 to write the page anew")
    }

    private static var page: String {
        let rows = SwiftScanner.rules.map { rule in
            let cwe = rule.cwe.map { "[\($0)](https://cwe.mitre.org/data/definitions/\($0).html)" }.joined(
                separator: ", ")
            return
                "| `\(rule.id)` | \(cell(rule.title)) | \(rule.severity) | \(cwe) | \(cell(rule.why)) | \(cell(rule.mend)) |"
        }
        return """
            # The rules of the Swift scanner

            Severity is that of a finding whose place says nothing else; each finding has a confidence of its own. What each rule
            reports and leaves alone stands in its file under `Sources/SwiftScanner/Rules`, as examples that are its tests.

            | rule | danger | severity | CWE | why | mend |
            |---|---|---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
