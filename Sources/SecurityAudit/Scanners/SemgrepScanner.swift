import Foundation

/// semgrep, <https://semgrep.dev/docs>, with the repository's own rules only: nothing is fetched, nothing is sent.
struct SemgrepScanner: Scanner {
    let name = ScannerName.semgrep

    /// Where a repository keeps rules by custom, when the configuration names none.
    private static let customary = [".semgrep", ".semgrep.yml", ".semgrep.yaml", "semgrep.yml", "semgrep.yaml"]

    func scan(_ job: ScanJob) async -> ScanOutcome {
        let named = job.settings.rules
        let rules = (named.isEmpty ? Self.customary : named).filter {
            FileManager.default.fileExists(atPath: job.inventory.absolute($0))
        }
        if let lost = named.first(where: { !rules.contains($0) }) {
            return .ended(name, .missing, "rules \(lost) are not there; only local rules are used")
        }
        if rules.isEmpty, !job.required { return .ended(name, .notApplicable, "no local rules") }
        let tool: OutsideTool
        switch await OutsideTool.located(name, for: job, versionFlag: "--version") {
        case .success(let found): tool = found
        case .failure(let missing): return missing.outcome
        }
        if rules.isEmpty { return .ended(name, .missing, "no local rules", version: tool.version) }
        guard let scratch = try? ScratchFolder() else { return tool.failure(saying: "no temporary folder") }
        defer { scratch.remove() }
        let outcome = await tool.run(
            ["scan", "--json", "--output", scratch.file("report.json"), "--quiet", "--metrics", "off"]
                + ["--disable-version-check", "--oss-only"]
                + rules.flatMap { ["--config", "./" + $0] }
                + job.inventory.excluded.flatMap { ["--exclude", "/" + $0] }
                + job.settings.arguments + ["."],
            in: job.inventory.root, writing: scratch.file("report.json"))
        guard case .exited(let status) = outcome.ending else { return tool.failure(outcome) }
        let written = scratch.contents(of: "report.json")
        let bytes = written.isEmpty ? outcome.output : written
        guard let report = ToolJSON.decode(Report.self, from: bytes) else {
            if status == 0 || status == 1, !bytes.isEmpty {
                return tool.failure(saying: "exit status \(status), but its report is not semgrep's JSON")
            }
            return tool.failure(outcome)
        }
        return outcomeOf(report, status: status, tool: tool, job: job)
    }

    private func outcomeOf(_ report: Report, status: Int, tool: OutsideTool, job: ScanJob) -> ScanOutcome {
        let known = Set(job.inventory.files)
        let findings = report.results.map { finding(from: $0, in: job.inventory) }
            .filter { known.contains($0.file) }
        var run = ScannerRun(tool: name.rawValue, version: tool.version, state: .ran)
        let scanned = report.paths?.scanned?.map(job.inventory.relative).filter(known.contains) ?? []
        run.filesFound = scanned.count
        run.skipped = report.errors.compactMap { error in
            error.path.map {
                SkippedFile(
                    file: job.inventory.relative($0), reason: OutsideTool.lastWords(error.message ?? "") ?? "error")
            }
        }
        run.filesScanned = Set(scanned).subtracting(run.skipped.map(\.file)).count
        run.findings = findings.count
        let general = report.errors.first { $0.path == nil && $0.level != "warn" }
        if let general {
            run.state = .failed
            run.detail = OutsideTool.lastWords(general.message ?? "") ?? "reports an error"
        } else if status > 1 {
            run.state = .failed
            run.detail = "exit status \(status)"
        }
        return ScanOutcome(run: run, findings: findings)
    }

    private func finding(from result: Report.Result, in inventory: FileInventory) -> Finding {
        let metadata = result.extra.metadata
        var finding = Finding(
            tool: name.rawValue, rule: result.check_id, title: result.extra.message,
            severity: Severity(semgrep: result.extra.severity),
            confidence: metadata?.confidence.map(Confidence.init(word:)) ?? .medium,
            cwe: metadata?.cwe?.values.compactMap(Self.number) ?? [], file: inventory.relative(result.path))
        finding.region = Region(
            startLine: result.start.line, startColumn: result.start.col, endLine: result.end.line,
            endColumn: result.end.col)
        finding.link = metadata?.references?.values.first
        return finding
    }

    /// The number in `CWE-78: Improper Neutralization …`.
    private static func number(_ text: String) -> Int? {
        guard let range = text.range(of: "CWE-") else { return Int(text) }
        return Int(text[range.upperBound...].prefix(while: \.isNumber))
    }

    /// semgrep's JSON, as far as it is used.
    private struct Report: Decodable {
        let results: [Result]
        let errors: [Failure]
        let paths: Paths?

        struct Paths: Decodable {
            let scanned: [String]?
        }

        struct Failure: Decodable {
            let message: String?
            let level: String?
            let path: String?
        }

        // swift-format-ignore: AlwaysUseLowerCamelCase
        struct Result: Decodable {
            let check_id: String
            let path: String
            let start: Position
            let end: Position
            let extra: Extra
        }

        struct Position: Decodable {
            let line: Int
            let col: Int
        }

        struct Extra: Decodable {
            let message: String
            let severity: String
            let metadata: Metadata?
        }

        struct Metadata: Decodable {
            let cwe: OneOrMore?
            let confidence: String?
            let references: OneOrMore?
        }

        /// Rule writers give a text or a list of texts.
        struct OneOrMore: Decodable {
            let values: [String]

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let one = try? container.decode(String.self) {
                    values = [one]
                } else {
                    values = (try? container.decode([String].self)) ?? []
                }
            }
        }
    }
}
