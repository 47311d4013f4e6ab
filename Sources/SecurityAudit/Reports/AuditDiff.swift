/// What changed between two JSON reports, told by fingerprints.
///
/// A finding that is gone because its scanner did not run is not called fixed.
public struct AuditDiff: Sendable {
    /// In the second report and not in the first.
    let new: [FindingDocument]
    /// In the first report and not in the second, whose scanner did all its work.
    let fixed: [FindingDocument]
    /// In the first report and not in the second, whose scanner did not do all its work.
    let unseen: [FindingDocument]
    /// In both.
    let same: [FindingDocument]
    private let failOn: FailOn
    private let incomplete: [String]

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
        let earlier = Set(before.everything.map(\.fingerprint))
        let later = Set(after.everything.map(\.fingerprint))
        let complete = Set(after.scanners.filter(\.isComplete).map(\.tool))
        new = after.findings.filter { !earlier.contains($0.fingerprint) }
        same = after.findings.filter { earlier.contains($0.fingerprint) }
        let gone = before.findings.filter { !later.contains($0.fingerprint) }
        fixed = gone.filter { finding in finding.witnesses.contains { complete.contains($0.tool) } }
        unseen = gone.filter { finding in !finding.witnesses.contains { complete.contains($0.tool) } }
        incomplete = after.scanners.filter { !$0.isComplete }.map { "\($0.tool): \($0.gap ?? "")" }
        self.failOn = failOn
    }

    /// 1 when something new is at or over the threshold, else 0.
    public var exitStatus: Int32 { new.contains { failOn.isReached(by: $0.severity) } ? 1 : 0 }

    /// The changes as Markdown.
    public var markdown: String {
        var lines = [
            "# Audit: \(new.count) new, \(fixed.count) fixed, \(same.count) unchanged"
                + (unseen.isEmpty ? "" : ", \(unseen.count) not looked at again")
        ]
        if !incomplete.isEmpty {
            lines += ["", "**The later audit did not look at everything:**", ""]
            lines += incomplete.map { "- " + MarkdownText.escaped($0) }
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
