/// The report for people: the verdict, what to do first, the tools, and folded the details.
public struct MarkdownReport: Sendable {
    /// The document.
    public let text: String

    /// How many findings are listed under what to do first.
    private static let firstCount = 5

    /// Renders a report.
    public init(_ report: AuditReport) {
        var sections = [Self.head(report), Self.first(report), Self.tools(report)]
        sections.append(Self.list(report.failures, titled: "At or over the threshold", isOpen: true))
        sections.append(Self.list(report.lesser, titled: "Below the threshold", isOpen: false))
        sections.append(Self.list(report.suppressed, titled: "Suppressed", isOpen: false))
        if !report.known.isEmpty {
            sections.append(Self.list(report.known, titled: "Known from the baseline", isOpen: false))
        }
        sections.append(Self.coverage(report))
        text = sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private static func head(_ report: AuditReport) -> String {
        let word =
            switch report.verdict {
            case .clean: "✅ clean"
            case .findings: "❌ findings"
            case .incomplete: "⚠️ incomplete"
            }
        var lines = ["# Security audit: \(word)", ""]
        lines.append(
            "\(counted(report.failures.count, "finding")) at or over the threshold (\(report.failOn.word)), "
                + "\(report.lesser.count) below it, \(report.suppressed.count) suppressed, \(report.known.count) known. "
                + "\(report.files.found) files, \(CalendarDate(report.began)).")
        if !report.isComplete {
            lines += ["", "**Not everything was looked at:**", ""]
            lines += report.gaps.map { "- **\(MarkdownText.escaped($0.tool))** \(MarkdownText.escaped($0.gap ?? ""))" }
            if !report.files.skipped.isEmpty {
                lines.append("- \(counted(report.files.skipped.count, "path")) cannot be read (see Coverage)")
            }
        }
        if !report.notes.isEmpty {
            lines += ["", "**Suppressions to look after:**", ""]
            lines += report.notes.map { note in
                let rule = note.rule.map { MarkdownText.code($0) + " " } ?? ""
                return
                    "- \(rule)at \(MarkdownText.code(note.place)) is \(note.kind.rawValue): \(MarkdownText.escaped(note.text))"
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func first(_ report: AuditReport) -> String {
        let findings = (report.failures + report.lesser).prefix(firstCount)
        let steps = findings.map { finding in
            let mend = finding.mend.map { " " + MarkdownText.escaped($0) } ?? ""
            return "**\(finding.severity.rawValue)** \(place(finding)) \(MarkdownText.escaped(finding.title))\(mend)"
        }
        let gaps = report.gaps.map {
            "Make **\(MarkdownText.escaped($0.tool))** run: \(MarkdownText.escaped($0.gap ?? ""))"
        }
        let all = steps + gaps
        guard !all.isEmpty else { return "" }
        return "## What to do first\n\n"
            + all.enumerated().map { "\($0.offset + 1). \($0.element)" }.joined(separator: "\n")
    }

    private static func tools(_ report: AuditReport) -> String {
        let rows = report.runs.map { run in
            let files = run.state == .ran ? "\(run.filesScanned) of \(run.filesFound)" : "–"
            let cells = [
                MarkdownText.escaped(run.tool), MarkdownText.escaped(run.version ?? "–"), run.state.rawValue, files,
                String(run.skipped.count), String(run.findings), seconds(run.seconds),
                MarkdownText.escaped([run.detail, run.database?.summary].compactMap(\.self).joined(separator: "; ")),
            ]
            return "| " + cells.joined(separator: " | ") + " |"
        }
        let head = """
            ## Tools

            | Tool | Version | State | Files | Skipped | Findings | Time | Remark |
            | --- | --- | --- | --- | ---: | ---: | ---: | --- |
            """
        return ([head] + rows).joined(separator: "\n")
    }

    private static func list(_ findings: [Finding], titled title: String, isOpen: Bool) -> String {
        guard !findings.isEmpty else { return "" }
        let rows = findings.map { finding in
            let rules = finding.witnesses.map { MarkdownText.escaped("\($0.tool) \($0.rule)") }.joined(separator: ", ")
            return
                "| \(finding.severity.rawValue) | \(rules) | \(place(finding, inTable: true)) | \(MarkdownText.escaped(finding.title)) |"
        }
        let table = (["| Severity | Tool and rule | Place | What |", "| --- | --- | --- | --- |"] + rows)
            .joined(separator: "\n")
        let details = findings.map(detail).joined(separator: "\n\n")
        return """
            ## \(title): \(findings.count)

            <details\(isOpen ? " open" : "")><summary>Table</summary>

            \(table)

            </details>

            <details><summary>Details</summary>

            \(details)

            </details>
            """
    }

    private static func detail(_ finding: Finding) -> String {
        var facts = ["severity \(finding.severity.rawValue)", "confidence \(finding.confidence.rawValue)"]
        facts += finding.cwe.map { "CWE-\($0)" }
        if !finding.declaration.isEmpty { facts.append("in " + MarkdownText.code(finding.declaration)) }
        facts.append("fingerprint " + MarkdownText.code(finding.fingerprint))
        var lines = [
            "**\(MarkdownText.escaped(finding.rule))** \(place(finding))  ", MarkdownText.escaped(finding.title) + "  ",
            facts.joined(separator: " · "),
        ]
        if finding.witnesses.count > 1 {
            let others = finding.witnesses.map { "\($0.tool) \($0.rule): \($0.title)" }
            lines.append("seen by " + others.map(MarkdownText.escaped).joined(separator: "; "))
        }
        if let advisory = finding.advisory {
            let fixed = advisory.fixedVersion.map { "fixed in \(MarkdownText.escaped($0))" } ?? "no fixed version"
            lines.append("\(MarkdownText.escaped(advisory.names.sorted().joined(separator: ", "))), \(fixed)")
            if let because = advisory.importedBecause {
                let word = advisory.imported.map { $0 ? "imported" : "not imported" } ?? "not decided whether imported"
                lines.append("\(word): \(MarkdownText.escaped(because))")
            }
        }
        if let mend = finding.mend { lines.append("Mend: " + MarkdownText.escaped(mend)) }
        if let link = finding.link { lines.append("More: " + MarkdownText.code(link)) }
        if case .suppressed(let reason, let expires) = finding.standing {
            let until = expires.map { " until \($0)" } ?? ""
            lines.append("Suppressed\(until): " + MarkdownText.escaped(reason))
        }
        if !finding.snippet.isEmpty { lines += ["", MarkdownText.block(finding.snippet)] }
        return lines.joined(separator: "\n")
    }

    private static func coverage(_ report: AuditReport) -> String {
        var lines = ["- \(counted(report.files.found, "file")) found"]
        lines += report.files.excluded.map { "- left out: \(MarkdownText.code($0))" }
        lines += report.files.skipped.map { "- \(MarkdownText.code($0.file)) \(MarkdownText.escaped($0.reason))" }
        for run in report.runs {
            lines += run.skipped.map {
                "- \(run.tool) skipped \(MarkdownText.code($0.file)) \(MarkdownText.escaped($0.reason))"
            }
        }
        return "## Coverage\n\n<details><summary>\(report.files.found) files, what was left out and why</summary>\n\n"
            + lines.joined(separator: "\n") + "\n\n</details>"
    }

    private static func place(_ finding: Finding, inTable: Bool = false) -> String {
        MarkdownText.code("\(finding.file):\(finding.line)", inTable: inTable)
    }

    private static func seconds(_ value: Double) -> String { "\((value * 10).rounded() / 10) s" }
}

extension DatabaseStamp {
    /// One line: where from, how much and how old.
    var summary: String {
        let age = ageInDays.map { ", latest change \(counted($0, "day")) ago" } ?? ", of unknown age"
        return "database \(source): \(advisories) \(advisories == 1 ? "advisory" : "advisories")"
            + age + (fromCache ? ", kept copy because it could not be fetched" : "")
    }
}
