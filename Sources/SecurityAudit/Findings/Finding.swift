/// One problem in one place, whatever tool or tools saw it.
///
/// No field holds a secret: texts from tools and sources pass ``Redaction`` before they come here.
public struct Finding: Sendable, Hashable {
    /// The tool that saw it; of several, the one whose finding is told (see ``FindingMerge``).
    public var tool: String
    /// The tool's own name for the rule, such as `B602`, or the advisory's id.
    public var rule: String
    /// What is wrong, in one sentence.
    public var title: String
    /// How bad it is when true.
    public var severity: Severity
    /// How sure the tool is.
    public var confidence: Confidence
    /// Numbers in the Common Weakness Enumeration, the most telling first.
    public var cwe: [Int] = []
    /// Relative to the audited folder, parts joined by `/`.
    public var file: String
    /// Where in the file; `nil` when the finding is about the file as a whole.
    public var region: Region?
    /// The lines of ``region``, at most ``SourceText/snippetLines``.
    public var snippet = ""
    /// The enclosing declarations joined by dots, outermost first; empty at the top level or where not known.
    public var declaration = ""
    /// What to do about it, where the tool says.
    public var mend: String?
    /// Where to read more.
    public var link: String?
    /// The dependency and what is published about it, when the finding is about one.
    public var advisory: Advisory?
    /// The same for the same problem in moved, reformatted or renamed code; see ``Fingerprint``.
    public var fingerprint = ""
    /// Every tool that saw it, the teller included.
    public var witnesses: [Witness] = []
    /// Why the finding does not count, when it does not.
    public var standing = Standing.counted

    /// The code the tool reported, token by token, for ``Fingerprint``.
    ///
    /// Not part of a report.
    var code = ""
    /// GitHub's hash of the line, see ``LineHash``.
    ///
    /// Part of SARIF only.
    var lineHash: String?
    /// Whether the columns of ``region`` still count UTF-8 bytes, as Python's parser does.
    var columnsAreBytes = false

    /// Whether a finding counts for the verdict.
    public enum Standing: Sendable, Hashable {
        /// It counts.
        case counted
        /// A suppression covers it; the text is its reason.
        case suppressed(reason: String, expires: CalendarDate?)
        /// The baseline has it already.
        case known
    }

    /// The line the finding starts at, 1 when it is about the whole file.
    public var line: Int { region?.startLine ?? 1 }
}

/// A stretch of a file.
///
/// Lines and columns start at 1, columns count UTF-16 code units, the end column is exclusive.
public struct Region: Sendable, Hashable, Codable {
    /// The first line.
    public var startLine: Int
    /// The column of the first unit; `nil` when the tool gives lines only.
    public var startColumn: Int?
    /// The last line.
    public var endLine: Int
    /// The column after the last unit; `nil` when the tool gives lines only.
    public var endColumn: Int?

    /// A region that is sound whatever a tool printed: lines and columns at least 1, the end not before the start.
    init(startLine: Int, startColumn: Int? = nil, endLine: Int? = nil, endColumn: Int? = nil) {
        self.startLine = max(1, startLine)
        self.endLine = max(self.startLine, endLine ?? startLine)
        self.startColumn = startColumn.map { max(1, $0) }
        self.endColumn = endColumn.map { max(1, $0) }
        if self.startLine == self.endLine, let start = self.startColumn, let end = self.endColumn, end < start {
            self.endColumn = start
        }
    }

    func overlaps(_ other: Region) -> Bool {
        startLine <= other.endLine && other.startLine <= endLine
    }
}

/// One tool's word on a finding.
public struct Witness: Sendable, Hashable, Codable {
    /// The tool.
    public var tool: String
    /// Its name for the rule.
    public var rule: String
    /// What it says.
    public var title: String
    /// Its severity, mapped.
    public var severity: Severity
    /// Its confidence, mapped.
    public var confidence: Confidence
    /// The line it names.
    public var line: Int
}

/// What is published about a dependency.
public struct Advisory: Sendable, Hashable, Codable {
    /// The package as its lock file or requirements name it.
    public var package: String
    /// The version in use; `nil` where a revision or branch is pinned.
    public var version: String?
    /// The advisory's id.
    public var id: String
    /// The ids others gave to the same problem.
    public var aliases: [String] = []
    /// The lowest later version without the problem, when there is one.
    public var fixedVersion: String?
    /// Whether a product of the package is imported by the audited code; `nil` where that is not decided.
    public var imported: Bool?
    /// What ``imported`` rests on.
    public var importedBecause: String?

    enum CodingKeys: String, CodingKey {
        case package, version, id, aliases, imported
        case fixedVersion = "fixed_version"
        case importedBecause = "imported_because"
    }

    /// The id and its aliases.
    var names: Set<String> { Set(aliases).union([id]) }
}
