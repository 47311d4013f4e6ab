/// What `pitwall-audit.yml` says.
///
/// Everything has a default, so that the file may be missing.
public struct AuditConfiguration: Sendable {
    /// Files and folders to stay within, relative to the audited folder; empty for all of it.
    public var paths: [String] = []
    /// Patterns of what to leave out.
    public var exclude: [String] = []
    /// The severity from which a finding fails the audit, where no threshold says otherwise.
    public var failOn = FailOn.severity(.high)
    /// Which scanners must have done their work.
    public var require = Requirement.none
    /// The vulnerability database.
    public var osv: String?
    /// By scanner.
    public var tools: [ScannerName: ToolSettings] = [:]
    /// The first that fits a finding counts.
    public var thresholds: [Threshold] = []
    /// What is known and accepted.
    public var suppressions: [Suppression] = []

    /// The defaults.
    public init() {}
}

/// From which severity on a finding fails the audit.
public enum FailOn: Sendable, Hashable {
    /// This one and worse.
    case severity(Severity)
    /// None does.
    case never

    func isReached(by severity: Severity) -> Bool {
        if case .severity(let least) = self { severity >= least } else { false }
    }

    /// The word in the configuration and on the command line.
    public init?(_ word: String) {
        if word == "never" {
            self = .never
        } else if let severity = Severity(rawValue: word), severity != .none {
            self = .severity(severity)
        } else {
            return nil
        }
    }

    /// The word, or an error that names those there are.
    init(naming word: String) throws(AuditError) {
        guard let failOn = FailOn(word) else { throw .unknownSeverity(word) }
        self = failOn
    }

    /// The words ``init(_:)`` knows.
    public static let words = Severity.allCases.dropFirst().map(\.rawValue) + ["never"]
}

/// Which scanners must have done their work for the audit to succeed.
public enum Requirement: Sendable, Hashable {
    /// None: what is missing is told and nothing more.
    case none
    /// All that are chosen.
    case all
    /// These.
    case only(Set<ScannerName>)

    func includes(_ name: ScannerName) -> Bool {
        switch self {
        case .none: false
        case .all: true
        case .only(let names): names.contains(name)
        }
    }
}

/// How one tool is found and called.
public struct ToolSettings: Sendable, Hashable {
    /// Whether it runs at all.
    public var isEnabled = true
    /// Its executable, looked for nowhere else.
    public var path: String?
    /// What is added to its arguments.
    public var arguments: [String] = []
    /// Rule files and folders, for semgrep.
    public var rules: [String] = []
    /// When it is killed; what is `nil` keeps its default.
    public var time: Duration?
    /// Resident bytes at which it is killed.
    public var memory: Int?
}

/// A threshold for some rules or paths.
public struct Threshold: Sendable, Hashable {
    /// A pattern of rule ids, with `*` and `?`.
    public var rule: String?
    /// A pattern of paths.
    public var path: String?
    /// What counts instead of ``AuditConfiguration/failOn``.
    public var failOn: FailOn

    func fits(_ finding: Finding) -> Bool {
        let rules = [finding.rule] + finding.witnesses.map(\.rule)
        return (rule.map { pattern in rules.contains { Glob.matches(pattern, name: $0) } } ?? true)
            && (path.map { Glob($0).matches(finding.file) } ?? true)
    }
}
