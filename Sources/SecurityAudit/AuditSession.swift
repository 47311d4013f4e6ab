import Foundation
import UnixSignals

/// What the command does around an audit: progress and mistakes on standard error, reports, interruption, exit status.
public struct AuditSession: Sendable {
    /// The status for wrong use, by `sysexits.h`.
    private static let usage: Int32 = 64

    private let options: AuditOptions
    private let files: ReportFiles

    /// A session that audits and writes the reports.
    public init(options: AuditOptions, files: ReportFiles) {
        self.options = options
        self.files = files
    }

    /// Audits, writes, and gives the exit status.
    ///
    /// SIGINT and SIGTERM kill the tools and give 128 and the signal.
    public func run() async -> Int32 {
        let audit: Audit
        do {
            audit = try Audit(options: options) { Self.tell("\($0) files are listed so far") }
            try files.check()
        } catch {
            Self.tell("error: \(error)")
            return Self.usage
        }
        let (events, happen) = AsyncStream<Event>.makeStream()
        let auditing = Task {
            let report = await audit.run(progress: Self.tell)
            happen.yield(.ended(Task.isCancelled ? nil : finish(report)))
        }
        let watching = Task {
            for await signal in await UnixSignalsSequence(trapping: .sigint, .sigterm) { happen.yield(.stop(signal)) }
        }
        defer { watching.cancel() }
        var stopped: Int32?
        for await event in events {
            switch event {
            case .ended(let status): return stopped ?? status ?? Self.usage
            case .stop(let signal):
                // Asked twice, it is meant.
                if let stopped { return stopped }
                Self.tell("\(signal): the tools are stopped, nothing is written")
                stopped = 128 + (signal == .sigint ? 2 : 15)
                auditing.cancel()
                Task {
                    try? await Task.sleep(for: Self.grace)
                    happen.yield(.overdue)
                }
            case .overdue: return stopped ?? Self.usage
            }
        }
        return stopped ?? Self.usage
    }

    private enum Event {
        case ended(Int32?)
        case stop(UnixSignal)
        case overdue
    }

    /// How long tools have to be killed after a signal. What runs in this process may take longer to notice, and ends
    /// with it.
    private static let grace = Duration.seconds(5)

    /// Compares two reports, prints the difference, and gives the exit status.
    public static func diff(before: String, after: String, failOn word: String) -> Int32 {
        do {
            let diff = try AuditDiff(before: before, after: after, failOn: FailOn(naming: word))
            try? FileHandle.standardOutput.write(contentsOf: Data(diff.markdown.utf8))
            return diff.exitStatus
        } catch {
            tell("error: \(error)")
            return usage
        }
    }

    private func finish(_ report: AuditReport) -> Int32 {
        do {
            try files.write(report)
        } catch {
            Self.tell("error: \(error)")
            return Self.usage
        }
        Self.tell(report.summary)
        return report.exitStatus
    }

    private static func tell(_ line: String) {
        let text = line.split(whereSeparator: \.isNewline).map { "pitwall audit: \($0)\n" }.joined()
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
