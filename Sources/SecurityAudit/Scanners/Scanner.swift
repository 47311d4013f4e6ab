/// One way of looking for problems: an outside tool, or something built in.
///
/// A scanner never throws. What goes wrong is the state of its run, and what it saw until then still counts.
protocol Scanner: Sendable {
    /// Its name on the command line, in the configuration and in reports.
    var name: ScannerName { get }

    /// Looks at the files of a job.
    func scan(_ job: ScanJob) async -> ScanOutcome
}

/// The scanners there are.
public enum ScannerName: String, Sendable, Codable, CaseIterable {
    /// The rules for Swift sources, built in.
    case swift
    /// Swift packages in `Package.resolved` against an OSV database, built in.
    case dependencies
    /// bandit, for Python sources.
    case bandit
    /// pip-audit, for Python dependencies.
    case pipAudit = "pip-audit"
    /// semgrep, with the repository's own rules.
    case semgrep
    /// gitleaks, for secrets.
    case gitleaks
    /// gitleaks where it is installed, else a search of our own.
    case secrets

    /// What runs when nothing is chosen; gitleaks is in ``secrets``.
    static let usual: [ScannerName] = [.swift, .dependencies, .bandit, .pipAudit, .semgrep, .secrets]
}

/// What a scanner is to look at, and with what.
struct ScanJob: Sendable {
    let inventory: FileInventory
    let settings: ToolSettings
    let discovery: ToolDiscovery
    let limits: ToolLimits
    /// Whether it was asked for by name, so that being absent matters even where it would have nothing to do.
    let required: Bool
    /// The vulnerability database, when one was given; an error's text when it could not be read.
    let database: LoadedDatabase
}

/// What a scanner found and what became of it.
struct ScanOutcome: Sendable {
    var run: ScannerRun
    var findings: [Finding] = []

    static func ended(
        _ name: ScannerName, _ state: ScannerRun.State, _ detail: String? = nil, version: String? = nil
    ) -> ScanOutcome {
        ScanOutcome(run: ScannerRun(tool: name.rawValue, version: version, state: state, detail: detail))
    }
}
