/// A report for a terminal or a plain mail, at most about 100 columns wide.
struct TextReport {
    let text: String

    private static let widestRoute = 44

    init(_ report: PerfReport) {
        let parts = ReportTables(report)
        var lines = [parts.heading, parts.period, "", parts.sentence]
        lines += parts.regressions.map { "  - \($0.oneLine)" }
        lines += parts.notices.flatMap { ["", "! \($0)"] }
        for table in parts.tables {
            lines += ["", table.title]
            lines += table.rows.isEmpty ? ["  \(table.empty)"] : Self.lines(of: table)
        }
        lines += [""] + parts.footnotes.map(\.oneLine)
        text = lines.joined(separator: "\n") + "\n"
    }

    /// First column to the left, the others to the right, each as wide as its widest cell.
    private static func lines(of table: ReportTables.Table) -> [String] {
        let rows = ([table.header] + table.rows).map { row in
            row.enumerated().map { $0.offset == 0 ? $0.element.oneLine.shortened(to: widestRoute) : $0.element }
        }
        let widths = table.header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }
            return "  " + String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
    }
}

extension String {
    /// Without line breaks and control characters, so that a route cannot forge a line of a report or of a terminal.
    var oneLine: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { $0.properties.generalCategory.isUnprintable ? "\u{FFFD}" : $0 }))
    }

    /// Cut in the middle, where a long path says least.
    func shortened(to width: Int) -> String {
        guard count > width else { return self }
        let head = (width - 1) / 2
        return prefix(head) + "…" + suffix(width - 1 - head)
    }
}

extension Unicode.GeneralCategory {
    /// Control characters, line and paragraph separators, and what turns the direction of writing.
    fileprivate var isUnprintable: Bool {
        switch self {
        case .control, .lineSeparator, .paragraphSeparator, .format: true
        default: false
        }
    }
}
