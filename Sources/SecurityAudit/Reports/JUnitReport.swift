import MarkupText

/// The report for build servers: a suite for each tool, a case for each finding, or one that says it ran.
public struct JUnitReport: Sendable {
    /// The document.
    public let text: String

    /// Renders a report.
    ///
    /// Findings that fail the audit are failures; a required tool that did not run is an error.
    public init(_ report: AuditReport) {
        let failing = Dictionary(grouping: report.failures, by: \.tool)
        let lesser = Dictionary(grouping: report.lesser, by: \.tool)
        let suites = report.runs.map { run in
            Self.suite(run, failing: failing[run.tool] ?? [], lesser: lesser[run.tool] ?? [])
        }
        text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="pitwall audit">
            \(suites.joined(separator: "\n"))
            </testsuites>

            """
    }

    private static func suite(_ run: ScannerRun, failing: [Finding], lesser: [Finding]) -> String {
        var cases = failing.map { finding in
            """
                <testcase classname="\(escaped(finding.file))" name="\(escaped(name(finding)))">
                  <failure type="\(finding.severity.rawValue)" message="\(escaped(finding.title))">\(escaped(detail(finding)))</failure>
                </testcase>
            """
        }
        cases += lesser.map { finding in
            """
                <testcase classname="\(escaped(finding.file))" name="\(escaped(name(finding)))">
                  <system-out>\(escaped(detail(finding)))</system-out>
                </testcase>
            """
        }
        let outcome: String
        if let gap = run.gap {
            let element = run.required ? "error" : "skipped"
            outcome = "<\(element) message=\"\(escaped(gap))\"/>"
        } else {
            outcome = ""
        }
        cases.append(
            "    <testcase classname=\"\(escaped(run.tool))\" name=\"\(escaped(run.tool)) is complete\">\(outcome)</testcase>"
        )
        let errors = run.isComplete || !run.required ? 0 : 1
        let skipped = run.isComplete || run.required ? 0 : 1
        return """
              <testsuite name="\(escaped(run.tool))" tests="\(cases.count)" failures="\(failing.count)" errors="\(errors)" \
            skipped="\(skipped)" time="\((run.seconds * 1000).rounded() / 1000)">
            \(cases.joined(separator: "\n"))
              </testsuite>
            """
    }

    private static func name(_ finding: Finding) -> String {
        "\(finding.rule) at line \(finding.line) [\(finding.fingerprint)]"
    }

    private static func detail(_ finding: Finding) -> String {
        let mend = finding.mend.map { "\n\($0)" } ?? ""
        return
            "\(finding.file):\(finding.line): \(finding.severity.rawValue): \(finding.title)\(mend)\n\(finding.snippet)"
    }

    private static func escaped(_ text: String) -> String { text.markupEscaped }
}
