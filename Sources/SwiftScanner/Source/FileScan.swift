import SwiftParser
import SwiftSyntax

/// Scans one file: reads, measures, parses, indexes, and runs the rules over the index.
struct FileScan: Sendable {
    let configuration: SwiftScanner.Configuration
    private let selection: RuleSelection
    /// Asked between rules whether to go on.
    let isCancelled: @Sendable () -> Bool

    struct Outcome: Sendable {
        let findings: [SwiftFinding]
        let coverage: SourceCoverage
    }

    init(
        configuration: SwiftScanner.Configuration, asksAllRules: Bool = false,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.configuration = configuration
        self.isCancelled = isCancelled
        let wanted = RuleCatalogue.all.filter { configuration.rules?.contains($0.metadata.id) ?? true }
        selection = RuleSelection(wanted, isTotal: asksAllRules)
    }

    /// Call on a thread with a large stack.
    func scan(_ file: SwiftSourceFile) -> Outcome {
        outcome(named: file.name) { reader throws(SkipError) in try reader.read(file.path) }
    }

    /// Call on a thread with a large stack.
    func scan(source: String, name: String) -> Outcome {
        outcome(named: name) { reader throws(SkipError) in try reader.text(of: Array(source.utf8)) }
    }

    private func outcome(named name: String, _ read: (SourceReader) throws(SkipError) -> SourceText) -> Outcome {
        do throws(SkipError) {
            let text = try read(SourceReader(maximumFileSize: configuration.maximumFileSize))
            if let line = NestingProbe(limit: configuration.maximumNesting).lineOverLimit(in: text) {
                throw SkipError(.tooDeeplyNested(line: line, limit: configuration.maximumNesting))
            }
            return scan(text, name: name)
        } catch {
            return Outcome(findings: [], coverage: SourceCoverage(file: name, status: .skipped(error.reason)))
        }
    }

    private func scan(_ text: SourceText, name: String) -> Outcome {
        let tree = text.bytes.withUnsafeBufferPointer { bytes in
            // The probe has refused what nests deeper; twice its limit leaves room for brackets it does not see.
            Parser.parse(source: bytes, maximumNestingLevel: configuration.maximumNesting * 2)
        }
        return SourceIndexer.withModel(
            of: tree, name: name, text: text, maximumChain: configuration.maximumNesting * 10, check)
    }

    private func check(_ model: SourceModel) -> Outcome {
        var findings: [SwiftFinding] = []
        var isDone = true
        let rules = selection.rules(for: model.text.bytes)
        if let first = rules.first {
            var report = Report(file: model, rule: first.metadata)
            for rule in rules {
                if isCancelled() {
                    isDone = false
                    break
                }
                report.rule = rule.metadata
                rule.check(model, &report)
            }
            findings = report.finished()
        }
        let status: SourceCoverage.Status =
            if !isDone {
                .skipped(.cancelled)
            } else if model.isExhausted {
                .skipped(.tooComplex)
            } else {
                .parsed(lines: model.text.lineCount, hasSyntaxErrors: model.tree.hasError)
            }
        return Outcome(findings: findings, coverage: SourceCoverage(file: model.name, status: status))
    }
}
