import SwiftScanner

/// The Swift rules of the module SwiftScanner.
struct SwiftSourceScanner: Scanner {
    let name = ScannerName.swift

    func scan(_ job: ScanJob) async -> ScanOutcome {
        let files = job.inventory.files(withExtension: "swift")
        guard !files.isEmpty else { return .ended(name, .notApplicable, "no Swift files") }
        let result = await SwiftScanner().scan(
            files: files.map { SwiftSourceFile(path: job.inventory.absolute($0), name: $0) })
        var run = ScannerRun(tool: name.rawValue, version: "\(SwiftScanner.rules.count) rules", state: .ran)
        run.filesFound = files.count
        var withErrors = 0
        for file in result.coverage {
            switch file.status {
            case .parsed(_, let hasSyntaxErrors):
                run.filesScanned += 1
                withErrors += hasSyntaxErrors ? 1 : 0
            case .skipped(let reason):
                run.skipped.append(SkippedFile(file: file.file, reason: reason.description))
            }
        }
        if withErrors > 0 {
            run.detail = "\(withErrors) file\(withErrors == 1 ? " has" : "s have") syntax errors; parts may be missed"
        }
        run.findings = result.findings.count
        return ScanOutcome(run: run, findings: result.findings.map(finding))
    }

    private func finding(from found: SwiftFinding) -> Finding {
        var finding = Finding(
            tool: name.rawValue, rule: found.ruleID, title: found.message,
            severity: Severity(rawValue: found.severity.rawValue) ?? .none,
            confidence: Confidence(rawValue: found.confidence.rawValue) ?? .low, cwe: found.cwe, file: found.file)
        finding.region = Region(
            startLine: found.region.startLine, startColumn: found.region.startColumn, endLine: found.region.endLine,
            endColumn: found.region.endColumn)
        finding.snippet = found.snippet
        finding.declaration = found.declaration
        finding.code = found.normalizedCode
        finding.mend = found.mend
        return finding
    }
}
