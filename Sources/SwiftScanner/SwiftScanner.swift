import Foundation

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
        /// The largest file that is parsed, in bytes.
        ///
        /// Parsing takes about fifty times the size in memory.
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

    /// All rules there are, by area.
    public static let rules: [SwiftRule] = RuleCatalogue.all.map(\.metadata)

    /// A scanner; rule ids that do not exist in ``rules`` select nothing.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    /// Scans files side by side.
    ///
    /// Never throws: what cannot be scanned is named in ``ScanResult/coverage``.
    ///
    /// When the task is cancelled, files that are not done are reported as ``SkipReason/cancelled``.
    public func scan(files: [SwiftSourceFile]) async -> ScanResult {
        let processors = configuration.concurrency ?? ProcessInfo.processInfo.activeProcessorCount
        let workers = max(1, min(processors, files.count))
        let queue = WorkQueue(count: files.count)
        let scan = FileScan(configuration: configuration, isCancelled: { queue.isClosed })
        let outcomes = await withTaskCancellationHandler {
            await withTaskGroup(of: [(Int, FileScan.Outcome)].self) { group in
                for _ in 0..<workers {
                    group.addTask {
                        await LargeStackThread.run {
                            var done: [(Int, FileScan.Outcome)] = []
                            while let index = queue.next() { done.append((index, scan.scan(files[index]))) }
                            return done
                        }
                    }
                }
                return await group.reduce(into: [Int: FileScan.Outcome]()) { all, done in
                    for (index, outcome) in done { all[index] = outcome }
                }
            }
        } onCancel: {
            queue.close()
        }
        var result = ScanResult(findings: [], coverage: [])
        for (index, file) in files.enumerated() {
            result.findings += outcomes[index]?.findings ?? []
            result.coverage.append(
                outcomes[index]?.coverage ?? SourceCoverage(file: file.name, status: .skipped(.cancelled))
            )
        }
        return result
    }

    /// Scans one source text.
    ///
    /// `file` is the name that findings carry; a name under `Tests` marks test code.
    public func scan(source: String, file: String) async -> ScanResult {
        let scan = FileScan(configuration: configuration)
        let outcome = await LargeStackThread.run { scan.scan(source: source, name: file) }
        return ScanResult(findings: outcome.findings, coverage: [outcome.coverage])
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
