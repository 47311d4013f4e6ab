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
    ///
    /// Of each line at most its first 8 KiB, which is more than is ever shown.
    func lines(_ first: Int, _ last: Int) -> [String] {
        (first...max(first, last)).compactMap { line in
            guard line >= 1, line <= lineStarts.count else { return nil }
            let end = line < lineStarts.count ? lineStarts[line] : bytes.count
            let start = lineStarts[line - 1]
            var text = Substring(string(start..<min(end, start + Self.shownBytes)))
            while let last = text.last, last.isNewline { text.removeLast() }
            return String(text)
        }
    }

    func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range.clamped(to: bytes.indices)], as: UTF8.self)
    }

    private static let shownBytes = 1 << 13

    /// In a longer line columns are counted in bytes: it is a program's output, and counting its characters for
    /// each of its findings would take the square of its size.
    private static let longLine = 1 << 16

    private func position(at offset: Int) -> (line: Int, column: Int) {
        let line = line(at: offset)
        let start = lineStarts[line - 1]
        guard offset - start <= Self.longLine else { return (line, offset - start + 1) }
        return (line, string(start..<max(offset, start)).utf16.count + 1)
    }
}
