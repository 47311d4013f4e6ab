/// Finds where a fenced block ends, which in plans takes more than CommonMark knows: prompts hold fences of the same
/// length as the one around them.
struct FenceScanner {
    let lines: ArraySlice<SourceLine>
    /// Reading a fence's inside as nested fences once ran to the end of the text; trying again for each fence would
    /// take quadratic time.
    private var mayNest = true

    /// Where a fence ends.
    enum End: Equatable {
        /// The index of the closing line.
        case closed(Int)
        /// The index of the line with a `prompt="""` that nothing closes.
        case unclosedPrompt(Int)
        case unclosed
    }

    init(lines: ArraySlice<SourceLine>) {
        self.lines = lines
    }

    /// The end of the fence that is opened on the line of the index.
    mutating func end(of opening: FenceMark, at index: Int) -> End {
        if mayNest {
            let end = scan(opening, from: index + 1, nesting: true)
            guard end == .unclosed else { return end }
            mayNest = false
        }
        return scan(opening, from: index + 1, nesting: false)
    }

    private func scan(_ opening: FenceMark, from start: Int, nesting: Bool) -> End {
        var open = [opening]
        var index = start
        while index < lines.endIndex {
            let line = lines[index].text
            if let prompt = PromptQuote(line) {
                guard let end = prompt.end(in: lines, openedAt: index) else { return .unclosedPrompt(index) }
                index = end.line + 1
                continue
            }
            if let mark = FenceMark(line), let innermost = open.last {
                if mark.closes(innermost) {
                    open.removeLast()
                    if open.isEmpty { return .closed(index) }
                } else if nesting, !mark.isBare, mark.character == opening.character, mark.length >= opening.length {
                    open.append(mark)
                }
            }
            index += 1
        }
        return .unclosed
    }
}
