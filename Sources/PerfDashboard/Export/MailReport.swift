/// A report as one HTML page for mail: every style inline, tables for layout, no picture and nothing to load.
struct MailReport {
    /// A large figure.
    struct Block {
        let label: String
        let value: String
        let colour: String
        let was: String
    }

    /// A table, its cells ready to show.
    struct Table {
        let title: String
        let hasRows: Bool
        let header: [Cell]
        let rows: [[Cell]]
        let empty: String
    }

    /// A cell, to the left or to the right.
    struct Cell {
        let text: String
        let align: String
        let face: String
    }

    let heading: String
    let period: String
    let sentence: String
    let notices: [String]
    let regressions: [String]
    let blocks: [Block]
    let tables: [Table]
    let footnotes: [String]

    init(_ report: PerfReport) {
        let parts = ReportTables(report)
        heading = parts.heading
        period = parts.period
        sentence = parts.sentence
        notices = parts.notices
        regressions = parts.regressions
        footnotes = parts.footnotes
        let (now, before) = (report.totals, report.totalsBefore)
        let isComplete = report.storeProblem == nil
        let stats = [
            StatView(now.p50, before: before.p50, isComplete: isComplete),
            StatView(now.p95, before: before.p95, isComplete: isComplete),
            StatView(now.p99, before: before.p99, isComplete: isComplete),
            StatView(requests: now, before: before, isComplete: isComplete),
            StatView(errorRate: now, before: before),
        ]
        blocks = stats.map { stat in
            Block(
                label: stat.label, value: stat.unit.isEmpty ? stat.value : "\(stat.value) \(stat.unit)",
                colour: Self.colours[stat.tone] ?? "#22D3EE",
                was: stat.change.map { [$0.sign, $0.text].filter { !$0.isEmpty }.joined(separator: " ") } ?? stat.note)
        }
        // The figures of the first table stand in the blocks.
        tables = parts.tables.dropFirst().map { table in
            Table(
                title: table.title, hasRows: !table.rows.isEmpty, header: Self.cells(table.header),
                rows: table.rows.map(Self.cells), empty: table.empty)
        }
    }

    var html: String { Templates.render("mail", self) }

    private static let colours = ["amber": "#FBBF24", "red": "#F87171", "few": "#8B95A8"]

    private static func cells(_ texts: [String]) -> [Cell] {
        texts.enumerated().map { index, text in
            Cell(
                text: text.oneLine, align: index == 0 ? "left" : "right",
                face: index == 0 ? "word-break:break-all;" : "white-space:nowrap;")
        }
    }
}
