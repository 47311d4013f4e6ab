extension MarkdownTable {
    /// Reads the table that starts at the index, if one does; the second value is the index after it.
    static func read(_ lines: ArraySlice<SourceLine>, at index: Int) -> (table: MarkdownTable, end: Int)? {
        guard index + 1 < lines.endIndex, lines[index].text.utf8.contains(UInt8(ascii: "|")),
            isDelimiter(lines[index + 1].text)
        else { return nil }
        var rows: [Row] = []
        var end = index + 2
        while end < lines.endIndex, lines[end].text.utf8.contains(UInt8(ascii: "|")) {
            rows.append(Row(line: lines[end].number, cells: cells(of: lines[end].text)))
            end += 1
        }
        return (MarkdownTable(header: cells(of: lines[index].text), rows: rows), end)
    }

    /// `|---|:--:|`.
    private static func isDelimiter(_ line: Substring) -> Bool {
        line.utf8.allSatisfy { "|:- \t".utf8.contains($0) } && line.utf8.contains(UInt8(ascii: "-"))
            && line.utf8.contains(UInt8(ascii: "|"))
    }

    /// The cells of a row; a bar that is escaped or in code does not split.
    private static func cells(of line: Substring) -> [String] {
        var row = line.trimmed
        if row.hasPrefix("|") { row.removeFirst() }
        if row.hasSuffix("|") && !row.hasSuffix("\\|") { row.removeLast() }
        var cells: [String] = []
        var cell: [UInt8] = []
        var isCode = false
        var isEscaped = false
        for byte in row.utf8 {
            if byte == UInt8(ascii: "|"), isEscaped {
                cell[cell.count - 1] = byte
            } else if byte == UInt8(ascii: "|"), !isCode {
                cells.append(String(String(decoding: cell, as: UTF8.self).trimmed))
                cell = []
            } else {
                cell.append(byte)
            }
            if byte == UInt8(ascii: "`") { isCode.toggle() }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        cells.append(String(String(decoding: cell, as: UTF8.self).trimmed))
        return cells
    }
}
