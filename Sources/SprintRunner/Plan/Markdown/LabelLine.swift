/// Lines that head what follows without being marked as headings.
enum LabelLine {
    /// The level of a line that works as a heading; nil for running text.
    static func level(of text: Substring) -> HeadingLevel? {
        guard text.utf8.count <= 200 else { return nil }
        if isBold(text) { return .bold }
        if isNamedAgent(text) { return .plain }
        let endsWithColon = text.utf8.last == UInt8(ascii: ":")
        guard endsWithColon || isInCapitals(text) else { return nil }
        let words = text.split { $0.isWhitespace }.count
        if endsWithColon, words <= 12, !text.contains(". ") { return .plain }
        return (2...6).contains(words) && isInCapitals(text) ? .plain : nil
    }

    /// `**Agent 1 (Backend)**`, also with `:` or a remark in brackets after the bold.
    private static func isBold(_ text: Substring) -> Bool {
        for mark in ["**", "__"] where text.hasPrefix(mark) {
            guard let end = text.dropFirst(2).firstRange(of: mark), end.lowerBound > text.startIndex else {
                return false
            }
            var rest = text[end.upperBound...].trimmed
            if rest.hasPrefix("("), let close = rest.lastIndex(of: ")") {
                rest = rest[rest.index(after: close)...].trimmed
            }
            return rest.isEmpty || rest == ":"
        }
        return false
    }

    /// `Agent 1 (Frontend)` and nothing else.
    private static func isNamedAgent(_ text: Substring) -> Bool {
        guard text.utf8.last == UInt8(ascii: ")"), text.utf8.first.map({ $0.isASCIILetter }) == true else {
            return false
        }
        let lower = text.lowercased()
        guard let nouns = AgentHeading.nouns.first(where: { $0.contains { lower.hasPrefix($0 + " ") } }),
            let open = text.firstIndex(of: "("), text.lastIndex(of: ")") == text.indices.last
        else { return false }
        let words = text[..<open].split(separator: " ")
        return words.count == 2 && AgentHeading(text, nouns: nouns) != nil
    }

    private static func isInCapitals(_ text: Substring) -> Bool {
        var letters = 0
        for character in text {
            if character.isLowercase || "`/_.=,;".contains(character) { return false }
            if character.isUppercase { letters += 1 }
        }
        return letters >= 5
    }
}
