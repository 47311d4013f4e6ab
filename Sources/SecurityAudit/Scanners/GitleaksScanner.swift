import Foundation

/// gitleaks, <https://github.com/gitleaks/gitleaks>, over the files as they lie, without the history.
struct GitleaksScanner: Scanner {
    let name = ScannerName.gitleaks

    /// The status asked for when there are leaks, so that gitleaks' own errors, status 1, are told apart.
    private static let leaksStatus = 10

    func scan(_ job: ScanJob) async -> ScanOutcome {
        let tool: OutsideTool
        switch await OutsideTool.located(name, for: job, versionFlag: "version") {
        case .success(let found): tool = found
        case .failure(let missing): return missing.outcome
        }
        guard let scratch = try? ScratchFolder() else { return tool.failure(saying: "no temporary folder") }
        defer { scratch.remove() }
        let outcome = await tool.run(
            ["detect", "--no-git", "--source", ".", "--redact", "--no-banner", "--report-format", "json"]
                + ["--report-path", scratch.file("report.json"), "--exit-code", String(Self.leaksStatus)]
                + job.settings.arguments,
            in: job.inventory.root, writing: scratch.file("report.json"))
        guard case .exited(let status) = outcome.ending, status == 0 || status == Self.leaksStatus else {
            return tool.failure(outcome)
        }
        let bytes = scratch.contents(of: "report.json")
        guard let leaks = ToolJSON.decode([Leak].self, from: bytes) else {
            return tool.failure(saying: "exit status \(status), but its report is not gitleaks' JSON")
        }
        // gitleaks knows nothing of what the audit leaves out.
        let known = Set(job.inventory.files)
        let findings = leaks.map { finding(from: $0, in: job.inventory) }.filter { known.contains($0.file) }
        var run = ScannerRun(tool: name.rawValue, version: tool.version, state: .ran)
        run.filesFound = job.inventory.files.count
        run.filesScanned = job.inventory.files.count
        run.findings = findings.count
        if (status == Self.leaksStatus) != !leaks.isEmpty {
            run.state = .failed
            run.detail = "exit status \(status) contradicts its report of \(leaks.count) leaks"
        }
        return ScanOutcome(run: run, findings: findings)
    }

    private func finding(from leak: Leak, in inventory: FileInventory) -> Finding {
        var finding = Finding(
            tool: name.rawValue, rule: leak.RuleID, title: leak.Description, severity: .unstated, confidence: .medium,
            cwe: [798], file: inventory.relative(leak.File))
        finding.region = Region(startLine: leak.StartLine, endLine: leak.EndLine)
        finding.mend = SecretScanner.mend
        return finding
    }

    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Leak: Decodable {
        let RuleID: String
        let Description: String
        let File: String
        let StartLine: Int
        let EndLine: Int
    }
}
