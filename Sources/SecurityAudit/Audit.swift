import Foundation

/// One run of all scanners over a folder.
///
/// ```swift
/// let report = try await Audit(options: AuditOptions(path: ".")).run()
/// print(MarkdownReport(report).text)
/// exit(report.exitStatus)
/// ```
public struct Audit: Sendable {
    private let options: AuditOptions
    private let configuration: AuditConfiguration
    private let selection: ScannerSelection
    private let failOn: FailOn
    private let baseline: Set<String>
    private let advisories: VulnerabilitySource?
    private let inventory: FileInventory
    private let environment: [String: String]

    /// Reads the configuration and lists the files.
    ///
    /// - Parameters:
    ///   - options: What is audited and how.
    ///   - listing: Called now and then with the number of files that are listed so far: a whole disk takes its time.
    /// - Throws: An ``AuditError`` when the folder, an option, the configuration or the baseline is wrong.
    public init(
        options: AuditOptions, listing: @escaping (Int) -> Void = { _ in }
    ) throws(AuditError) {
        try self.init(options: options, environment: ProcessInfo.processInfo.environment, listing: listing)
    }

    init(
        options: AuditOptions, environment: [String: String], listing: @escaping (Int) -> Void = { _ in }
    ) throws(AuditError) {
        self.options = options
        self.environment = environment
        configuration = try Self.configuration(for: options)
        selection = try ScannerSelection(options: options, configuration: configuration)
        failOn = try options.failOn.map { word throws(AuditError) in try FailOn(naming: word) } ?? configuration.failOn
        baseline =
            try options.baseline.map { path throws(AuditError) in
                try JSONReport.read(path).accepted
            } ?? []
        advisories = try Self.advisories(options: options, configuration: configuration)
        inventory = try FileInventory(
            root: options.path, paths: configuration.paths, exclude: configuration.exclude.map { Glob($0) },
            progress: listing)
    }

    /// Runs the scanners side by side and judges what they report.
    ///
    /// Cancelling the task kills outside tools.
    ///
    /// - Parameter progress: Called with a line when a scanner begins or ends, from any thread.
    public func run(progress: @escaping @Sendable (String) -> Void = { _ in }) async -> AuditReport {
        let start = ContinuousClock.now
        let began = Date()
        let chosen = selection.chosen
        progress("auditing \(inventory.files.count) files with \(chosen.map(\.rawValue).joined(separator: ", "))")
        let needsDatabase = chosen.contains(.dependencies) || chosen.contains(.pipAudit)
        let database = await LoadedDatabase(needsDatabase ? advisories : nil)
        let outcomes = await withTaskGroup(of: (Int, ScanOutcome).self) { group in
            for (index, name) in chosen.enumerated() {
                group.addTask { (index, await scan(name, database: database, progress: progress)) }
            }
            return await group.reduce(into: [(Int, ScanOutcome)]()) { $0.append($1) }
                .sorted { $0.0 < $1.0 }.map(\.1)
        }
        return report(of: outcomes, began: began, seconds: (ContinuousClock.now - start).inSeconds)
    }

    private func scan(
        _ name: ScannerName, database: LoadedDatabase, progress: @escaping @Sendable (String) -> Void
    ) async -> ScanOutcome {
        let settings = configuration.tools[name] ?? ToolSettings()
        var limits = ToolLimits()
        if let time = settings.time { limits.time = time }
        if let memory = settings.memory { limits.memory = memory }
        let required = selection.requires(name)
        let job = ScanJob(
            inventory: inventory, settings: settings,
            discovery: ToolDiscovery(root: inventory.root, environment: environment), limits: limits,
            required: required, database: database)
        let start = ContinuousClock.now
        var outcome = await TimedScan(scanner: scanner(name), job: job).run()
        outcome.run.required = required
        outcome.run.seconds = (ContinuousClock.now - start).inSeconds
        progress(outcome.run.progressLine)
        return outcome
    }

    private func report(of outcomes: [ScanOutcome], began: Date, seconds: Double) -> AuditReport {
        let sources = FindingSources(inventory: inventory)
        let complete = sources.complete(outcomes.flatMap(\.findings))
        var findings = FindingMerge.merged(complete.findings)
        Fingerprint.assign(to: &findings)
        let comments = sources.suppressions()
        let hidden = { (text: String) in Redaction.text(complete.secrets.hidden(in: text)) }
        let suppressions = (configuration.suppressions + comments.suppressions).map { suppression in
            var suppression = suppression
            suppression.reason = hidden(suppression.reason)
            return suppression
        }
        let runs = outcomes.map(\.run)
        let policy = Policy(
            failOn: failOn, thresholds: configuration.thresholds,
            suppressions: suppressions, baseline: baseline,
            today: CalendarDate(began))
        // gitleaks' place among the secrets: a suppression knows both by one name.
        let whole = runs.filter(\.isComplete).map { $0.tool == "gitleaks" ? "secrets" : $0.tool }
        let judged = policy.apply(
            to: &findings, complete: Set(whole), wanted: Set(ScannerName.usual.map(\.rawValue)))
        let notes = (comments.notes + judged).map { note in
            var note = note
            note.text = hidden(note.text)
            note.place = Redaction.path(note.place)
            note.rule = note.rule.map(hidden)
            return note
        }
        let failing = findings.indices.filter { policy.fails(findings[$0]) }
        // By now nothing is looked for by its path any more.
        for index in findings.indices { findings[index].file = Redaction.path(findings[index].file) }
        return AuditReport(
            path: options.path, began: began, seconds: seconds, failOn: policy.failOn,
            runs: runs.map { run in
                var run = run
                run.skipped = Self.hidden(run.skipped)
                return run
            },
            findings: findings, failing: failing, notes: notes,
            files: FileCoverage(
                found: inventory.files.count, excluded: inventory.excluded.map(Redaction.path),
                skipped: Self.hidden(inventory.skipped)))
    }

    private static func hidden(_ files: [SkippedFile]) -> [SkippedFile] {
        files.map { SkippedFile(file: Redaction.path($0.file), reason: Redaction.path($0.reason)) }
    }
}

extension Audit {
    private func scanner(_ name: ScannerName) -> any Scanner {
        switch name {
        case .swift: SwiftSourceScanner()
        case .dependencies: DependencyScanner()
        case .bandit: BanditScanner()
        case .pipAudit: PipAuditScanner()
        case .semgrep: SemgrepScanner()
        case .gitleaks: GitleaksScanner()
        case .secrets: SecretScanner(usesGitleaks: !selection.chosen.contains(.gitleaks))
        }
    }

    /// Where advisories come from, by the command line or the configuration, whose paths begin at the audited folder.
    private static func advisories(
        options: AuditOptions, configuration: AuditConfiguration
    ) throws(AuditError) -> VulnerabilitySource? {
        guard let given = options.osv else {
            return configuration.osv.map { VulnerabilitySource($0, relativeTo: options.path) }
        }
        let source = VulnerabilitySource(given)
        guard !source.isLost else { throw .noAdvisories(given) }
        return source
    }

    private static func configuration(for options: AuditOptions) throws(AuditError) -> AuditConfiguration {
        let usual = options.path + "/" + ConfigurationReader.fileName
        guard let path = options.configurationFile ?? (FileManager.default.fileExists(atPath: usual) ? usual : nil)
        else {
            return AuditConfiguration()
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path, reason: "no such file, or no right to read it")
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return try ConfigurationReader.read(String(decoding: data, as: UTF8.self), file: name, root: options.path)
    }
}

extension Duration {
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
