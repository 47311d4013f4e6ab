/// A text as its lines, byte for byte: joining them gives the text back.
///
/// Only a line feed ends a line, so the carriage return of a CRLF file belongs to its line and is never changed.
struct Lines: Hashable, Sendable {
    /// The lines without their line feeds.
    var lines: [ArraySlice<UInt8>]
    /// Whether the last line ends with a line feed too.
    var endsWithNewline: Bool

    init(_ bytes: [UInt8]) {
        lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        endsWithNewline = bytes.last == UInt8(ascii: "\n")
        if endsWithNewline || bytes.isEmpty { lines.removeLast() }
    }

    init(lines: [ArraySlice<UInt8>], endsWithNewline: Bool) {
        self.lines = lines
        self.endsWithNewline = endsWithNewline
    }

    var bytes: [UInt8] {
        var bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
        if endsWithNewline, !lines.isEmpty { bytes.append(UInt8(ascii: "\n")) }
        return bytes
    }

    /// How often each line occurs.
    var counts: [ArraySlice<UInt8>: Int] {
        lines.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// Whether the bytes are no text, by git's rule of thumb: a NUL byte among the first 8,000.
    static func isBinary(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(8000).contains(0)
    }
}

extension Lines {
    /// What this text adds at the end of another; `nil` when it changes anything before.
    func appended(to base: Lines) -> ArraySlice<ArraySlice<UInt8>>? {
        guard lines.count >= base.lines.count else { return nil }
        for (index, line) in base.lines.enumerated() where lines[index] != line {
            // A last line that had no end may have got a CRLF one: the return is part of that end.
            let isOpenEnd = index == base.lines.count - 1 && !base.endsWithNewline
            guard isOpenEnd, lines[index] == line + [UInt8(ascii: "\r")] else { return nil }
        }
        return lines[base.lines.count...]
    }

    /// This text with lines at its end; a last line without an end gets the one its file uses.
    func appending(_ added: ArraySlice<ArraySlice<UInt8>>, endingWithNewline: Bool) -> Lines {
        guard !added.isEmpty else { return self }
        var result = self
        if !endsWithNewline, let last = lines.last, lines.count > 1, last.last != UInt8(ascii: "\r"),
            lines[lines.count - 2].last == UInt8(ascii: "\r")
        {
            result.lines[lines.count - 1] = last + [UInt8(ascii: "\r")]
        }
        result.lines += added
        result.endsWithNewline = endingWithNewline
        return result
    }
}
