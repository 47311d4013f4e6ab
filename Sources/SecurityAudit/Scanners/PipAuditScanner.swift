import Foundation

/// pip-audit, <https://github.com/pypa/pip-audit>, for Python dependencies.
///
/// Each requirements file and each project is audited by itself, so that a finding names its file and two files may
/// ask for different versions.
struct PipAuditScanner: Scanner {
    let name = ScannerName.pipAudit

    func scan(_ job: ScanJob) async -> ScanOutcome {
        let targets = Target.all(in: job.inventory)
        let idle = "no requirements file and no project with dependencies"
        if targets.isEmpty, !job.required { return .ended(name, .notApplicable, idle) }
        let tool: OutsideTool
        switch await OutsideTool.located(name, for: job, versionFlag: "--version") {
        case .success(let found): tool = found
        case .failure(let missing): return missing.outcome
        }
        if targets.isEmpty { return .ended(name, .notApplicable, idle, version: tool.version) }
        var total = ScanOutcome(run: ScannerRun(tool: name.rawValue, version: tool.version, state: .ran))
        total.run.filesFound = targets.count
        let start = ContinuousClock.now
        for target in targets {
            let left = job.limits.time - (ContinuousClock.now - start)
            let outcome = await scan(target, with: tool, within: max(left, .zero), for: job)
            total.findings += outcome.findings
            total.run.skipped += outcome.run.skipped
            total.run.filesScanned += outcome.run.state == .ran ? 1 : 0
            if outcome.run.state != .ran {
                total.run.skipped.append(SkippedFile(file: target.file, reason: outcome.run.detail ?? "failed"))
                total.run.state = outcome.run.state
                total.run.detail = "\(target.file): \(outcome.run.detail ?? "failed")"
            }
            if outcome.run.state == .timedOut { break }
        }
        total.run.findings = total.findings.count
        if case .unavailable(let reason) = job.database, !total.findings.isEmpty {
            let remark = "severities are not those of the database: \(reason)"
            total.run.detail = [total.run.detail, remark].compactMap(\.self).joined(separator: "; ")
        }
        return total
    }

    private func scan(
        _ target: Target, with tool: OutsideTool, within time: Duration, for job: ScanJob
    ) async -> ScanOutcome {
        guard let scratch = try? ScratchFolder() else { return tool.failure(saying: "no temporary folder") }
        defer { scratch.remove() }
        let outcome = await tool.run(
            ["-f", "json", "-o", scratch.file("report.json"), "--progress-spinner", "off", "--desc", "off"]
                + job.settings.arguments + target.arguments,
            in: job.inventory.root, writing: scratch.file("report.json"), time: time)
        guard case .exited(let status) = outcome.ending, status == 0 || status == 1 else {
            return tool.failure(outcome)
        }
        // Some versions print to standard output when there is nothing to report.
        let written = scratch.contents(of: "report.json")
        let bytes = written.isEmpty ? outcome.output : written
        guard !bytes.isEmpty else { return tool.failure(outcome) }
        guard let report = ToolJSON.decode(Report.self, from: bytes) else {
            return tool.failure(saying: "exit status \(status), but its report is not pip-audit's JSON")
        }
        let source = SourceText(path: job.inventory.absolute(target.file))
        let findings = report.dependencies.flatMap { dependency in
            (dependency.vulns ?? []).map {
                finding($0, of: dependency, in: target, source: source, database: job.database.value)
            }
        }
        var run = ScannerRun(tool: name.rawValue, version: tool.version, state: .ran)
        // Exit status 0 and "no known vulnerabilities" also when nothing could be looked up.
        run.skipped = report.dependencies.compactMap { dependency in
            dependency.skip_reason.map { SkippedFile(file: "\(target.file): \(dependency.name)", reason: $0) }
        }
        if (status == 1) != !findings.isEmpty {
            run.state = .failed
            run.detail = "exit status \(status) contradicts its report of \(findings.count) vulnerabilities"
        }
        return ScanOutcome(run: run, findings: findings)
    }

