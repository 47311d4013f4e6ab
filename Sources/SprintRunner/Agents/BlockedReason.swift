/// Finds the reason by which an agent says that it could not finish: `BLOCKED: reason`.
enum BlockedReason {
    /// The reason of the last such line of a log; lines that the prompt holds too are only the rules, read aloud.
    static func inLog(_ log: String, prompt: String) -> String? {
        let told = Set(prompt.split(whereSeparator: \.isNewline).compactMap(reason))
        return log.split(whereSeparator: \.isNewline).compactMap(reason).last { !told.contains($0) }
    }

    /// The reason in the trailers of a commit message.
    static func inMessage(_ message: String) -> String? {
        message.split(whereSeparator: \.isNewline).compactMap(reason).last
    }

    /// Reads one line: `BLOCKED: reason`, in any letters for a trailer, with Markdown's marks around it.
    private static func reason(_ line: Substring) -> String? {
        var rest = line.drop { $0.isWhitespace || "*->#`_".contains($0) }
        guard rest.prefix(7) == "BLOCKED" || rest.prefix(8) == "Blocked:" else { return nil }
        rest = rest.dropFirst(7).drop { $0 == "*" || $0 == "_" }
        guard rest.first == ":" else { return nil }
        let reason = rest.dropFirst().drop { $0.isWhitespace || $0 == "*" }
        return reason.isEmpty ? "no reason given" : String(reason)
    }
}
