/// Text from outside as Markdown that shows it literally.
enum MarkdownText {
    /// For running text and table cells: one line, with every character that means something escaped.
    ///
    /// Addresses are broken up so that GitHub makes no link or mention of them.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "@": result += "&#64;"
            case ":": result += "&#58;"
            case _ where character.isNewline: result += " "
            case _ where "\\`*_{}[]()#+-.!|~$=^".contains(character): result += "\\" + String(character)
            case _ where character.unicodeScalars.contains(where: Self.isHidden): result += "\u{FFFD}"
            default: result.append(character)
            }
        }
        // "www." starts a link by itself; the dot above is escaped already, which ends that.
        return result
    }

    /// A code span, whatever the code; one line.
    ///
    /// - Parameter inTable: Whether it stands in a cell, where alone a backslash makes a bar part of the code.
    static func code(_ text: String, inTable: Bool = false) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
            .map { $0.unicodeScalars.contains(where: isHidden) ? "\u{FFFD}" : String($0) }.joined()
            .replacing("|", with: inTable ? "\\|" : "|")
        guard !line.isEmpty else { return "" }
        let fence = String(repeating: "`", count: longestRun(of: "`", in: line) + 1)
        return "\(fence) \(line) \(fence)"
    }

    /// A fenced block, whatever the code.
    static func block(_ text: String) -> String {
        let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: text) + 1))
        let shown = text.map { !$0.isNewline && $0.unicodeScalars.contains(where: isHidden) ? "\u{FFFD}" : String($0) }
        return "\(fence)text\n\(shown.joined())\n\(fence)"
    }

    /// Control characters and those that turn the direction of text, by which shown and meant may differ.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09: false
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    private static func longestRun(of character: Character, in text: String) -> Int {
        text.reduce(into: (longest: 0, current: 0)) { run, next in
            run.current = next == character ? run.current + 1 : 0
            run.longest = max(run.longest, run.current)
        }.longest
    }
}
