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

    /// Reads a format's name.
    ///
    /// - Throws: ``ReportFormatError`` for any other name.
    public init(parsing name: String) throws(ReportFormatError) {
        guard let format = Self(rawValue: name) else { throw ReportFormatError(name: name) }
        self = format
    }
}

/// A format that reports do not have.
public struct ReportFormatError: Error, Hashable, CustomStringConvertible {
    /// The name as it was given.
    public let name: String

    /// What is wrong with which value, and what is allowed.
    public var description: String {
        "There is no format '\(name.prefix(40))': choose one of "
            + ReportFormat.allCases.map(\.rawValue).joined(separator: ", ") + "."
    }
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
