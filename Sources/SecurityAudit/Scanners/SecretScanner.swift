import Foundation

/// Secrets in text files: by gitleaks where it is installed, else by ``SecretSearch``.
struct SecretScanner: Scanner {
    let name = ScannerName.secrets
    /// Whether gitleaks does the work where it is installed; not where it runs by its own name.
    var usesGitleaks = true

    static let mend = "Revoke it, for it is in the history too, and read it from the environment or a secret store."

    /// Larger files are told as skipped.
    private static let maximumSize = 64 << 20

    func scan(_ job: ScanJob) async -> ScanOutcome {
        if usesGitleaks, job.discovery.locate(ScannerName.gitleaks.rawValue, configured: job.settings.path) != nil {
            return await GitleaksScanner().scan(job)
        }
        let files = job.inventory.files
        var results: [(file: String, result: FileResult)] = []
        await withTaskGroup(of: (String, FileResult).self) { group in
            var waiting = files.makeIterator()
            for _ in 0..<max(1, ProcessInfo.processInfo.activeProcessorCount) {
                guard let file = waiting.next() else { break }
                group.addTask { (file, scan(file, in: job.inventory)) }
            }
            for await (file, result) in group {
                results.append((file, result))
                if let next = waiting.next() { group.addTask { (next, scan(next, in: job.inventory)) } }
            }
        }
        var outcome = ScanOutcome(run: ScannerRun(tool: name.rawValue, version: "built in", state: .ran))
        for (file, result) in results.sorted(by: { $0.file < $1.file }) {
            switch result {
            case .text(let findings):
                outcome.run.filesFound += 1
                outcome.run.filesScanned += 1
                outcome.findings += findings
            case .binary: break
            case .skipped(let reason):
                outcome.run.filesFound += 1
                outcome.run.skipped.append(SkippedFile(file: file, reason: reason))
            }
        }
        outcome.findings += namesThatTell(files)
        outcome.run.findings = outcome.findings.count
        return outcome
    }

    /// Secrets in the names of files and folders, each told once, however many files a folder holds.
    private func namesThatTell(_ files: [String]) -> [Finding] {
        var seen: Set<String> = []
        var findings: [Finding] = []
        for file in files {
            let bytes = Array(file.utf8)
            for match in Redaction.secrets(inPath: bytes) {
                let secret = String(decoding: bytes[match.range], as: UTF8.self)
                guard seen.insert(secret).inserted else { continue }
                var finding = Finding(
                    tool: name.rawValue, rule: match.rule.id,
                    title: "\(match.rule.title) in a file's name: \(Redaction.hidden(secret))",
                    severity: match.rule.severity, confidence: match.rule.confidence, cwe: [798], file: file)
                finding.mend = "Revoke it, for it is in the history too, and give the file another name."
                findings.append(finding)
            }
        }
        return findings
    }

    private enum FileResult: Sendable {
        case text([Finding])
        case binary
        case skipped(String)
    }

    private func scan(_ file: String, in inventory: FileInventory) -> FileResult {
        if Task.isCancelled { return .skipped("the time was over before its turn") }
        let path = inventory.absolute(file)
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        guard size <= Self.maximumSize else {
            return .skipped("too large: \(size) bytes, the limit is \(Self.maximumSize)")
        }
        guard let data = FileManager.default.contents(atPath: path) else { return .skipped("cannot be read") }
        if data.prefix(8000).contains(0) { return .binary }
        let bytes = Array(data)
        let matches = SecretSearch.matches(in: bytes, unquoted: Self.isSettings(file))
        guard !matches.isEmpty else { return .text([]) }
        return .text(findings(matches, file: file, bytes: bytes))
    }

    private func findings(_ matches: [SecretSearch.Match], file: String, bytes: [UInt8]) -> [Finding] {
        let source = SourceText(bytes: bytes)
        var line = 1
        return matches.map { match in
            while line < source.lineCount, source.start(ofLine: line + 1) <= match.range.lowerBound { line += 1 }
            let shown = Redaction.hidden(String(decoding: bytes[match.range], as: UTF8.self))
            var finding = Finding(
                tool: name.rawValue, rule: match.rule.id, title: "\(match.rule.title) in a file: \(shown)",
                severity: match.rule.severity, confidence: match.rule.confidence, cwe: [798], file: file)
            let start = source.start(ofLine: line)
            let end = min(match.range.upperBound, start + source.line(line).utf8.count)
            finding.region = Region(
                startLine: line, startColumn: match.range.lowerBound - start + 1, endLine: line,
                endColumn: max(match.range.lowerBound, end) - start + 1)
            finding.columnsAreBytes = true
            finding.mend = Self.mend
            return finding
        }
    }

    /// Files whose values stand without quotes.
    private static func isSettings(_ file: String) -> Bool {
        let name = file.split(separator: "/").last.map { $0.lowercased() } ?? ""
        let endings = [".env", ".yml", ".yaml", ".ini", ".cfg", ".conf", ".properties", ".netrc", ".npmrc", ".pypirc"]
        return name.hasPrefix(".env") || endings.contains(where: name.hasSuffix)
    }
}
