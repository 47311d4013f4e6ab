/// Looks for security defects in Swift sources, by syntax and by following values, without building anything.
///
/// ```swift
/// let scanner = SwiftScanner()
/// let result = await scanner.scan(files: [SwiftSourceFile(path: "Sources/App/Users.swift")])
/// for finding in result.findings { print(finding.file, finding.region.startLine, finding.message) }
/// ```
public struct SwiftScanner: Sendable {
    /// What to look for and how far to go.
    public struct Configuration: Sendable {
        /// Rules by ``SwiftRule/id``; `nil` means all.
        public var rules: Set<String>?
        /// The largest file that is parsed, in bytes. Parsing takes about fifty times the size in memory.
        public var maximumFileSize: Int
        /// The deepest nesting of brackets that is parsed.
        public var maximumNesting: Int
        /// How many files are scanned at the same time, at least 1; `nil` means one a processor.
        public var concurrency: Int?

        /// All rules, files up to 4 MiB, 200 levels, one file a processor at a time.
        public init(
            rules: Set<String>? = nil,
            maximumFileSize: Int = 4 << 20,
            maximumNesting: Int = 200,
            concurrency: Int? = nil
        ) {
            self.rules = rules
            self.maximumFileSize = maximumFileSize
            self.maximumNesting = maximumNesting
            self.concurrency = concurrency
        }
    }

    /// What this scanner looks for and how far it goes.
    public let configuration: Configuration

    /// All rules there are, by id.
    public static let rules: [SwiftRule] = []

    /// A scanner; rule ids that do not exist in ``rules`` select nothing.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    /// Scans files side by side. Never throws: what cannot be scanned is named in ``ScanResult/coverage``.
    ///
    /// When the task is cancelled, files whose turn has not come are reported as ``SkipReason/cancelled``.
    public func scan(files: [SwiftSourceFile]) async -> ScanResult {
        ScanResult(findings: [], coverage: [])
    }

    /// Scans one source text. `file` is the name that findings carry; a name under `Tests` marks test code.
    public func scan(source: String, file: String) async -> ScanResult {
        ScanResult(findings: [], coverage: [])
    }
}

/// A file to scan.
public struct SwiftSourceFile: Sendable, Hashable {
    /// Where to read it.
    public var path: String
    /// What findings and coverage call it, such as the path relative to a repository's root.
    public var name: String

    /// A file called by its path unless another name is given.
    public init(path: String, name: String? = nil) {
        self.path = path
        self.name = name ?? path
    }
}
