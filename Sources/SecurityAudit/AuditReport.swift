public import Foundation

/// What an audit has to tell.
///
/// Every format is a rendering of this one value.
public struct AuditReport: Sendable {
    /// The audited folder as it was named.
    public let path: String
    /// When the audit began.
    public let began: Date
    /// How long it took, in seconds.
    public let seconds: Double
    /// The severity from which a finding fails the audit, where no threshold says otherwise.
    public let failOn: FailOn
    /// One a scanner, in a fixed order.
    public let runs: [ScannerRun]
    /// All findings, suppressed and known ones too, the worst first.
    public let findings: [Finding]
    /// The indices in ``findings`` of those that fail the audit.
    let failing: [Int]
    /// Suppressions that expired, cover nothing or cannot be understood.
    public let notes: [SuppressionNote]
    /// What was found in the folder.
    public let files: FileCoverage

    /// Findings at or over their threshold.
    public var failures: [Finding] { failing.map { findings[$0] } }
    /// Findings that count but are under their threshold.
    public var lesser: [Finding] {
        let failing = Set(failing)
        return findings.indices.filter { findings[$0].standing == .counted && !failing.contains($0) }.map {
            findings[$0]
        }
    }
    /// Findings that a suppression covers.
    public var suppressed: [Finding] {
        findings.filter { if case .suppressed = $0.standing { true } else { false } }
    }
    /// Findings that the baseline has already.
    public var known: [Finding] { findings.filter { $0.standing == .known } }
    /// Scanners that did not see everything.
    public var gaps: [ScannerRun] { runs.filter { !$0.isComplete } }
    /// Whether everything that was wanted has been seen.
    public var isComplete: Bool { gaps.isEmpty && files.skipped.isEmpty }

    /// The one answer.
    public var verdict: Verdict {
        if !failing.isEmpty { return .findings }
        return isComplete ? .clean : .incomplete
    }

    /// 0, or 1 for failing findings, or 2 when a required scanner did not see everything.
    public var exitStatus: Int32 {
        if !failing.isEmpty { return 1 }
        // What cannot be listed or read is a gap of every scanner.
        let missed = files.skipped.isEmpty ? gaps : runs
        return missed.contains(where: \.required) ? 2 : 0
    }

    /// The verdict in one sentence, for the end of standard error.
    public var summary: String {
        let lesserCount = lesser.count
        let rest = lesserCount == 0 ? "" : ", \(counted(lesserCount, "finding")) below the threshold"
        let missed =
            gaps.map { "\($0.tool): \($0.gap ?? "")" }
            + (files.skipped.isEmpty ? [] : ["\(counted(files.skipped.count, "path")) cannot be read"])
        let gap = missed.isEmpty ? "" : "; not complete: " + missed.joined(separator: "; ")
        switch verdict {
        case .clean: return "clean\(rest)"
        case .findings: return "findings: \(counted(failing.count, "finding")) at or over the threshold\(rest)\(gap)"
        case .incomplete: return "incomplete\(rest)\(gap)"
        }
    }
}

/// What was found in the audited folder.
public struct FileCoverage: Sendable, Hashable, Codable {
    /// How many files there are.
    public var found: Int
    /// What was left out on purpose.
    public var excluded: [String]
    /// What could not be listed or read.
    public var skipped: [SkippedFile]
}

/// A number and its noun.
func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

extension ScannerRun {
    /// One line for standard error when the scanner has ended.
    var progressLine: String {
        let name = tool + (version.map { " (\($0))" } ?? "")
        let time = String(format: "%.1f s", seconds)
        switch state {
        case .ran:
            let gap = skipped.isEmpty ? "" : ", \(skipped.count) skipped"
            return "\(name): \(counted(findings, "finding")) in \(counted(filesScanned, "file"))\(gap), \(time)"
        default: return "\(name): \(state.rawValue)" + (detail.map { ", \($0)" } ?? "")
        }
    }
}
