extension PlanOutline {
    /// What a list item says of the items nested in it: `Owns:`, or `**Owns**` where it holds nothing else.
    func label(ofItem index: Int) -> String? {
        guard case .item(_, _, let text) = blocks[index].kind else { return nil }
        if let labelled = LabelledLine(text) { return labelled.rest.isEmpty ? labelled.label : nil }
        guard text.utf8.count < 60, !nested(in: index).isEmpty, !text.contains("`"),
            PathToken.mentions(in: text).isEmpty
        else { return nil }
        return Inline.plain(text)
    }

    /// A block's lines of running text with their numbers; nothing for tables, and for fences their comments only.
    func textLines(of index: Int) -> [(text: String, number: Int)] {
        let block = blocks[index]
        switch block.kind {
        case .heading(_, let text), .item(_, _, let text): return [(text, block.line)]
        case .paragraph(let lines): return lines.map { (String($0.text), $0.number) }
        case .fence(let fence):
            return fence.lines.compactMap { line in
                let text = line.text.trimmed
                return text.hasPrefix("#") || fence.info.isEmpty ? (String(text.trimmed("# ")), line.number) : nil
            }
        default: return []
        }
    }

    /// What a block holds of shell commands: the lines of a fence, with continued ones joined, code in text,
    /// and code in a table of steps after the agents' work.
    func commandLines(of index: Int) -> [(text: String, number: Int)] {
        let block = blocks[index]
        switch block.kind {
        case .fence(let fence): return Self.joined(fence.lines)
        case .heading(_, let text), .item(_, _, let text): return Self.code(text, block.line)
        case .paragraph(let lines): return lines.flatMap { Self.code($0.text, $0.number) }
        case .table(let table) where roles(above: index).contains(.afterAgents):
            return table.rows.flatMap { row in row.cells.flatMap { Self.code($0, row.line) } }
        default: return []
        }
    }

    private static func code(_ text: some StringProtocol, _ line: Int) -> [(text: String, number: Int)] {
        Inline.code(String(text)).map { (String(withoutPrompt($0[...])), line) }
    }

    /// A command without the shell's prompt that was copied with it: `$ make test`.
    private static func withoutPrompt(_ line: Substring) -> Substring {
        line.hasPrefix("$ ") ? line.dropFirst(2).trimmed : line
    }

    /// Lines that end in a backslash go on in the next one.
    private static func joined(_ lines: ArraySlice<SourceLine>) -> [(text: String, number: Int)] {
        var result: [(text: String, number: Int)] = []
        var isContinued = false
        for line in lines {
            let text = withoutPrompt(line.text.trimmed)
            let body = text.hasSuffix("\\") ? text.dropLast().trimmed : text
            if isContinued, let last = result.indices.last {
                result[last].text += " " + body
            } else if !body.isEmpty {
                result.append((String(body), line.number))
            }
            isContinued = text.hasSuffix("\\")
        }
        return result
    }
}
