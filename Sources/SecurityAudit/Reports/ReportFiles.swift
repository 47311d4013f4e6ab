import Foundation
import ResultFile

/// Where reports are written to; what is `nil` is not.
public struct ReportFiles: Sendable {
    /// The Markdown report; `-` for standard output.
    public var markdown: String?
    /// The JSON report; `-` for standard output.
    public var json: String?
    /// The SARIF report; `-` for standard output.
    public var sarif: String?
    /// The page; `-` for standard output.
    public var html: String?
    /// The JUnit report; `-` for standard output.
    public var junit: String?

    /// Nothing yet.
    public init() {}

    /// Finds out before an audit of minutes whether the reports can be written after it.
    ///
    /// - Throws: ``AuditError/unwritable(path:reason:)`` or ``AuditError/sameReportFile(_:)``.
    func check() throws(AuditError) {
        var taken: Set<String> = []
        for path in [markdown, json, sarif, html, junit].compactMap(\.self) {
            let place = path == "-" ? path : URL(fileURLWithPath: path).standardizedFileURL.path
            guard taken.insert(place).inserted || place.hasPrefix("/dev/") else { throw .sameReportFile(path) }
            guard path != "-" else { continue }
            if let obstacle = ResultFile(path).obstacle {
                throw .unwritable(path: path.isEmpty ? "\"\"" : path, reason: obstacle)
            }
        }
    }

    /// Writes what is asked for, each file whole or not at all.
    ///
    /// - Throws: ``AuditError/unwritable(path:reason:)``.
    public func write(_ report: AuditReport) throws(AuditError) {
        try Self.write(to: markdown) { MarkdownReport(report).text }
        try Self.write(to: json) { JSONReport(report).text }
        try Self.write(to: sarif) { SARIFReport(report).text }
        try Self.write(to: html) { HTMLReport(report).text }
        try Self.write(to: junit) { JUnitReport(report).text }
    }

    private static func write(to path: String?, _ text: () -> String) throws(AuditError) {
        guard let path else { return }
        let data = Data(text().utf8)
        if path == "-" {
            try? FileHandle.standardOutput.write(contentsOf: data)
            return
        }
        do {
            try ResultFile(path).write(data)
        } catch {
            throw .unwritable(path: path, reason: error.localizedDescription)
        }
    }
}
