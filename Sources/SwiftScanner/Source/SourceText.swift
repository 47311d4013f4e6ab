/// The bytes of a file with its line starts: turns byte offsets into lines and columns.
struct SourceText: Sendable {
    let bytes: [UInt8]
    private let lineStarts: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        for (offset, byte) in bytes.enumerated() {
            let endsLine =
                byte == UInt8(ascii: "\n")
                || byte == UInt8(ascii: "\r") && (offset + 1 == bytes.count || bytes[offset + 1] != UInt8(ascii: "\n"))
            if endsLine { starts.append(offset + 1) }
        }
        lineStarts = starts
    }

    /// An unfinished last line counts, an empty one after the last line break does not.
    var lineCount: Int {
        lineStarts.last == bytes.count ? lineStarts.count - 1 : lineStarts.count
    }

    /// The line, from 1, that the byte at `offset` stands in.
    func line(at offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }

    func region(_ range: Range<Int>) -> SourceRegion {
        let (startLine, startColumn) = position(at: range.lowerBound)
        let (endLine, endColumn) = position(at: range.upperBound)
        return SourceRegion(startLine: startLine, startColumn: startColumn, endLine: endLine, endColumn: endColumn)
    }

    /// The lines from `first` to `last`, both from 1, without the last line break and without common indentation.
    func lines(_ first: Int, _ last: Int) -> [String] {
        (first...max(first, last)).compactMap { line in
            guard line >= 1, line <= lineStarts.count else { return nil }
            let end = line < lineStarts.count ? lineStarts[line] : bytes.count
            var text = Substring(string(lineStarts[line - 1]..<end))
            while let last = text.last, last.isNewline { text.removeLast() }
            return String(text)
        }
    }

    func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range.clamped(to: bytes.indices)], as: UTF8.self)
    }

    private func position(at offset: Int) -> (line: Int, column: Int) {
        let line = line(at: offset)
        let before = string(lineStarts[line - 1]..<max(offset, lineStarts[line - 1]))
        return (line, before.utf16.count + 1)
    }
}
