/// One place in a Swift source where a rule sees a danger.
///
/// No field ever holds a secret: where a rule is about one, ``snippet``, ``normalizedCode`` and ``message`` carry the
/// first four characters and the length only.
public struct SwiftFinding: Sendable, Hashable {
    /// The ``SwiftRule/id`` of the rule that reported, such as `sql-injection`.
    public var ruleID: String
    /// The rule's title: what kind of danger this is, without anything of this place.
    public var title: String
    /// How bad it is when true.
    ///
    /// May differ from the rule's default where the place shows more.
    public var severity: SwiftSeverity
    /// How sure the scanner is.
    public var confidence: SwiftConfidence
    /// Numbers in the Common Weakness Enumeration, the most telling first.
    public var cwe: [Int]
    /// The name the caller gave the file (``SwiftSourceFile/name``).
    public var file: String
    /// Where in the file.
    public var region: SourceRegion
    /// The lines of ``region``, at most three, with secrets redacted.
    public var snippet: String
    /// The enclosing declarations joined by dots, such as `UserStore.find(name:)`; empty at the top level of a file.
    public var declaration: String
    /// The reported code token by token, without comments and layout: the same for moved or reformatted code.
    public var normalizedCode: String
    /// What is wrong here, in one sentence.
    public var message: String
    /// What to do instead.
    public var mend: String

    /// A finding from its parts.
    public init(
        ruleID: String, title: String, severity: SwiftSeverity, confidence: SwiftConfidence, cwe: [Int], file: String,
        region: SourceRegion, snippet: String, declaration: String, normalizedCode: String, message: String,
        mend: String
    ) {
        self.ruleID = ruleID
        self.title = title
        self.severity = severity
        self.confidence = confidence
        self.cwe = cwe
        self.file = file
        self.region = region
        self.snippet = snippet
        self.declaration = declaration
        self.normalizedCode = normalizedCode
        self.message = message
        self.mend = mend
    }
}

/// How bad a finding is when it is true, from harmless to an open door.
public enum SwiftSeverity: String, Sendable, Hashable, CaseIterable, Comparable, Codable {
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
}

/// How sure the scanner is of a finding.
public enum SwiftConfidence: String, Sendable, Hashable, CaseIterable, Comparable, Codable {
    /// The syntax fits, but where the value comes from or what a name means could not be decided.
    case low
    /// The syntax fits and the values look dangerous.
    case medium
    /// The call, its arguments and the values that reach it are all decided.
    case high

    /// Orders from ``low`` to ``high``.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// A stretch of a source file.
///
/// Lines and columns start at 1, columns count UTF-16 code units (SARIF's `utf16CodeUnits`), the end column is that
/// of the first unit after the stretch.
public struct SourceRegion: Sendable, Hashable, Codable {
    /// The first line.
    public var startLine: Int
    /// The column of the first unit.
    public var startColumn: Int
    /// The last line.
    public var endLine: Int
    /// The column after the last unit.
    public var endColumn: Int

    /// A region from its four numbers, each at least 1.
    public init(startLine: Int, startColumn: Int, endLine: Int, endColumn: Int) {
        self.startLine = startLine
        self.startColumn = startColumn
        self.endLine = endLine
        self.endColumn = endColumn
    }
}
