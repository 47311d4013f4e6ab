/// How a report can be written down.
public enum ReportFormat: String, Sendable, Hashable, CaseIterable {
    /// For a terminal or a plain mail.
    case text
    /// For a chat or an issue.
    case markdown
    /// One page with its style inline, for mail.
    case html
    /// As `/admin/perf.json`.
    case json
}

extension PerfReport {
    /// The report in a format. All formats tell the same figures.
    public func rendered(as format: ReportFormat) -> String {
        switch format {
        case .text: TextReport(self).text
        case .markdown: MarkdownReport(self).text
        case .html: MailReport(self).html
        case .json: JSONReport(self).text
        }
    }
}
