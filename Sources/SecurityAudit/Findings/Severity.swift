/// How bad a finding is when it is true, in the five bands of CVSS 3.
///
/// Every tool has its own word; `docs/check.md` has the table by which ``init(bandit:)``, ``init(semgrep:)`` and
/// ``init(database:)`` map it. A severity is never read out of a finding's prose.
public enum Severity: String, Codable, CaseIterable, Comparable, Sendable {
    /// A remark.
    case none
    /// Worth mending at the next occasion.
    case low
    /// Dangerous together with something else.
    case medium
    /// Dangerous by itself.
    case high
    /// Gives whoever finds it control or data at once.
    case critical

    /// Orders from ``none`` to ``critical``.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// What a published vulnerability counts as when neither its score nor its database gives a severity.
    ///
    /// pip-audit and gitleaks print none at all; both report what an attacker can use as it stands.
    static let unstated = Severity.high

    /// bandit's `issue_severity`: LOW, MEDIUM, HIGH; UNDEFINED and unknown words are ``none``.
    init(bandit word: String) {
        switch word.uppercased() {
        case "HIGH": self = .high
        case "MEDIUM": self = .medium
        case "LOW": self = .low
        default: self = .none
        }
    }

    /// semgrep's `severity`: the old words ERROR, WARNING, INFO and the new ones CRITICAL, HIGH, MEDIUM, LOW.
    init(semgrep word: String) {
        switch word.uppercased() {
        case "CRITICAL": self = .critical
        case "ERROR", "HIGH": self = .high
        case "WARNING", "MEDIUM": self = .medium
        case "INFO", "LOW": self = .low
        default: self = .none
        }
    }

    /// GitHub's and OSV's `database_specific.severity`: LOW, MODERATE (or MEDIUM), HIGH, CRITICAL.
    init?(database word: String) {
        switch word.uppercased() {
        case "CRITICAL": self = .critical
        case "HIGH": self = .high
        case "MODERATE", "MEDIUM": self = .medium
        case "LOW": self = .low
        case "NONE": self = .none
        default: return nil
        }
    }

    /// The band of a CVSS base score: 0 none, up to 3.9 low, 6.9 medium, 8.9 high, above critical.
    ///
    /// See <https://www.first.org/cvss/v3.1/specification-document>, section 5.
    init(score: Double) {
        switch score {
        case ..<0.1: self = .none
        case ..<4.0: self = .low
        case ..<7.0: self = .medium
        case ..<9.0: self = .high
        default: self = .critical
        }
    }

    /// GitHub's `security-severity` for the band: the middle of a band, so that GitHub shows the same word.
    var securitySeverity: String {
        switch self {
        case .none: "0.0"
        case .low: "2.0"
        case .medium: "5.5"
        case .high: "8.0"
        case .critical: "9.5"
        }
    }
}

/// How sure a tool is of a finding.
public enum Confidence: String, Codable, CaseIterable, Comparable, Sendable {
    /// It looks like the danger, but what decides it could not be seen.
    case low
    /// Likely.
    case medium
    /// Decided.
    case high

    /// Orders from ``low`` to ``high``.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// A tool's own word, in any case; anything but LOW, MEDIUM and HIGH is ``low``.
    init(word: String) {
        self = Confidence(rawValue: word.lowercased()) ?? .low
    }
}
