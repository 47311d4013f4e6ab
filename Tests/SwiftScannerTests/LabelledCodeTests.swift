import Foundation
import SwiftScanner
import Testing

/// Runs the scanner over `Labelled/*.swift.txt`, whose lines say in a comment what must be found on them: `// expect:
/// rule-id, other-rule`.
///
/// A line without such a comment must stay free of findings, and so a safe variant of each defect counts for
/// precision. `// case:` starts a case.
struct LabelledCodeTests {
    @Test func precisionAndRecallByRule() async throws {
        let tally = try await LabelledCode.tally()
        #expect(tally.cases >= 200, "\(tally.cases) cases")
        for mismatch in tally.mismatches { Issue.record("\(mismatch)") }
        let figures = try String(
            contentsOf: Repository.file("docs/benchmarks/check-scanner-labelled.md"), encoding: .utf8)
        let expected = tally.table
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try expected.write(
                to: Repository.file("docs/benchmarks/check-scanner-labelled.md"), atomically: true, encoding: .utf8)
        } else {
            #expect(figures == expected, "run the test with RECORD=1 to write the new figures")
        }
    }
}

/// Where the repository's files are, seen from this source.
enum Repository {
    static func file(_ path: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: path)
    }
}

/// The labelled sources and what the scanner makes of them.
enum LabelledCode {
    struct Label: Hashable, Comparable, CustomStringConvertible {
        let file: String
        let line: Int
        let rule: String

        var description: String { "\(file):\(line) \(rule)" }

        static func < (left: Self, right: Self) -> Bool {
            (left.file, left.line, left.rule) < (right.file, right.line, right.rule)
        }
    }

    struct Tally {
        var cases = 0
        var found: Set<Label> = []
        var missed: Set<Label> = []
        var wrong: Set<Label> = []

        var mismatches: [String] {
            missed.sorted().map { "missed \($0)" } + wrong.sorted().map { "wrong \($0)" }
        }

        var table: String {
            var lines = [
                "| rule | defects | found | false | precision | recall |", "|---|--:|--:|--:|--:|--:|",
            ]
            let rules = Set((found.union(missed).union(wrong)).map(\.rule)).sorted()
            for rule in rules { lines.append(row(rule) { $0.rule == rule }) }
            lines.append(row("all") { _ in true })
            return "Cases: \(cases)\n\n" + lines.joined(separator: "\n") + "\n"
        }

        private func row(_ name: String, _ belongs: (Label) -> Bool) -> String {
            let found = found.count(where: belongs)
            let missed = missed.count(where: belongs)
            let wrong = wrong.count(where: belongs)
            return
                "| \(name) | \(found + missed) | \(found) | \(wrong) | \(share(found, found + wrong)) | \(share(found, found + missed)) |"
        }

        private func share(_ part: Int, _ whole: Int) -> String {
            whole == 0 ? "-" : "\(Int((Double(part) * 100 / Double(whole)).rounded())) %"
        }
    }

    static func tally() async throws -> Tally {
        let folder = Repository.file("Tests/SwiftScannerTests/Labelled")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasSuffix(".swift.txt") }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        var tally = Tally()
        for file in files {
            let source = try String(contentsOf: file, encoding: .utf8)
            let name = file.lastPathComponent.replacing(".swift.txt", with: ".swift")
            let expected = labels(in: source, file: name)
            let result = await SwiftScanner().scan(source: source, file: name)
            let reported = Set(result.findings.map { Label(file: name, line: $0.region.startLine, rule: $0.ruleID) })
            tally.cases += source.split(separator: "\n").count {
                $0.trimmingPrefix(while: \.isWhitespace).hasPrefix("// case:")
            }
            tally.found.formUnion(expected.intersection(reported))
            tally.missed.formUnion(expected.subtracting(reported))
            tally.wrong.formUnion(reported.subtracting(expected))
        }
        return tally
    }

    private static func labels(in source: String, file: String) -> Set<Label> {
        var labels: Set<Label> = []
        for (index, line) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let marker = line.firstRange(of: "// expect:") else { continue }
            for rule in line[marker.upperBound...].split(separator: ",") {
                labels.insert(Label(file: file, line: index + 1, rule: rule.trimmingCharacters(in: .whitespaces)))
            }
        }
        return labels
    }
}
