/// Turns lines into blocks in one pass.
///
/// It knows what plans use of Markdown; nothing is an error but what swallows the rest of the text.
struct MarkdownParser {
    private let lines: ArraySlice<SourceLine>
    private var index: Int
    private var paragraph: [SourceLine] = []
    private var fences: FenceScanner
    private(set) var blocks: [MarkdownBlock] = []
    private(set) var problems: [MarkdownDocument.Problem] = []

    init(lines: ArraySlice<SourceLine>) {
        self.lines = lines
        index = lines.startIndex
        fences = FenceScanner(lines: lines)
    }

    mutating func parse() {
        while index < lines.endIndex {
            let text = lines[index].text.trimmed
            if text.isEmpty {
                endParagraph()
                index += 1
            } else if isIndentedCode {
                readIndentedCode()
            } else {
                readBlock(text)
            }
        }
        endParagraph()
    }

    private mutating func readBlock(_ text: Substring) {
        switch text.utf8.first {
        case UInt8(ascii: "`"), UInt8(ascii: "~"):
            if let mark = FenceMark(lines[index].text) { return readFence(mark) }
        case UInt8(ascii: "<"):
            if text.hasPrefix("<!--") { return readComment() }
        case UInt8(ascii: "#"):
            if let level = Self.headingLevel(of: text), Self.indent(of: lines[index].text) < 4 {
                let heading = text.dropFirst(level).trimmed
                return add(.heading(level: .marked(level), text: Self.withoutClosingMarks(heading)))
            }
        case UInt8(ascii: "="), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "_"):
            if let level = Self.underlineLevel(of: text), paragraph.count == 1 {
                return readUnderline(level)
            }
            if Self.isRule(text) { return add(.thematicBreak) }
        default: break
        }
        if text.hasPrefix("Task") || text.hasPrefix("Agent"), PromptQuote(text) != nil { return readCall() }
        if let (table, end) = MarkdownTable.read(lines, at: index) {
            add(.table(table))
            index = end
            return
        }
        if let item = ListMarker.read(text) { return readItem(item) }
        readText(text)
    }

    /// Adds a block that starts on the current line, and goes on to the next line.
    private mutating func add(_ kind: MarkdownBlock.Kind) {
        endParagraph()
        blocks.append(MarkdownBlock(kind: kind, line: lines[index].number))
        index += 1
    }

    private mutating func endParagraph() {
        guard let first = paragraph.first else { return }
        blocks.append(MarkdownBlock(kind: .paragraph(paragraph), line: first.number))
        paragraph = []
    }

    private mutating func readFence(_ mark: FenceMark) {
        let opening = index
        let end: Int
        switch fences.end(of: mark, at: opening) {
        case .closed(let closing): end = closing
        case .unclosed:
            problems.append(.unclosedFence(line: lines[opening].number))
            end = lines.endIndex
        case .unclosedPrompt(let line):
            problems.append(.unclosedPrompt(line: lines[line].number))
            end = lines.endIndex
        }
        add(.fence(MarkdownFence(info: mark.info.lowercased(), lines: lines[(opening + 1)..<end])))
        index = min(end + 1, lines.endIndex)
    }

    /// Whether the current line is code by its indent alone: nothing above it that it could belong to.
    private var isIndentedCode: Bool {
        guard paragraph.isEmpty, Self.indent(of: lines[index].text) >= 4 else { return false }
        guard case .heading = blocks.last?.kind, FenceMark(lines[index].text) == nil else { return false }
        return ListMarker.read(lines[index].text.trimmed) == nil
    }

    private mutating func readIndentedCode() {
        let end =
            lines[index...].firstIndex { !$0.text.trimmed.isEmpty && Self.indent(of: $0.text) < 4 } ?? lines.endIndex
        let opening = index
        add(.fence(MarkdownFence(info: "", lines: lines[opening..<end])))
        index = end
    }

    /// A `Task(… prompt="""…""")` without a fence around it.
    private mutating func readCall() {
        guard let end = PromptQuote(lines[index].text)?.end(in: lines, openedAt: index) else {
            problems.append(.unclosedPrompt(line: lines[index].number))
            index = lines.endIndex
            return
        }
        let opening = index
        add(.fence(MarkdownFence(info: "", lines: lines[opening...end.line])))
        index = end.line + 1
    }

    private mutating func readComment() {
        let opening = index
        guard let end = lines[opening...].firstIndex(where: { $0.text.contains("-->") }) else {
            problems.append(.unclosedComment(line: lines[opening].number))
            index = lines.endIndex
            return
        }
        add(.comment)
        index = end + 1
    }

    /// `===` or `---` below a line makes that line a heading.
    private mutating func readUnderline(_ level: Int) {
        guard let line = paragraph.popLast() else { return }
        blocks.append(
            MarkdownBlock(kind: .heading(level: .marked(level), text: String(line.text.trimmed)), line: line.number)
        )
        index += 1
    }

    private mutating func readItem(_ item: (marker: ListMarker, text: Substring)) {
        let indent = Self.indent(of: lines[index].text)
        var text = String(item.text)
        var end = index + 1
        while end < lines.endIndex, isContinuation(lines[end].text, ofItemAt: indent) {
            text += " " + lines[end].text.trimmed
            end += 1
        }
        add(.item(marker: item.marker, indent: indent, text: text))
        index = end
    }

    /// Unlike in CommonMark a line at the item's own indent starts something new: plans put the next thought there.
    private func isContinuation(_ line: Substring, ofItemAt indent: Int) -> Bool {
        let text = line.trimmed
        return !text.isEmpty && Self.indent(of: line) > indent && ListMarker.read(text) == nil
            && FenceMark(line) == nil && !text.hasPrefix("|") && !text.hasPrefix("<!--")
            && Self.headingLevel(of: text) == nil
    }

    private mutating func readText(_ text: Substring) {
        var text = text
        while text.first == ">" { text = text.dropFirst().trimmed }
        if let level = LabelLine.level(of: text) {
            let label = Inline.withoutEmphasis(text)
            return add(.heading(level: level, text: label))
        }
        paragraph.append(SourceLine(number: lines[index].number, text: text))
        index += 1
    }

    /// Columns of white space before the text; a tab counts as four.
    private static func indent(of line: Substring) -> Int {
        line.utf8.prefix { $0.isBlank }.reduce(0) { $0 + ($1 == UInt8(ascii: "\t") ? 4 : 1) }
    }

    private static func headingLevel(of text: Substring) -> Int? {
        let marks = text.utf8.prefix { $0 == UInt8(ascii: "#") }
        guard (1...6).contains(marks.count), marks.endIndex == text.endIndex || text.utf8[marks.endIndex].isBlank else {
            return nil
        }
        return marks.count
    }

    private static func withoutClosingMarks(_ heading: Substring) -> String {
        var text = heading
        while text.last == "#" { text.removeLast() }
        return String(text.isEmpty || text.last?.isWhitespace == true ? text.trimmed : heading)
    }

    private static func underlineLevel(of text: Substring) -> Int? {
        guard text.utf8.count >= 3, let first = text.utf8.first, text.utf8.allSatisfy({ $0 == first }) else {
            return nil
        }
        return switch first {
        case UInt8(ascii: "="): 1
        case UInt8(ascii: "-"): 2
        default: nil
        }
    }

    /// `---`, `* * *` and their like.
    private static func isRule(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, "-*_=".utf8.contains(first) else { return false }
        let marks = text.utf8.filter { !$0.isBlank }
        return marks.count >= 3 && marks.allSatisfy { $0 == first }
    }
}
