import Foundation
import SwiftScanner

/// The report for code scanning: SARIF 2.1.0, one run a tool, within what GitHub accepts.
///
/// Suppressed findings are left out, because GitHub shows them as open. A tool that did not run has no run: an empty
/// one would close its alerts. See <https://docs.oasis-open.org/sarif/sarif/v2.1.0> and GitHub's page on SARIF support.
public struct SARIFReport: Sendable {
    /// The document.
    public let text: String

    /// GitHub's limits: results in a run, and characters in a description.
    private static let maximumResults = 25_000
    private static let maximumText = 1_000

    /// Renders a report.
    public init(_ report: AuditReport) {
        let shown = report.failures + report.lesser + report.known
        let byTool = Dictionary(grouping: shown, by: \.tool)
        let runs = report.runs.filter { $0.state == .ran || byTool[$0.tool] != nil }
            .map { Self.run($0, findings: byTool[$0.tool] ?? [], files: report.files) }
        let document: JSONValue = [
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0", "runs": .array(runs),
        ]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Encoding plain numbers and texts cannot fail; an empty document would be refused by every reader.
        text = String(decoding: (try? encoder.encode(document)) ?? Data(), as: UTF8.self) + "\n"
    }

    private static func run(_ run: ScannerRun, findings: [Finding], files: FileCoverage) -> JSONValue {
        let kept = Array(findings.prefix(maximumResults))
        let rules = Rules(kept)
        var notices = run.skipped.map { notice("\($0.file): \($0.reason)", level: "warning") }
        notices += files.skipped.map { notice("\($0.file): \($0.reason)", level: "warning") }
        if run.state != .ran { notices.append(notice(run.gap ?? run.state.rawValue, level: "error")) }
        if kept.count < findings.count {
            notices.append(notice("\(findings.count - kept.count) lesser results left out", level: "warning"))
        }
        if let database = run.database { notices.append(notice(database.summary, level: "note")) }
        notices.append(notice("\(run.filesScanned) of \(run.filesFound) files scanned", level: "note"))
        return [
            "tool": [
                "driver": [
                    "name": .string(driverName(run.tool)), "version": JSONValue(run.version),
                    "informationUri": .string(home(run.tool)), "rules": .array(rules.documents),
                ]
            ],
            "automationDetails": ["id": .string("pitwall/\(run.tool)/")],
            "columnKind": "utf16CodeUnits",
            "invocations": [
                [
                    "executionSuccessful": .boolean(run.state == .ran),
                    "toolExecutionNotifications": .array(Array(notices.prefix(1000))),
                ]
            ],
            "results": .array(kept.map { result($0, ruleIndex: rules.index(of: $0.rule)) }),
        ]
    }

    private static func driverName(_ tool: String) -> String {
        ["swift", "dependencies", "secrets"].contains(tool) ? "pitwall \(tool)" : tool
    }

    private static func home(_ tool: String) -> String {
        switch tool {
        case "bandit": "https://bandit.readthedocs.io"
        case "pip-audit": "https://github.com/pypa/pip-audit"
        case "semgrep": "https://semgrep.dev"
        case "gitleaks": "https://github.com/gitleaks/gitleaks"
        default: "https://github.com/pitwall"
        }
    }

    private static func notice(_ text: String, level: String) -> JSONValue {
        ["level": .string(level), "message": ["text": .string(short(text))]]
    }

    private static func result(_ finding: Finding, ruleIndex: Int) -> JSONValue {
        var region: [String: JSONValue] = ["startLine": .integer(finding.line)]
        if let place = finding.region {
            region["endLine"] = .integer(place.endLine)
            region["startColumn"] = JSONValue(place.startColumn)
            region["endColumn"] = JSONValue(place.endColumn)
        }
        if !finding.snippet.isEmpty { region["snippet"] = ["text": .string(finding.snippet)] }
        let mend = finding.mend.map { " " + $0 } ?? ""
        // In a lock file the line's hash changes with the next package's entry.
        let lineHash = finding.advisory == nil ? finding.lineHash : finding.fingerprint
        return [
            "ruleId": .string(finding.rule), "ruleIndex": .integer(ruleIndex),
            "level": .string(level(finding.severity)),
            "message": ["text": .string(short(finding.title + mend))],
            "locations": [
                [
                    "physicalLocation": [
                        "artifactLocation": ["uri": .string(uri(finding.file))], "region": .object(region),
                    ]
                ]
            ],
            "partialFingerprints": [
                "primaryLocationLineHash": JSONValue(lineHash), "pitwall/v1": .string(finding.fingerprint),
            ],
            "baselineState": finding.standing == .known ? "unchanged" : .absent,
            "properties": [
                "severity": .string(finding.severity.rawValue), "confidence": .string(finding.confidence.rawValue),
                "witnesses": .array(finding.witnesses.map { .string("\($0.tool) \($0.rule)") }),
            ],
        ]
    }

    static func level(_ severity: Severity) -> String {
        switch severity {
        case .critical, .high: "error"
        case .medium: "warning"
        case .low, .none: "note"
        }
    }

    /// A path as a relative reference, RFC 3986: everything but unreserved characters encoded.
    static func uri(_ path: String) -> String {
        let plain = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
        return path.addingPercentEncoding(withAllowedCharacters: plain) ?? path
    }

    /// A link when it is an address on the web; whoever writes semgrep's rules may write anything.
    static func address(_ link: String?) -> String? {
        guard let link, let url = URL(string: link), ["http", "https"].contains(url.scheme), url.host() != nil else {
            return nil
        }
        return link
    }

    static func short(_ text: String) -> String {
        let shown = text.count > maximumText ? text.prefix(maximumText - 1) + "…" : text
        return shown.isEmpty ? "–" : shown
    }
}

/// The rules of a run, each once, with the worst severity of its findings.
private struct Rules {
    private(set) var documents: [JSONValue] = []
    private var indices: [String: Int] = [:]

    init(_ findings: [Finding]) {
        for (rule, group) in Dictionary(grouping: findings, by: \.rule).sorted(by: { $0.key < $1.key }) {
            indices[rule] = documents.count
            documents.append(Self.document(rule, group))
        }
    }

    func index(of rule: String) -> Int { indices[rule] ?? 0 }

    private static func document(_ rule: String, _ findings: [Finding]) -> JSONValue {
        let severity = findings.map(\.severity).max() ?? .none
        let confidence = findings.map(\.confidence).max() ?? .low
        let own = SwiftScanner.rules.first { $0.id == rule && findings.first?.tool == "swift" }
        let weaknesses = Set(findings.flatMap(\.cwe)).sorted().prefix(8)
        let title = own?.title ?? findings.first?.title ?? rule
        let help = [own?.why ?? title, own?.mend ?? findings.first?.mend].compactMap(\.self).joined(separator: " ")
        let tags = ["security"] + weaknesses.map { "external/cwe/cwe-" + String(format: "%03d", $0) }
        return [
            "id": .string(rule), "name": .string(rule),
            "shortDescription": ["text": .string(SARIFReport.short(title))],
            "fullDescription": ["text": .string(SARIFReport.short(help))],
            "help": ["text": .string(SARIFReport.short(help))],
            "helpUri": JSONValue(findings.lazy.compactMap { SARIFReport.address($0.link) }.first),
            "defaultConfiguration": ["level": .string(SARIFReport.level(severity))],
            "properties": [
                "tags": .array(tags.map(JSONValue.string)), "precision": .string(confidence.rawValue),
                "security-severity": .string(severity.securitySeverity),
            ],
        ]
    }
}
