/// A report for a chat, an issue or a repository, in GitHub's Markdown.
struct MarkdownReport {
    let text: String

    init(_ report: PerfReport) {
        let parts = ReportTables(report)
        var lines = ["# \(parts.heading)", "", parts.period, "", "**\(parts.sentence.markdownEscaped)**"]
        if !parts.regressions.isEmpty { lines += [""] + parts.regressions.map { "- \($0.markdownEscaped)" } }
        lines += parts.notices.flatMap { ["", "> \($0.markdownEscaped)"] }
        for table in parts.tables {
            lines += ["", "## \(table.title)", ""]
            lines += table.rows.isEmpty ? [table.empty] : Self.lines(of: table)
        }
        lines += [""] + parts.footnotes.flatMap { [$0.markdownEscaped, ""] }
        text = lines.joined(separator: "\n").trimmingSuffix { $0 == "\n" } + "\n"
    }

    private static func lines(of table: ReportTables.Table) -> [String] {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
        let rule = table.header.indices.map { $0 == 0 ? ":--" : "--:" }
        return [line(table.header), line(rule)] + table.rows.map { line($0.map(\.markdownEscaped)) }
    }
}

extension String {
    /// With every character that Markdown or HTML could take for markup escaped.
    var markdownEscaped: String {
        var escaped = ""
        for character in oneLine {
            if "\\`*_{}[]()<>#+!|~&".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }

    func trimmingSuffix(while matches: (Character) -> Bool) -> String {
        String(reversed().drop(while: matches).reversed())
    }
}
