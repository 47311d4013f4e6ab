/// A finding that is known and accepted, for a reason and until a day.
public struct Suppression: Sendable, Hashable {
    /// Where it is written: `pitwall-audit.yml:12` or `Sources/App/Mail.swift:40`.
    public var place: String
    /// A pattern of rule or advisory ids; `nil` for any.
    public var rule: String?
    /// A pattern of paths; `nil` for any.
    public var path: String?
    /// One finding's fingerprint.
    public var fingerprint: String?
    /// The file it is in and the lines it covers, when it is a comment.
    var exactFile: String?
    var lines: ClosedRange<Int>?
    /// Why it is accepted.
    public var reason: String
    /// The last day it holds; `nil` for ever.
    public var expires: CalendarDate?

    func fits(_ finding: Finding) -> Bool {
        if let fingerprint, fingerprint != finding.fingerprint { return false }
        if let path, !Glob(path).matches(finding.file) { return false }
        if let exactFile, exactFile != finding.file { return false }
        if let lines {
            let region = finding.region ?? Region(startLine: 1)
            guard lines.overlaps(region.startLine...region.endLine) else { return false }
        }
        guard let rule else { return true }
        let names = [finding.rule] + finding.witnesses.map(\.rule) + (finding.advisory.map { Array($0.names) } ?? [])
        return names.contains { Glob.matches(rule, name: $0) }
    }

    /// Whether it still holds on a day.
    func holds(on day: CalendarDate) -> Bool { expires.map { day <= $0 } ?? true }
}

/// Something about a suppression that its owner should know.
public struct SuppressionNote: Sendable, Hashable, Codable {
    /// Where it is written.
    public var place: String
    /// What it covers.
    public var rule: String?
    /// What is to be known.
    public var kind: Kind
    /// Its reason, or what is wrong with it.
    public var text: String

    /// What there is to know.
    public enum Kind: String, Sendable, Codable {
        /// It has expired, and what it covered counts again.
        case expired
        /// It covers nothing.
        case unused
        /// It cannot be understood and covers nothing.
        case malformed
    }
}
