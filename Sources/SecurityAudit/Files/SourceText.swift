import Foundation

/// A source file by lines, for snippets, fingerprints and comments.
///
/// Bytes that are no UTF-8 become `U+FFFD`.
struct SourceText: Sendable {
    /// How many lines of a finding are shown.
    static let snippetLines = 3
    /// How many characters of a line are shown.
    static let snippetWidth = 200
    /// Longer files are not loaded; their findings stay without a snippet.
    static let maximumSize = 64 << 20

    let bytes: [UInt8]
    /// Where each line begins.
    private let starts: [Int]

    init(bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        // A carriage return by itself ends a line too, as Swift's and Python's parsers have it.
        for (index, byte) in bytes.enumerated() {
            let endsByReturn = byte == UInt8(ascii: "\r") && (index + 1 == bytes.count || bytes[index + 1] != 0x0A)
            if byte == UInt8(ascii: "\n") || endsByReturn { starts.append(index + 1) }
        }
        self.starts = starts
    }

    /// The file, or `nil` when it cannot be read or is larger than ``maximumSize``.
    init?(path: String) {
        guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int,
            size <= Self.maximumSize, let data = FileManager.default.contents(atPath: path)
        else { return nil }
        self.init(bytes: Array(data))
    }

    /// The file when it holds a text; most do not, and are not split into lines for nothing.
    init?(path: String, containing text: String) {
        guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int,
            size <= Self.maximumSize, let data = FileManager.default.contents(atPath: path),
            data.range(of: Data(text.utf8)) != nil
        else { return nil }
        self.init(bytes: Array(data))
    }

    var lineCount: Int { starts.count }

    /// The offset of the first byte of a line from 1 to ``lineCount``.
    func start(ofLine number: Int) -> Int { starts[number - 1] }

    /// The text of a line from 1 on, without its end; empty beyond the file.
    func line(_ number: Int) -> String { String(decoding: bytes(ofLine: number), as: UTF8.self) }

    private func bytes(ofLine number: Int) -> ArraySlice<UInt8> {
        guard (1...starts.count).contains(number) else { return [] }
        let end = number < starts.count ? starts[number] - 1 : bytes.count
        let line = bytes[starts[number - 1]..<end]
        return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }

    /// The lines of a region as a report shows them.
    func snippet(of region: Region) -> String {
        let last = min(region.endLine, region.startLine + Self.snippetLines - 1)
        return (region.startLine...max(region.startLine, last)).map { number in
            // A character may take several bytes, a line millions of characters.
            let text = String(decoding: bytes(ofLine: number).prefix(Self.snippetWidth * 16), as: UTF8.self)
            return text.count > Self.snippetWidth ? text.prefix(Self.snippetWidth) + "…" : text
        }.joined(separator: "\n")
    }

    /// A longer line is a program's output, and of its code as much as this is taken, columns counted as bytes.
    private static let longLine = 1 << 14
    private static let longLineCode = 1 << 10

    /// The code of a region: from column to column where the tool gives them, else whole lines.
    ///
    /// At most 100 lines, of lines of more than 16 KiB at most 1 KiB: a file of one line with a finding at every
    /// hundredth byte would take the square of its size.
    func code(of region: Region) -> String {
        let last = min(region.endLine, region.startLine + 99)
        return (region.startLine...last).map { number in
            let line = bytes(ofLine: number)
            let start = number == region.startLine ? region.startColumn.map { max(0, $0 - 1) } ?? 0 : 0
            let end = number == region.endLine ? region.endColumn.map { max(start, $0 - 1) } : nil
            if line.count > Self.longLine {
                let part = line.dropFirst(start).prefix(min(Self.longLineCode, end.map { $0 - start } ?? .max))
                return String(decoding: part, as: UTF8.self)
            }
            let units = Array(String(decoding: line, as: UTF8.self).utf16)
            return String(decoding: units.prefix(end ?? .max).dropFirst(start), as: UTF16.self)
        }.joined(separator: "\n")
    }

    /// The UTF-16 column, from 1, of a byte offset in a line, from 0, as Python's parser counts.
    func column(ofByte offset: Int, inLine number: Int) -> Int {
        String(decoding: bytes(ofLine: number).prefix(offset), as: UTF8.self).utf16.count + 1
    }
}
