import SwiftSyntax

/// Collects what the rules see in one file.
struct Report {
    private let file: SourceModel
    private(set) var findings: [SwiftFinding] = []
    private var seen: Set<Key> = []
    /// What each rule has reported, by stretches of the file, so that asking costs the same however much that is.
    private var covered: [Block: [Range<Int>]] = [:]
    private var secrets: Set<String> = []
    /// The rule that is running.
    var rule: SwiftRule

    private struct Key: Hashable {
        let rule: String
        let range: Range<Int>
    }

    private struct Block: Hashable {
        let rule: String
        let number: Int

        private static let size = 1024

        static func numbers(_ range: Range<Int>) -> ClosedRange<Int> {
            range.lowerBound / size...max(range.lowerBound, range.upperBound - 1) / size
        }
    }

    init(file: SourceModel, rule: SwiftRule) {
        self.file = file
        self.rule = rule
    }

    mutating func add(
        _ call: Call, _ message: String, severity: SwiftSeverity? = nil, confidence: SwiftConfidence,
        secret: String? = nil
    ) {
        add(
            call.range(in: file.text), in: call.scope, message, severity: severity, confidence: confidence,
            secret: secret
        )
    }

    mutating func add(
        _ node: some SyntaxProtocol, in scope: Scope, _ message: String, severity: SwiftSeverity? = nil,
        confidence: SwiftConfidence, secret: String? = nil
    ) {
        add(node.range, in: scope, message, severity: severity, confidence: confidence, secret: secret)
    }

    /// Adds a finding at a range of bytes.
    ///
    /// A rule reports the same range once. In test code nothing is worse than medium and surer than low: what is
    /// hard-coded or forced there guards nothing.
    mutating func add(
        _ range: Range<Int>, in scope: Scope, _ message: String, severity: SwiftSeverity? = nil,
        confidence: SwiftConfidence, secret: String? = nil
    ) {
        guard seen.insert(Key(rule: rule.id, range: range)).inserted else { return }
        for number in Block.numbers(range) { covered[Block(rule: rule.id, number: number), default: []].append(range) }
        if let secret, secret.count >= 4 { secrets.insert(secret) }
        let region = file.text.region(range)
        let severity = severity ?? rule.severity
        findings.append(
            SwiftFinding(
                ruleID: rule.id,
                title: rule.title,
                severity: file.isTestCode ? min(severity, .medium) : severity,
                confidence: file.isTestCode ? .low : confidence,
                cwe: rule.cwe,
                file: file.name,
                region: region,
                snippet: Self.snippet(of: region, in: file.text),
                declaration: scope.declaration,
                normalizedCode: NormalizedCode.of(range, in: file),
                message: message,
                mend: rule.mend
            )
        )
    }

    /// Whether the running rule has reported a range that overlaps this one.
    func covers(_ range: Range<Int>) -> Bool {
        Block.numbers(range).contains { number in
            covered[Block(rule: rule.id, number: number)]?.contains { $0.overlaps(range) } ?? false
        }
    }

    /// The findings by place, with every secret that any rule found in the file redacted in all of them.
    func finished() -> [SwiftFinding] {
        let redactor = Redactor(secrets: secrets)
        return findings.map(redactor.redact).sorted {
            ($0.region.startLine, $0.region.startColumn, $0.ruleID) < (
                $1.region.startLine, $1.region.startColumn, $1.ruleID
            )
        }
    }

    private static func snippet(of region: SourceRegion, in text: SourceText) -> String {
        let lines = text.lines(region.startLine, min(region.endLine, region.startLine + 2)).map {
            String($0.prefix(300))
        }
        let indentation =
            lines.filter { !$0.allSatisfy(\.isWhitespace) }
            .map { $0.prefix { $0 == " " || $0 == "\t" }.count }.min() ?? 0
        return lines.map { String($0.dropFirst(indentation)) }.joined(separator: "\n")
    }
}
