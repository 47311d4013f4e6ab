/// A call in a fence that starts an agent: `Task(subagent_type="…", description="…", prompt="""…""")`.
struct TaskCall {
    /// The line of the prompt's opening quotes.
    let line: Int
    /// The prompt's lines; in their text `\"""` is still escaped.
    let lines: ArraySlice<SourceLine>
    /// What the call's other arguments say, `description` and `name` above all.
    let arguments: String

    /// The prompt as the agent gets it.
    var prompt: String {
        Self.unescaped(lines.map(\.text).joined(separator: "\n"))
    }

    /// All calls with a prompt in a fence.
    static func calls(in fence: MarkdownFence) -> [TaskCall] {
        var calls: [TaskCall] = []
        var arguments = ""
        var index = fence.lines.startIndex
        while index < fence.lines.endIndex {
            let line = fence.lines[index]
            guard let quote = PromptQuote(line.text), let end = quote.end(in: fence.lines, openedAt: index) else {
                if arguments.utf8.count < 2000 { arguments += line.text + "\n" }
                index += 1
                continue
            }
            arguments += line.text[..<quote.start]
            calls.append(
                TaskCall(line: line.number, lines: prompt(of: fence, from: index, quote, to: end), arguments: arguments)
            )
            arguments = ""
            index = end.line + 1
        }
        return calls
    }

    private static func prompt(
        of fence: MarkdownFence,
        from opening: Int,
        _ quote: PromptQuote,
        to end: PromptQuote.End
    ) -> ArraySlice<SourceLine> {
        let first = fence.lines[opening]
        let last = fence.lines[end.line]
        guard opening < end.line else {
            return [SourceLine(number: first.number, text: first.text[quote.start..<end.position])]
        }
        var lines = Array(fence.lines[(opening + 1)..<end.line])
        let head = first.text[quote.start...]
        if !head.trimmed.isEmpty, head.trimmed != "\\" {
            lines.insert(SourceLine(number: first.number, text: head), at: 0)
        }
        let tail = last.text[..<end.position]
        if !tail.trimmed.isEmpty { lines.append(SourceLine(number: last.number, text: tail)) }
        return lines[...]
    }

    /// The value of an argument such as `description="Agent A: tools"`.
    func argument(_ name: String) -> String? {
        guard let found = arguments.ranges(of: name).last else { return nil }
        let rest = arguments[found.upperBound...].trimmed("=:\" ")
        let value = rest.prefix { $0 != "\"" && $0 != "'" && $0 != "\n" }
        return value.isEmpty ? nil : String(value)
    }

    private static func unescaped(_ text: String) -> String {
        guard text.contains("\\") else { return text }
        return text.replacing("\\\"\\\"\\\"", with: "\"\"\"").replacing("\\\"\"\"", with: "\"\"\"")
    }
}
