/// How an entry of a file list is taken apart.
extension FileList {
    /// The entry without check box, joining word, picture and the word "own" in front.
    static func withoutLead(_ text: Substring) -> Substring {
        var text = text.trimmed
        for box in ["[ ]", "[x]", "[X]"] where text.hasPrefix(box) { text = text.dropFirst(3).trimmed }
        while let first = text.first, !first.isASCII, !first.isLetter, !first.isNumber, !"“‘".contains(first) {
            text = text.dropFirst().trimmed
        }
        for joint in ["and ", "& ", "+ ", "plus ", "the "] where text.lowercased().hasPrefix(joint) {
            text = text.dropFirst(joint.count).trimmed
        }
        return text
    }

    /// The first token of an entry and what follows it.
    ///
    /// A bracket belongs to the token only right after a `/`, where it is a route group: `app/(auth)/page.tsx`.
    static func token(of text: Substring) -> (token: Substring, isCode: Bool, rest: Substring) {
        if text.hasPrefix("`") {
            let ticks = text.prefix { $0 == "`" }
            let inner = text[ticks.endIndex...]
            if let end = inner.firstRange(of: ticks) {
                return (inner[..<end.lowerBound].trimmed, true, inner[end.upperBound...])
            }
        }
        var end = text.startIndex
        var isInGroup = false
        while end < text.endIndex, !text[end].isWhitespace {
            if text[end] == "(" {
                guard end > text.startIndex, text[text.index(before: end)] == "/" else { break }
                isInGroup = true
            } else if text[end] == ")" {
                guard isInGroup else { break }
                isInGroup = false
            }
            end = text.index(after: end)
        }
        return (text[..<end], false, text[end...])
    }

    /// True when what follows a path is a note or the next path rather than the rest of a sentence.
    static func isNote(_ following: Substring) -> Bool {
        guard let first = following.first else { return true }
        if "([—–-:→+&.*".contains(first) { return true }
        return ["and ", "plus ", "only", "ONLY", "NEW", "new"].contains { following.hasPrefix($0) }
    }

    /// The bracket that starts the text, with what follows it.
    static func bracket(at text: Substring) -> (content: Substring, rest: Substring)? {
        guard let open = text.first, open == "(" || open == "[" else { return nil }
        let close: Character = open == "(" ? ")" : "]"
        var depth = 0
        for index in text.indices {
            if text[index] == open { depth += 1 }
            if text[index] == close { depth -= 1 }
            if depth == 0 {
                return (text[text.index(after: text.startIndex)..<index].trimmed, text[text.index(after: index)...])
            }
        }
        return (text.dropFirst().trimmed, "")
    }

    /// The text without what stands in round brackets.
    static func withoutBrackets(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(UInt8(ascii: "(")) else { return String(text) }
        var result: [UInt8] = []
        var depth = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if depth == 0 { result.append(byte) }
            if byte == UInt8(ascii: ")") { depth = max(0, depth - 1) }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The directory in "everything under docs/" and its like, with what follows it.
    static func everythingIn(_ text: Substring) -> (path: OwnedPath, rest: Substring)? {
        let words = text.split { $0.isWhitespace }
        guard let first = words.first, ["everything", "anything", "all", "any"].contains(first.lowercased()) else {
            return nil
        }
        let places = ["in", "under", "inside", "within", "below"]
        guard let place = words.prefix(5).firstIndex(where: { places.contains($0.lowercased()) }),
            place + 1 < words.count
        else { return nil }
        let token = words[place + 1].trimmed("`'\",.;:")
        let path = PathToken.listed(token.hasSuffix("/") ? token : token + "/", isCode: true, isAlone: true)
        return path.map { ($0, text[words[place + 1].endIndex...].trimmed) }
    }

    /// Phrases that end a list without naming anything: `ZERO shared files`, `No other files`, `none`, `n/a`.
    static func isClosing(_ text: Substring) -> Bool {
        let words = text.words
        guard let first = words.first else { return true }
        if ["zero", "no", "none", "nothing", "tbd"].contains(first) { return true }
        let phrase = words.joined(separator: " ")
        return ["n a", "na", "only", "all new", "new files only", "new only", "this file only", "only this file"]
            .contains(phrase)
    }
}

extension FileList {
    /// The remark in a cell such as `MODIFY (add persona dropdown)` or `APPEND ONLY (one route)`; nil for `CREATE`.
    static func remark(in cell: String) -> String? {
        let text = Inline.plain(cell)
        guard let open = text.firstIndex(of: "("), let bracket = bracket(at: text[open...]) else {
            let mode = FileMode.isOnlyNew(text) || FileMode.ofLabel(text) != nil
            return mode || text.isEmpty ? nil : text
        }
        let head = text[..<open].trimmed
        return head.lowercased().hasPrefix("append") ? "\(head) (\(bracket.content))" : String(bracket.content)
    }
}
