import Foundation

/// Reads suppressions out of comments: `pitwall:ignore RULE[,RULE] [until 2027-01-31]: reason`.
///
/// The comment covers its own line, or, alone on its line, the next line with code. It is read in `//`, `#`, `--`, `;`,
/// `/*` and `<!--` comments, so in any language that an audit looks at; a line may have several, and a `/*` comment
/// over several lines may have one on each.
enum SuppressionComments {
    private static let marker = "pitwall:ignore"
    private static let markerBytes = Array(marker.utf8)
    private static let openers = ["//", "#", "--", ";", "/*", "<!--"]
    private static let closers = ["*/", "-->"]

    /// The suppressions of a file, and those that cannot be understood.
    static func read(_ source: SourceText, file: String) -> (suppressions: [Suppression], notes: [SuppressionNote]) {
        var suppressions: [Suppression] = []
        var notes: [SuppressionNote] = []
        guard source.bytes.firstRange(of: markerBytes) != nil else { return ([], []) }
        var isInBlock = false
        for number in 1...source.lineCount {
            let line = source.line(number)
            let place = "\(file):\(number)"
            for mark in marks(in: line, isInBlock: isInBlock) {
                switch parse(mark.text) {
                case .failure(let mistake):
                    notes.append(SuppressionNote(place: place, rule: nil, kind: .malformed, text: mistake.text))
                case .success(let parsed):
                    let covered = coveredLines(of: number, before: mark.before, isInBlock: isInBlock, in: source)
                    suppressions += parsed.rules.map { rule in
                        var suppression = Suppression(
                            place: place, rule: rule, reason: parsed.reason, expires: parsed.expires)
                        suppression.lines = covered
                        return suppression
                    }
                }
            }
            isInBlock = endsInBlock(line, isInBlock: isInBlock)
        }
        return (suppressions, notes)
    }

    private struct Mark {
        /// The line before the first mark on it.
        let before: Substring
        /// What follows the mark, up to the next one.
        let text: Substring
    }

    private static func marks(in line: String, isInBlock: Bool) -> [Mark] {
        let ranges = line.ranges(of: marker).filter { isComment(line[..<$0.lowerBound], isInBlock: isInBlock) }
        return ranges.indices.map { index in
            let start = ranges[index].upperBound
            var text = line[start..<(index + 1 < ranges.count ? ranges[index + 1].lowerBound : line.endIndex)]
            if index + 1 < ranges.count {
                text = text.trimmingSuffix(while: { $0.isWhitespace || "/#-;*<!".contains($0) })
            }
            return Mark(before: line[..<ranges[0].lowerBound], text: text)
        }
    }

    private static func isComment(_ text: Substring, isInBlock: Bool) -> Bool {
        let before = text.trimmingCharacters(in: .whitespaces)
        return openers.contains { before.hasSuffix($0) } || isInBlock && (before.isEmpty || before == "*")
    }

    /// Whether a `/*` comment is open after a line. Texts in quotes are not told from code: a mistake there makes
    /// a line that says `pitwall:ignore` and nothing before it a suppression, which its owner is told when it is unused.
    private static func endsInBlock(_ line: String, isInBlock: Bool) -> Bool {
        guard let open = line.ranges(of: "/*").last else { return isInBlock && !line.contains("*/") }
        return line[open.upperBound...].firstRange(of: "*/") == nil
    }

    private static func coveredLines(
        of number: Int, before: Substring, isInBlock: Bool, in source: SourceText
    ) -> ClosedRange<Int> {
        let alone = !before.contains { $0.isLetter || $0.isNumber || "(){}[]\"'".contains($0) }
        guard alone else { return number...number }
        var next = number + 1
        var isInside = endsInBlock(source.line(number), isInBlock: isInBlock)
        while next < source.lineCount {
            let line = source.line(next)
            let text = line.trimmingCharacters(in: .whitespaces)
            let isComment = isInside || openers.contains(where: text.hasPrefix)
            // What follows the end of a comment on its line is code.
            let isLast = isInside && closers.contains { text.contains($0) && !text.hasSuffix($0) }
            if !text.isEmpty, !isComment || isLast { break }
            isInside = endsInBlock(line, isInBlock: isInside)
            next += 1
        }
        return number...next
    }

    private struct Parsed {
        let rules: [String]
        let expires: CalendarDate?
        let reason: String
    }

    private struct Mistake: Error {
        let text: String
    }

    private static func parse(_ text: Substring) -> Result<Parsed, Mistake> {
        guard text.first.map({ $0.isWhitespace || $0 == ":" }) ?? true else {
            let word = marker + text.prefix { !$0.isWhitespace && $0 != ":" }
            return .failure(Mistake(text: "there is no \(word); write pitwall:ignore, a space and the rule"))
        }
        guard let colon = text.firstIndex(of: ":") else {
            return .failure(Mistake(text: "no reason; write pitwall:ignore RULE until 2027-01-31: reason"))
        }
        var rest = text[text.index(after: colon)...]
        for closer in closers { rest = rest.firstRange(of: closer).map { rest[..<$0.lowerBound] } ?? rest }
        let reason = rest.trimmingCharacters(in: .whitespaces)
        guard !reason.isEmpty else { return .failure(Mistake(text: "no reason after the colon")) }
        let words = text[..<colon].split { $0.isWhitespace || $0 == "," }.map(String.init)
        let rules = Array(words.prefix { $0 != "until" })
        guard !rules.isEmpty else { return .failure(Mistake(text: "no rule; name one, or * for every rule")) }
        var expires: CalendarDate?
        if rules.count < words.count {
            guard words.count == rules.count + 2, let date = CalendarDate(words[rules.count + 1]) else {
                return .failure(Mistake(text: "after until stands a day such as 2027-01-31"))
            }
            expires = date
        }
        return .success(Parsed(rules: rules, expires: expires, reason: reason))
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while isCut: (Character) -> Bool) -> Substring {
        var text = self
        while let last = text.last, isCut(last) { text.removeLast() }
        return text
    }
}
