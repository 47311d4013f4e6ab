/// The opening of a prompt in a call such as `Task(subagent_type="…", prompt="""`, with what closes it.
struct PromptQuote {
    let delimiter: String
    /// Where the prompt's text starts in the opening line.
    let start: Substring.Index

    /// Where a prompt ends.
    struct End {
        /// The index of the line.
        let line: Int
        /// Where the closing quotes start in it.
        let position: Substring.Index
    }

    init?(_ line: Substring) {
        guard line.holds("prompt"), line.utf8.count < 100_000, let name = line.firstRange(of: "prompt") else {
            return nil
        }
        var rest = line[name.upperBound...].drop { $0 == " " || $0 == "\"" }
        guard let sign = rest.popFirst(), sign == "=" || sign == ":" else { return nil }
        rest = rest.drop { $0 == " " || $0 == "f" || $0 == "r" }
        guard let quotes = ["\"\"\"", "'''"].first(where: { rest.hasPrefix($0) }) else { return nil }
        delimiter = quotes
        start = rest.index(rest.startIndex, offsetBy: 3)
    }

    /// Finds the closing quotes. Prompts hold Python with doc strings in the same quotes, not always escaped; so quotes
    /// after which the call ends or goes on are preferred to the first ones.
    func end(in lines: ArraySlice<SourceLine>, openedAt opening: Int) -> End? {
        var fallback: End?
        for index in opening..<lines.endIndex {
            let line = lines[index].text
            guard line.holds("\"\"\"", "'''") else { continue }
            if index > opening, PromptQuote(line) != nil { break }
            var rest = index == opening ? line[start...] : line
            while let position = unescapedQuotes(in: rest) {
                let end = End(line: index, position: position)
                rest = rest[rest.index(position, offsetBy: 3)...]
                if callGoesOn(after: rest, in: lines, at: index) { return end }
                if fallback == nil { fallback = end }
            }
        }
        return fallback
    }

    private func unescapedQuotes(in text: Substring) -> Substring.Index? {
        var rest = text
        while let range = rest.firstRange(of: delimiter) {
            if range.lowerBound == text.startIndex || text[text.index(before: range.lowerBound)] != "\\" {
                return range.lowerBound
            }
            rest = rest[range.upperBound...]
        }
        return nil
    }

    private func callGoesOn(after rest: Substring, in lines: ArraySlice<SourceLine>, at index: Int) -> Bool {
        let text = rest.trimmed
        if text.hasPrefix(")") || text.hasPrefix("}") { return true }
        if text.hasPrefix(",") { return true }
        guard text.isEmpty, let next = lines[(index + 1)...].prefix(3).first(where: { !$0.text.trimmed.isEmpty }) else {
            return false
        }
        let following = next.text.trimmed
        return following.hasPrefix(")") || following.hasPrefix("}")
    }
}
