/// Markdown within a line, as far as plans use it.
enum Inline {
    /// A stretch of a line: code in backticks, or text.
    enum Span: Hashable {
        case code(String)
        case text(String)
    }

    /// The line's stretches in order. A backtick without a partner is text.
    static func spans(_ text: some StringProtocol) -> [Span] {
        let bytes = Array(text.utf8)
        var spans: [Span] = []
        var pending: [UInt8] = []
        var withoutPartner: Set<Int> = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "`") else {
                pending.append(bytes[index])
                index += 1
                continue
            }
            let length = bytes[index...].prefix { $0 == UInt8(ascii: "`") }.count
            let start = index + length
            guard !withoutPartner.contains(length), let end = runOfTicks(length, in: bytes, from: start) else {
                withoutPartner.insert(length)
                pending.append(contentsOf: bytes[index..<start])
                index = start
                continue
            }
            if !pending.isEmpty { spans.append(.text(String(decoding: pending, as: UTF8.self))) }
            pending = []
            spans.append(.code(String(String(decoding: bytes[start..<end], as: UTF8.self).trimmed)))
            index = end + length
        }
        if !pending.isEmpty { spans.append(.text(String(decoding: pending, as: UTF8.self))) }
        return spans
    }

    /// The contents of all code spans.
    static func code(_ text: some StringProtocol) -> [String] {
        guard text.utf8.contains(UInt8(ascii: "`")) else { return [] }
        return spans(text).compactMap { span in
            if case .code(let code) = span { code } else { nil }
        }
    }

    /// The text without code ticks and without emphasis, links and comments.
    static func plain(_ text: some StringProtocol) -> String {
        spans(text).map { span in
            switch span {
            case .code(let code): code
            case .text(let text): withoutMarks(text)
            }
        }.joined()
    }

    /// The text without emphasis, link targets and comments; code keeps its ticks.
    static func withoutEmphasis(_ text: some StringProtocol) -> String {
        let text = String(text)
        guard text.holds("**", "__", "~~", "](", "<!--") else { return text }
        return spans(text).map { span in
            switch span {
            case .code(let code): "`\(code)`"
            case .text(let text): withoutMarks(text)
            }
        }.joined()
    }

    private static func withoutMarks(_ text: String) -> String {
        guard text.holds("**", "__", "~~", "](", "<!--") else { return text }
        var text = withoutLinks(withoutComments(text))
        if text.holds("~~") { text = text.replacing("~~", with: "") }
        return withoutUnderscores(withoutStars(text))
    }

    /// Takes `**` away, but not that of a pattern such as `src/**` or `**/*.py`.
    private static func withoutStars(_ text: String) -> String {
        guard text.holds("**") else { return text }
        var result = ""
        var rest = text[...]
        while let mark = rest.firstRange(of: "**") {
            let isPattern = rest[..<mark.lowerBound].last == "/" || rest[mark.upperBound...].first == "/"
            result += rest[..<(isPattern ? mark.upperBound : mark.lowerBound)]
            rest = rest[mark.upperBound...]
        }
        return result + rest
    }

    /// Takes `__` away at the edges of words only: `__init__.py` is a name.
    private static func withoutUnderscores(_ text: String) -> String {
        guard text.hasPrefix("__"), let end = text.dropFirst(2).firstRange(of: "__"),
            end.upperBound == text.endIndex || " :".contains(text[end.upperBound]),
            text[text.index(text.startIndex, offsetBy: 2)..<end.lowerBound].contains(" ")
        else { return text }
        return String(text[text.index(text.startIndex, offsetBy: 2)..<end.lowerBound] + text[end.upperBound...])
    }

    private static func withoutComments(_ text: String) -> String {
        guard text.holds("<!--") else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "<!--"),
            let end = rest[start.upperBound...].firstRange(of: "-->")
        {
            result += rest[..<start.lowerBound]
            rest = rest[end.upperBound...]
        }
        return result + rest
    }

    /// `[label](target)` becomes `label`.
    private static func withoutLinks(_ text: String) -> String {
        guard text.holds("](") else { return text }
        var result = ""
        var rest = text[...]
        while let middle = rest.firstRange(of: "](") {
            // Without a closing bracket in the rest there is no further link either.
            guard let close = rest[middle.upperBound...].firstIndex(of: ")") else { break }
            guard let open = rest[..<middle.lowerBound].lastIndex(of: "[") else {
                result += rest[..<middle.upperBound]
                rest = rest[middle.upperBound...]
                continue
            }
            result += rest[..<open] + rest[rest.index(after: open)..<middle.lowerBound]
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    private static func runOfTicks(_ length: Int, in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while let next = bytes[index...].firstIndex(of: UInt8(ascii: "`")) {
            let run = bytes[next...].prefix { $0 == UInt8(ascii: "`") }.count
            if run == length { return next }
            index = next + run
        }
        return nil
    }
}
