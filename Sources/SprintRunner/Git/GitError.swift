/// A git command that failed, or printed what was not expected of it.
public struct GitError: Error, Sendable, CustomStringConvertible {
    /// The command without the safety settings that precede every command.
    public let command: String
    /// The exit status; negative for a signal, `nil` when git never started.
    public let status: Int32?
    /// What git wrote to standard error, or why it never started.
    public let message: String

    /// What was run, how it ended and what it said.
    public var description: String {
        let ending = status.map { $0 < 0 ? "was ended by signal \(-$0)" : "exited \($0)" } ?? "did not run"
        let detail = message.trimmingTrailingNewlines
        return "git \(command) \(ending)" + (detail.isEmpty ? "" : ": \(detail)")
    }
}

extension String {
    var trimmingTrailingNewlines: String {
        var text = Substring(self)
        while let last = text.last, last.isNewline { text.removeLast() }
        return String(text)
    }
}
