/// What changed between two JSON reports, told by fingerprints.
///
/// A finding that is gone because its scanner did not run is not called fixed.
public struct AuditDiff: Sendable {
    /// In the second report and not in the first.
    let new: [FindingDocument]
    /// In the first report and not in the second, whose scanner did all its work.
    let fixed: [FindingDocument]
    /// In the first report and not in the second, whose scanner did not do all its work, or left the file out.
    let unseen: [FindingDocument]
    /// In both.
    let same: [FindingDocument]
    private let failOn: FailOn
    private let incomplete: [String]
    /// Gaps of the first report, by which something old may look new.
    private let incompleteBefore: [String]
    /// What speaks against comparing these two.
    private let remarks: [String]

    /// Reads the reports and compares what counts in them.
    ///
    /// - Parameters:
    ///   - before: The path of the earlier report.
    ///   - after: The path of the later report.
    ///   - failOn: The severity from which a new finding fails.
    /// - Throws: ``AuditError/unreadable(path:reason:)`` or ``AuditError/notAReport(path:reason:)``.
    public init(before: String, after: String, failOn: FailOn = .severity(.high)) throws(AuditError) {
        self.init(before: try JSONReport.read(before), after: try JSONReport.read(after), failOn: failOn)
    }

    init(before: JSONReport.Document, after: JSONReport.Document, failOn: FailOn) {
        let earlier = before.accepted
        let later = Set(after.everything.map(\.fingerprint))
        let complete = Set(after.scanners.filter(\.isComplete).map(\.tool))
        new = after.findings.filter { !earlier.contains($0.fingerprint) }
        same = after.findings.filter { earlier.contains($0.fingerprint) }
        let gone = before.findings.filter { !later.contains($0.fingerprint) }
        let lost = after.coverage.excluded + after.coverage.skipped.map(\.file)
        let isSeen = { (finding: FindingDocument) in
            finding.witnesses.contains { complete.contains($0.tool) }
                && !lost.contains { finding.file == $0 || finding.file.hasPrefix($0 + "/") }
        }
        fixed = gone.filter(isSeen)
        unseen = gone.filter { !isSeen($0) }
        incomplete = Self.gaps(of: after)
        incompleteBefore = Self.gaps(of: before)
        remarks =
            (before.path == after.path
                ? [] : ["The reports are of two folders: \(before.path), then \(after.path)."])
            + (before.generatedAt <= after.generatedAt
                ? [] : ["The first report is the later one: \(before.generatedAt), then \(after.generatedAt)."])
        self.failOn = failOn
    }

    private static func gaps(of report: JSONReport.Document) -> [String] {
        report.scanners.filter { !$0.isComplete }.map { "\($0.tool): \($0.gap ?? "")" }
            + report.coverage.skipped.map { "\($0.file): \($0.reason)" }
    }

    /// 1 when something new is at or over the threshold, else 0.
    public var exitStatus: Int32 { new.contains { failOn.isReached(by: $0.severity) } ? 1 : 0 }

    /// The changes as Markdown.
    public var markdown: String {
        var lines = [
            "# Audit: \(new.count) new, \(fixed.count) fixed, \(same.count) unchanged"
                + (unseen.isEmpty ? "" : ", \(unseen.count) not looked at again")
        ]
        lines += remarks.flatMap { ["", "**\(MarkdownText.escaped($0))**"] }
        for (which, gaps) in [("later", incomplete), ("earlier", incompleteBefore)] where !gaps.isEmpty {
            lines += ["", "**The \(which) audit did not look at everything:**", ""]
            lines += gaps.map { "- " + MarkdownText.escaped($0) }
        }
        for (title, findings) in [("New", new), ("Fixed", fixed), ("Not looked at again", unseen), ("Unchanged", same)]
        where !findings.isEmpty {
            lines += [
                "", "## \(title)", "", "| Severity | Tool and rule | Place | What |", "| --- | --- | --- | --- |",
            ]
            lines += findings.map { finding in
                "| \(finding.severity.rawValue) | \(MarkdownText.escaped("\(finding.tool) \(finding.rule)")) "
                    + "| \(MarkdownText.code("\(finding.file):\(finding.line)", inTable: true)) | \(MarkdownText.escaped(finding.title)) |"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
