import LatencyComparison
import Synchronization

/// Shows a run's progress on stderr: one line that is written over on a terminal, plain lines every few seconds
/// elsewhere.
public final class LiveLine: Sendable {
    /// Seconds between plain lines.
    private static let plainInterval = 5.0

    private let isTerminal: Bool
    private let write: @Sendable (String) -> Void
    private let lastPlain = Mutex<(scenario: String, elapsed: Double)>(("", 0))

    /// Shows progress on a terminal or not.
    ///
    /// - Parameters:
    ///   - isTerminal: Whether a line may be written over.
    ///   - write: Takes the text, line breaks and all.
    public init(isTerminal: Bool, write: @escaping @Sendable (String) -> Void) {
        self.isTerminal = isTerminal
        self.write = write
    }

    /// Shows the newest state.
    public func show(_ progress: LoadProgress) {
        if isTerminal {
            write("\r\u{1B}[2K" + line(progress))
            return
        }
        let isDue = lastPlain.withLock { last in
            guard last.scenario != progress.scenario || progress.elapsedSeconds - last.elapsed >= Self.plainInterval
            else { return false }
            last = (progress.scenario, progress.elapsedSeconds)
            return true
        }
        if isDue { write(line(progress) + "\n") }
    }

    /// Takes the line away, so that what follows begins at the left edge.
    public func clear() {
        if isTerminal { write("\r\u{1B}[2K") }
    }

    private func line(_ progress: LoadProgress) -> String {
        let p50 = progress.p50.map { "\($0.fixed(2)) ms" } ?? "-"
        let p99 = progress.p99.map { "\($0.fixed(2)) ms" } ?? "-"
        return "\(progress.scenario)  \(progress.rate.fixed(0)) req/s  p50 \(p50)  p99 \(p99)  "
            + "errors \(progress.errorCount)  \(progress.remainingSeconds.fixed(0)) s left"
    }
}
