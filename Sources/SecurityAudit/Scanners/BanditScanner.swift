import Foundation

/// bandit, <https://bandit.readthedocs.io>, for Python sources.
struct BanditScanner: Scanner {
    let name = ScannerName.bandit

    func scan(_ job: ScanJob) async -> ScanOutcome {
        let sources = job.inventory.files(withExtension: "py", "pyw")
        if sources.isEmpty, !job.required { return .ended(name, .notApplicable, "no Python files") }
        let tool: OutsideTool
        switch await OutsideTool.located(name, for: job, versionFlag: "--version") {
        case .success(let found): tool = found
        case .failure(let missing): return missing.outcome
        }
        if sources.isEmpty { return .ended(name, .notApplicable, "no Python files", version: tool.version) }
        do {
            return try await scan(sources, with: tool, for: job)
        } catch {
            return tool.failure(saying: String(describing: error))
        }
    }

    private func scan(_ sources: [String], with tool: OutsideTool, for job: ScanJob) async throws -> ScanOutcome {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        try scratch.write("[bandit]\n", to: "empty.ini")
        let configuration = try BanditConfiguration(inventory: job.inventory)
        let ended = await tool.run(
            configuration.arguments(inventory: job.inventory, emptyFile: scratch.file("empty.ini"))
                + ["-q", "-f", "json", "-o", scratch.file("report.json")] + job.settings.arguments,
            in: job.inventory.root, writing: scratch.file("report.json"))
        guard case .exited(let status) = ended.ending, status == 0 || status == 1 else {
            return tool.failure(ended)
        }
        let bytes = scratch.contents(of: "report.json")
        guard !bytes.isEmpty else { return tool.failure(ended) }
        guard let report = ToolJSON.decode(Report.self, from: bytes) else {
            return tool.failure(saying: "exit status \(status), but its report is not bandit's JSON")
        }
        var outcome = outcomeOf(report, status: status, sources: sources, tool: tool, job: job)
        if configuration.looksEverywhere, job.settings.arguments.isEmpty {
            let seen = Set(report.metrics.keys.map(job.inventory.relative) + outcome.run.skipped.map(\.file))
            outcome.run.skipped += sources.filter { !seen.contains($0) }.map {
                SkippedFile(file: $0, reason: "not in bandit's report")
            }
        }
        let remarks = [configuration.fault, outcome.run.detail].compactMap(\.self)
        outcome.run.detail = remarks.isEmpty ? nil : remarks.joined(separator: "; ")
        return outcome
    }

    private func outcomeOf(
        _ report: Report, status: Int, sources: [String], tool: OutsideTool, job: ScanJob
    ) -> ScanOutcome {
        // What bandit cannot be told to leave out is left out here.
        let known = Set(job.inventory.files)
        let findings = report.results.map { finding(from: $0, in: job.inventory) }.filter { known.contains($0.file) }
        let scanned = report.metrics.keys.map(job.inventory.relative).filter(known.contains)
        let failed = report.errors.map {
            SkippedFile(file: job.inventory.relative($0.filename), reason: $0.reason)
        }.filter { known.contains($0.file) }
        var run = ScannerRun(tool: name.rawValue, version: tool.version, state: .ran)
        run.filesFound = sources.count
        run.filesScanned = Set(scanned).subtracting(failed.map(\.file)).count
        run.skipped = failed
        run.findings = findings.count
        let blanket = report.metrics["_totals"]?.nosec ?? 0
        if blanket > 0 { run.detail = "# nosec silences every test on \(blanket) line\(blanket == 1 ? "" : "s")" }
        // bandit's status is 1 exactly when it reports something.
        if (status == 1) != !report.results.isEmpty {
            run.state = .failed
            run.detail = "exit status \(status) contradicts its report of \(report.results.count) results"
        }
        return ScanOutcome(run: run, findings: findings)
    }

    private func finding(from result: Report.Result, in inventory: FileInventory) -> Finding {
        var finding = Finding(
            tool: name.rawValue, rule: result.test_id, title: result.issue_text,
            severity: Severity(bandit: result.issue_severity), confidence: Confidence(word: result.issue_confidence),
            cwe: result.issue_cwe?.id.map { [$0] } ?? [], file: inventory.relative(result.filename))
        finding.region = Region(
            startLine: result.line_number, startColumn: result.col_offset.map(Self.column),
            endLine: max(result.line_number, result.line_range?.max() ?? 0),
            endColumn: result.end_col_offset.map(Self.column))
        finding.columnsAreBytes = true
        finding.link = result.more_info
        return finding
    }

    /// From 1; bandit counts from 0, and what it prints may be any number.
    private static func column(of offset: Int) -> Int { min(offset, Int.max - 1) + 1 }

    /// bandit's JSON, as far as it is used.
    private struct Report: Decodable {
        let errors: [Failure]
        let metrics: [String: Metrics]
        let results: [Result]

        struct Failure: Decodable {
            let filename: String
            let reason: String
        }

        struct Metrics: Decodable {
            let nosec: Int?
        }

        // swift-format-ignore: AlwaysUseLowerCamelCase
        struct Result: Decodable {
            let filename: String
            let test_id: String
            let issue_text: String
            let issue_severity: String
            let issue_confidence: String
            let issue_cwe: Weakness?
            let line_number: Int
            let line_range: [Int]?
            let col_offset: Int?
            let end_col_offset: Int?
            let more_info: String?
        }

        struct Weakness: Decodable {
            let id: Int?
        }
    }
}
