import MarkupText

/// The report as one page that needs nothing from elsewhere: no script, no font, no picture.
public struct HTMLReport: Sendable {
    /// The document.
    public let text: String

    /// Renders a report.
    public init(_ report: AuditReport) {
        text = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>Security audit: \(report.verdict.rawValue)</title>
            <style>
            \(HTMLStyle.text)
            </style>
            </head>
            <body class="obsidian">
            <header><div class="obs-container"><h1>Security audit</h1>\(Self.badge(report.verdict))</div></header>
            <main class="obs-container">
            \(Self.sections(report).filter { !$0.isEmpty }.joined(separator: "\n"))
            </main>
            </body>
            </html>

            """
    }

    private static func sections(_ report: AuditReport) -> [String] {
        [
            numbers(report), attention(report), tools(report),
            list(report.failures, titled: "At or over the threshold", empty: "Nothing at or over the threshold."),
            list(report.lesser, titled: "Below the threshold"), list(report.suppressed, titled: "Suppressed"),
            list(report.known, titled: "Known from the baseline"), coverage(report),
        ]
    }

    private static func badge(_ verdict: Verdict) -> String {
        let kind =
            switch verdict {
            case .clean: "good"
            case .findings: "bad"
            case .incomplete: "warn"
            }
        return "<span class=\"badge \(kind)\">\(verdict.rawValue)</span>"
    }

    private static func numbers(_ report: AuditReport) -> String {
        let blocks = [
            ("\(report.failures.count)", "at or over \(report.failOn.word)", report.failures.isEmpty ? "" : "bad"),
            ("\(report.lesser.count)", "below", ""), ("\(report.suppressed.count)", "suppressed", ""),
            ("\(report.gaps.count)", "tools not complete", report.gaps.isEmpty ? "" : "warn"),
            ("\(report.files.found)", "files", ""), ("\(CalendarDate(report.began))", "day", ""),
        ].map { number, label, kind in
            "<div class=\"stat-block \(kind)\"><b>\(number)</b><span>\(label)</span></div>"
        }
        return "<section class=\"glass-card stats\">\(blocks.joined())</section>"
    }

    private static func attention(_ report: AuditReport) -> String {
        var items = report.gaps.map { "<li><b>\(escaped($0.tool))</b> \(escaped($0.gap ?? ""))</li>" }
        items += report.files.skipped.map { "<li><code>\(escaped($0.file))</code> \(escaped($0.reason))</li>" }
        items += report.notes.map { note in
            let rule = note.rule.map { "<code>\(escaped($0))</code> " } ?? ""
            return
                "<li>Suppression \(rule)at <code>\(escaped(note.place))</code> is \(note.kind.rawValue): \(escaped(note.text))</li>"
        }
        guard !items.isEmpty else { return "" }
        return section("Not complete, or to look after", "<ul>\(items.joined())</ul>")
    }

    private static func tools(_ report: AuditReport) -> String {
        let rows = report.runs.map { run in
            let kind = run.isComplete ? "good" : "warn"
            let remark = [run.detail, run.database?.summary].compactMap(\.self).joined(separator: "; ")
            return """
                <tr><td>\(escaped(run.tool))</td><td>\(escaped(run.version ?? "–"))</td>\
                <td><span class="badge \(kind)">\(run.state.rawValue)</span></td>\
                <td class="number">\(run.filesScanned) of \(run.filesFound)</td><td class="number">\(run.skipped.count)</td>\
                <td class="number">\(run.findings)</td><td class="number">\((run.seconds * 10).rounded() / 10) s</td>\
                <td>\(escaped(remark))</td></tr>
                """
        }
        let head =
            "<th>Tool</th><th>Version</th><th>State</th><th class=\"number\">Files</th><th class=\"number\">Skipped</th>"
            + "<th class=\"number\">Findings</th><th class=\"number\">Time</th><th>Remark</th>"
        return section("Tools", table(head, rows))
    }

    private static func list(_ findings: [Finding], titled title: String, empty: String = "") -> String {
        guard !findings.isEmpty else { return empty.isEmpty ? "" : section(title, "<p>\(empty)</p>") }
        return section("\(title): \(findings.count)", findings.map(detail).joined(separator: "\n"))
    }

    private static func detail(_ finding: Finding) -> String {
        let kind = finding.severity >= .high ? "bad" : finding.severity == .medium ? "warn" : "fine"
        var facts = ["confidence \(finding.confidence.rawValue)"] + finding.cwe.map { "CWE-\($0)" }
        if !finding.declaration.isEmpty { facts.append("in \(finding.declaration)") }
        facts.append("seen by " + finding.witnesses.map { "\($0.tool) \($0.rule)" }.joined(separator: ", "))
        facts.append("fingerprint \(finding.fingerprint)")
        var body = "<p class=\"facts\">\(escaped(facts.joined(separator: " · ")))</p>"
        if let advisory = finding.advisory {
            let fixed = advisory.fixedVersion.map { "fixed in \($0)" } ?? "no fixed version"
            let imported = advisory.importedBecause.map { because in
                (advisory.imported.map { $0 ? "; imported: " : "; not imported: " } ?? "; not decided: ") + because
            }
            body +=
                "<p>\(escaped(advisory.names.sorted().joined(separator: ", ") + ", " + fixed + (imported ?? "")))</p>"
        }
        if let mend = finding.mend { body += "<p>\(escaped(mend))</p>" }
        if case .suppressed(let reason, let expires) = finding.standing {
            body += "<p>\(escaped("Suppressed\(expires.map { " until \($0)" } ?? ""): \(reason)"))</p>"
        }
        if !finding.snippet.isEmpty { body += "<pre>\(escaped(finding.snippet))</pre>" }
        return """
            <details><summary><span class="badge \(kind)">\(finding.severity.rawValue)</span> \
            <code>\(escaped("\(finding.file):\(finding.line)"))</code> \(escaped(finding.title))</summary>\(body)</details>
            """
    }

    private static func coverage(_ report: AuditReport) -> String {
        var items = report.files.excluded.map { "<li>left out: <code>\(escaped($0))</code></li>" }
        for run in report.runs {
            items += run.skipped.map {
                "<li>\(escaped(run.tool)) skipped <code>\(escaped($0.file))</code> \(escaped($0.reason))</li>"
            }
        }
        let list = items.isEmpty ? "<p>Nothing was left out.</p>" : "<ul>\(items.joined())</ul>"
        return section(
            "Coverage", "<details><summary>\(counted(report.files.found, "file")) found</summary>\(list)</details>")
    }

    private static func section(_ title: String, _ body: String) -> String {
        "<section class=\"glass-card\"><h2>\(escaped(title))</h2>\(body)</section>"
    }

    private static func table(_ head: String, _ rows: [String]) -> String {
        "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead><tbody>\(rows.joined(separator: "\n"))</tbody></table></div>"
    }

    private static func escaped(_ text: String) -> String { text.markupEscaped }
}
