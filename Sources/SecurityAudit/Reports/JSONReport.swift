import Foundation

/// The report for programs, schema `pitwall-audit/1`, described in `docs/audit-guide.md`.
///
/// Later versions of schema 1 may add members and never change or remove one.
public struct JSONReport: Sendable {
    /// The document, with sorted names, so that two reports can be compared as texts.
    public let text: String

    /// Renders a report.
    public init(_ report: AuditReport) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Encoding plain numbers and texts cannot fail; an empty document would be noticed by every reader.
        let data = (try? encoder.encode(Document(report))) ?? Data()
        text = String(decoding: data, as: UTF8.self) + "\n"
    }

    /// Reads a report again.
    ///
    /// - Throws: ``AuditError/unreadable(path:reason:)`` or ``AuditError/notAReport(path:reason:)``.
    static func read(_ path: String) throws(AuditError) -> Document {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path, reason: "no such file, or no right to read it")
        }
        do {
            let document = try JSONDecoder().decode(Document.self, from: data)
            guard document.schema == Document.currentSchema else {
                throw AuditError.notAReport(
                    path: path, reason: "schema \(document.schema); \(Document.currentSchema) is known")
            }
            guard document.schemaVersion == Document.currentVersion else {
                throw AuditError.notAReport(path: path, reason: "schema version \(document.schemaVersion); 1 is known")
            }
            return document
        } catch let error as AuditError {
            throw error
        } catch {
            throw .notAReport(path: path, reason: "not the members of schema pitwall-audit/1")
        }
    }

    /// The document as it is written and read.
    struct Document: Codable {
        static let currentSchema = "pitwall-audit/1"
        static let currentVersion = 1

        var schema = currentSchema
        var schemaVersion = currentVersion
        var verdict: Verdict
        var complete: Bool
        var exitStatus: Int32
        var failOn: String
        var path: String
        var generatedAt: String
        var seconds: Double
        var scanners: [ScannerRun]
        var coverage: FileCoverage
        /// What counts, at or over a threshold or below it.
        var findings: [FindingDocument]
        var suppressed: [FindingDocument]
        var known: [FindingDocument]
        var suppressionNotes: [SuppressionNote]

        enum CodingKeys: String, CodingKey {
            case schema, verdict, complete, path, seconds, scanners, coverage, findings, suppressed, known
            case schemaVersion = "schema_version"
            case exitStatus = "exit_status"
            case failOn = "fail_on"
            case generatedAt = "generated_at"
            case suppressionNotes = "suppression_notes"
        }

        init(_ report: AuditReport) {
            verdict = report.verdict
            complete = report.isComplete
            exitStatus = report.exitStatus
            failOn = report.failOn.word
            path = report.path
            generatedAt = report.began.formatted(.iso8601)
            seconds = (report.seconds * 1000).rounded() / 1000
            scanners = report.runs
            coverage = report.files
            findings =
                report.failures.map { FindingDocument($0, fails: true) }
                + report.lesser.map { FindingDocument($0, fails: false) }
            suppressed = report.suppressed.map { FindingDocument($0, fails: false) }
            known = report.known.map { FindingDocument($0, fails: false) }
            suppressionNotes = report.notes
        }

        /// Every finding, whether it counts or not.
        var everything: [FindingDocument] { findings + suppressed + known }

        /// The fingerprints of what a later audit finds again; not of what was suppressed, which is new on the day
        /// when its suppression ends.
        var accepted: Set<String> { Set((findings + known).map(\.fingerprint)) }
    }
}

extension FailOn {
    /// The word of ``init(_:)``.
    var word: String {
        switch self {
        case .severity(let severity): severity.rawValue
        case .never: "never"
        }
    }
}
