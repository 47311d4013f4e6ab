/// What a scan saw: the findings, and for each file whether it was looked at at all.
public struct ScanResult: Sendable, Hashable {
    /// Findings in the order of the files given, then by line and column.
    public var findings: [SwiftFinding]
    /// One entry for each file given, in that order.
    public var coverage: [SourceCoverage]

    /// A result from its parts.
    public init(findings: [SwiftFinding] = [], coverage: [SourceCoverage] = []) {
        self.findings = findings
        self.coverage = coverage
    }

    /// The lines of all parsed files.
    public var linesScanned: Int {
        coverage.reduce(0) { sum, file in
            if case .parsed(let lines, _) = file.status { sum + lines } else { sum }
        }
    }
}

/// Whether a file was scanned.
public struct SourceCoverage: Sendable, Hashable {
    /// The name the caller gave the file.
    public var file: String
    /// What became of it.
    public var status: Status

    /// An entry for one file.
    public init(file: String, status: Status) {
        self.file = file
        self.status = status
    }

    /// What became of a file.
    public enum Status: Sendable, Hashable {
        /// All rules ran. Where `hasSyntaxErrors` is true the parser had to guess, and parts may have been missed.
        case parsed(lines: Int, hasSyntaxErrors: Bool)
        /// No rule ran.
        case skipped(SkipReason)
    }
}

/// Why a file was not scanned.
public enum SkipReason: Sendable, Hashable, CustomStringConvertible {
    /// The file could not be opened or read, or is not a regular file.
    case unreadable(String)
    /// The bytes are not UTF-8; the offset is that of the first wrong byte.
    case notUTF8(offset: Int)
    /// The file has more bytes than ``SwiftScanner/Configuration/maximumFileSize``.
    case tooLarge(bytes: Int, limit: Int)
    /// Brackets, chains or prefixes nest deeper than ``SwiftScanner/Configuration/maximumNesting``.
    case tooDeeplyNested(line: Int, limit: Int)
    /// Following the file's values would take too long; what was found until then is reported.
    case tooComplex
    /// The task was cancelled before the file was done.
    case cancelled

    /// The reason in a few words.
    public var description: String {
        switch self {
        case .unreadable(let reason): "unreadable: \(reason)"
        case .notUTF8(let offset): "not UTF-8: wrong byte at offset \(offset)"
        case .tooLarge(let bytes, let limit): "too large: \(bytes) bytes, the limit is \(limit)"
        case .tooDeeplyNested(let line, let limit): "too deeply nested: line \(line) is over the limit of \(limit)"
        case .tooComplex: "too complex: following its values would take too long"
        case .cancelled: "cancelled before it was done"
        }
    }
}
