/// What an audit is asked to do.
///
/// What is `nil` is as the configuration says.
public struct AuditOptions: Sendable {
    /// The folder to audit.
    public var path: String
    /// The configuration file; `nil` for `pitwall-audit.yml` in the folder, where there is one.
    public var configurationFile: String?
    /// The scanners to run, by name; each must do its work.
    ///
    /// Empty for the usual ones.
    public var tools: [String] = []
    /// `all`, `none` or names joined by commas: which scanners must do their work.
    public var require: String?
    /// The severity from which a finding fails the audit, one of ``FailOn/words``.
    public var failOn: String?
    /// A folder, archive or URL of advisories in the OSV format; a file or folder must be there.
    public var osv: String?
    /// An earlier JSON report, whose findings do not count again.
    public var baseline: String?

    /// An audit of a folder with everything else as configured.
    public init(path: String) { self.path = path }
}
