/// A plan, or one prompt of it, as blocks.
struct MarkdownDocument {
    /// A part of the text that cannot be read.
    enum Problem {
        case unclosedFence(line: Int)
        case unclosedPrompt(line: Int)
        case unclosedComment(line: Int)
    }

    let lines: ArraySlice<SourceLine>
    let blocks: [MarkdownBlock]
    let problems: [Problem]

    init(lines: ArraySlice<SourceLine>) {
        var parser = MarkdownParser(lines: lines)
        parser.parse()
        self.lines = lines
        blocks = parser.blocks
        problems = parser.problems
    }

    /// Splits a text into lines (LF, CRLF, or CR alone) without its byte order mark.
    init(_ text: String) {
        var text = text
        text.makeContiguousUTF8()
        let bytes = text.hasPrefix("\u{FEFF}") ? text[...].dropFirst().utf8 : text[...].utf8
        let newline = bytes.contains(UInt8(ascii: "\n")) ? UInt8(ascii: "\n") : UInt8(ascii: "\r")
        var number = 0
        let lines = bytes.split(separator: newline, omittingEmptySubsequences: false).map { line in
            number += 1
            return SourceLine(
                number: number,
                text: Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
            )
        }
        self.init(lines: lines[...])
    }

    /// The number of the first line; 1 when there is none.
    var firstLine: Int { lines.first?.number ?? 1 }

    var text: String {
        lines.map(\.text).joined(separator: "\n")
    }
}