    private func finding(
        _ vulnerability: Report.Vulnerability, of dependency: Report.Dependency, in target: Target,
        source: SourceText?, database: OSVDatabase?
    ) -> Finding {
        let advisory = Advisory(
            package: dependency.name, version: dependency.version, id: vulnerability.id,
            aliases: vulnerability.aliases ?? [], fixedVersion: vulnerability.fix_versions?.first)
        let record = database?.record(named: advisory.names)
        let version = dependency.version.map { " \($0)" } ?? ""
        var finding = Finding(
            tool: name.rawValue, rule: vulnerability.id,
            title:
                "\(dependency.name)\(version) has a known vulnerability: \(advisory.names.sorted().joined(separator: ", "))",
            severity: record?.severity() ?? .unstated, confidence: .high, cwe: record?.weaknesses ?? [1395],
            file: target.file)
        finding.region = source.flatMap { target.line(of: dependency.name, in: $0) }.map { Region(startLine: $0) }
        finding.mend = vulnerability.fix_versions?.first.map { "Use \(dependency.name) \($0) or later." }
        finding.link = "https://osv.dev/vulnerability/\(vulnerability.id)"
        finding.advisory = advisory
        return finding
    }

    /// A file that names dependencies.
    private struct Target {
        let file: String
        let arguments: [String]

        static func all(in inventory: FileInventory) -> [Target] {
            let requirements = inventory.files.filter(isRequirements)
            let covered = Set(requirements.map(folder))
            let projects = inventory.files.filter { file in
                (file == "pyproject.toml" || file.hasSuffix("/pyproject.toml")) && !covered.contains(folder(of: file))
                    && declaresDependencies(inventory.absolute(file))
            }
            return requirements.map { Target(file: $0, arguments: ["-r", "./" + $0]) }
                + projects.map { Target(file: $0, arguments: ["./" + folder(of: $0)]) }
        }

        /// `requirements.txt`, `dev-requirements.txt`, `requirements-dev.txt`, `requirements/dev.txt`.
        private static func isRequirements(_ file: String) -> Bool {
            let parts = file.lowercased().split(separator: "/")
            guard let name = parts.last, name.hasSuffix(".txt") else { return false }
            return name.contains("requirements") || parts.dropLast().last == "requirements"
        }

        private static func folder(of file: String) -> String {
            file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
        }

        private static func declaresDependencies(_ path: String) -> Bool {
            guard let source = SourceText(path: path) else { return false }
            var table = ""
            return (1...source.lineCount).contains { number in
                let line = source.line(number).filter { !$0.isWhitespace }
                if line.hasPrefix("[") { table = line }
                return table == "[project]" && line.hasPrefix("dependencies=")
            }
        }

        /// The line that names a package, compared as PEP 503 says.
        func line(of package: String, in source: SourceText) -> Int? {
            let wanted = Self.canonical(package)
            return (1...source.lineCount).first { number in
                let text = source.line(number).drop { $0.isWhitespace || "\"'".contains($0) }
                return Self.canonical(text.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }) == wanted
            }
        }

        private static func canonical(_ name: some StringProtocol) -> String {
            String(name.lowercased().map { "_.".contains($0) ? "-" : $0 })
        }
    }

    /// pip-audit's JSON, as far as it is used.
    private struct Report: Decodable {
        let dependencies: [Dependency]

        // swift-format-ignore: AlwaysUseLowerCamelCase
        struct Dependency: Decodable {
            let name: String
            let version: String?
            let vulns: [Vulnerability]?
            let skip_reason: String?
        }

        // swift-format-ignore: AlwaysUseLowerCamelCase
        struct Vulnerability: Decodable {
            let id: String
            let fix_versions: [String]?
            let aliases: [String]?
        }
    }
}
