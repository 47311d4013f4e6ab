/// A finding as the JSON report has it.
///
/// The names are part of the schema in `docs/audit-guide.md`.
struct FindingDocument: Codable {
    var tool: String
    var rule: String
    var title: String
    var severity: Severity
    var confidence: Confidence
    /// The most telling weakness, such as `CWE-78`, or null: the member is there either way.
    @PresentOrNull var cwe: String?
    var cwes: [String]
    var file: String
    var line: Int
    var column: Int?
    var endLine: Int
    var endColumn: Int?
    var snippet: String
    var declaration: String
    var mend: String?
    var link: String?
    var advisory: Advisory?
    var fingerprint: String
    var witnesses: [Witness]
    /// Whether it fails the audit.
    var fails: Bool
    /// `counted`, `suppressed` or `known`.
    var standing: String
    var reason: String?
    var expires: String?

    enum CodingKeys: String, CodingKey {
        case tool, rule, title, severity, confidence, cwe, cwes, file, line, column, snippet, declaration, mend, link
        case advisory, fingerprint, witnesses, fails, standing, reason, expires
        case endLine = "end_line"
        case endColumn = "end_column"
    }

    init(_ finding: Finding, fails: Bool) {
        tool = finding.tool
        rule = finding.rule
        title = finding.title
        severity = finding.severity
        confidence = finding.confidence
        cwes = finding.cwe.map { "CWE-\($0)" }
        _cwe = PresentOrNull(wrappedValue: cwes.first)
        file = finding.file
        line = finding.line
        column = finding.region?.startColumn
        endLine = finding.region?.endLine ?? finding.line
        endColumn = finding.region?.endColumn
        snippet = finding.snippet
        declaration = finding.declaration
        mend = finding.mend
        link = finding.link
        advisory = finding.advisory
        fingerprint = finding.fingerprint
        witnesses = finding.witnesses
        self.fails = fails
        switch finding.standing {
        case .counted: standing = "counted"
        case .known: standing = "known"
        case .suppressed(let reason, let expires):
            standing = "suppressed"
            self.reason = reason
            self.expires = expires?.description
        }
    }
}

/// A member that is written as null, and not left out, when it has no value.
@propertyWrapper
struct PresentOrNull: Codable {
    var wrappedValue: String?

    init(wrappedValue: String?) { self.wrappedValue = wrappedValue }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        wrappedValue = container.decodeNil() ? nil : try container.decode(String.self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}

extension KeyedDecodingContainer {
    /// What synthesized decoding calls: a report without the member is read as one with null.
    func decode(_ type: PresentOrNull.Type, forKey key: Key) throws -> PresentOrNull {
        try decodeIfPresent(type, forKey: key) ?? PresentOrNull(wrappedValue: nil)
    }
}
