/// What the adapters of outside tools share: finding the tool, its version, and reading how it ended.
struct OutsideTool: Sendable {
    let name: ScannerName
    let path: String
    let version: String
    let limits: ToolLimits

    /// The tool and its version, or the outcome that tells why not.
    static func located(_ name: ScannerName, for job: ScanJob, versionFlag: String) async -> Result<
        OutsideTool, Missing
    > {
        guard let path = job.discovery.locate(name.rawValue, configured: job.settings.path) else {
            let place = job.settings.path.map { "\($0) is no executable" } ?? "not on PATH or in a virtual environment"
            return .failure(Missing(outcome: .ended(name, .missing, place)))
        }
        let outcome = await ToolProcess(
            executable: path, arguments: [versionFlag], folder: job.inventory.root, environment: quietly,
            limits: ToolLimits(time: versionTime, memory: job.limits.memory)
        ).run()
        guard outcome.ending == .exited(0) else {
            let outcome = failure(name, outcome, version: nil)
            return .failure(Missing(outcome: outcome))
        }
        return .success(
            OutsideTool(name: name, path: path, version: versionNumber(in: outcome.output), limits: job.limits))
    }

    /// What telling a version may take; a tool's own limit is for its work.
    private static let versionTime = Duration.seconds(60)

    /// Carries the outcome of a tool that could not even say its version.
    struct Missing: Error {
        var outcome: ScanOutcome
    }

    /// No colours, no telemetry, no look for updates, text in UTF-8.
    private static let quietly = [
        "NO_COLOR": "1", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    ]

    /// - Parameter report: The file that the tool is told to write, which counts as output.
    func run(
        _ arguments: [String], in folder: String, writing report: String? = nil, time: Duration? = nil
    ) async -> ToolProcess.Outcome {
        var limits = limits
        if let time { limits.time = time }
        return await ToolProcess(
            executable: path, arguments: arguments, folder: folder, environment: Self.quietly, report: report,
            limits: limits
        ).run()
    }

    /// The outcome of a run that did not end well, with the tool's own last words.
    static func failure(_ name: ScannerName, _ outcome: ToolProcess.Outcome, version: String?) -> ScanOutcome {
        let words = lastWords(outcome.error) ?? lastWords(String(decoding: outcome.output.suffix(4096), as: UTF8.self))
        let said = words.map { ": \($0)" } ?? ""
        switch outcome.ending {
        case .exited(let status):
            let none = status == 0 ? ", but no report" : ""
            return .ended(name, .failed, "exit status \(status)\(none)\(said)", version: version)
        case .signalled(let signal):
            return .ended(name, .failed, "ended by signal \(signal)\(said)", version: version)
        case .timedOut: return .ended(name, .timedOut, "killed with its children when over its time", version: version)
        case .outOfMemory:
            return .ended(name, .outOfMemory, "killed with its children when over its memory", version: version)
        case .tooMuchOutput:
            return .ended(name, .failed, "printed more than \(ToolProcess.maximumOutput >> 20) MiB", version: version)
        case .notStarted(let reason): return .ended(name, .failed, "could not be started: \(reason)", version: version)
        }
    }

    func failure(_ outcome: ToolProcess.Outcome) -> ScanOutcome { Self.failure(name, outcome, version: version) }

    func failure(saying text: String) -> ScanOutcome { .ended(name, .failed, text, version: version) }

    /// The last line a tool printed that says something, without secrets and not too long.
    static func lastWords(_ text: String) -> String? {
        let lines = text.split(whereSeparator: \.isNewline)
            .map { $0.replacing("\t", with: " ").filter { !$0.isASCII || ($0.asciiValue ?? 0) >= 0x20 } }
            .map { $0.trimmingPrefix(while: \.isWhitespace) }
            .filter { $0.contains(where: \.isLetter) }
        guard let last = lines.last(where: { $0.speaksOfAnError }) ?? lines.last else { return nil }
        return Redaction.text(String(last.prefix(300)))
    }

    /// The first thing like `1.9.4` in what a tool prints of its version, else its first line.
    private static func versionNumber(in output: [UInt8]) -> String {
        let text = String(decoding: output.prefix(1000), as: UTF8.self)
        let words = text.split { $0.isWhitespace }.map { $0.drop { $0 == "v" } }
        let number = words.first { $0.first?.isNumber == true && $0.contains(".") }
        return String((number ?? text.split(whereSeparator: \.isNewline).first ?? "unknown").prefix(60))
    }
}

extension StringProtocol {
    /// Whether a line of a log is likely to be the one that says what went wrong.
    fileprivate var speaksOfAnError: Bool {
        contains("rror") || contains("ERROR") || contains("CRITICAL")
    }
}
