import Foundation

/// Reads suppressions out of comments: `pitwall:ignore RULE[,RULE] [until 2027-01-31]: reason`.
///
/// The comment covers its own line, or, alone on its line, the next line with code. It is read in `//`, `#`, `--`, `;`,
/// `/*` and `<!--` comments, so in any language that an audit looks at.
enum SuppressionComments {
    private static let marker = Array("pitwall:ignore".utf8)
    private static let openers = ["//", "#", "--", ";", "/*", "<!--"]

    /// The suppressions of a file, and those that cannot be understood.
    static func read(_ source: SourceText, file: String) -> (suppressions: [Suppression], notes: [SuppressionNote]) {
        var suppressions: [Suppression] = []
        var notes: [SuppressionNote] = []
        guard source.bytes.firstRange(of: marker) != nil else { return ([], []) }
        for number in 1...source.lineCount {
            let line = source.line(number)
            guard let mark = line.range(of: "pitwall:ignore"), isComment(line[..<mark.lowerBound]) else { continue }
            let place = "\(file):\(number)"
            switch parse(line[mark.upperBound...]) {
            case .failure(let mistake):
                notes.append(SuppressionNote(place: place, rule: nil, kind: .malformed, text: mistake.text))
            case .success(let parsed):
                let covered = coveredLines(of: number, before: line[..<mark.lowerBound], in: source)
                suppressions += parsed.rules.map { rule in
                    var suppression = Suppression(
                        place: place, rule: rule, reason: parsed.reason, expires: parsed.expires)
                    suppression.lines = covered
                    return suppression
                }
            }
        }
        return (suppressions, notes)
    }

    private static func isComment(_ text: Substring) -> Bool {
        let before = text.trimmingCharacters(in: .whitespaces)
        return openers.contains { before.hasSuffix($0) }
    }

    private static func coveredLines(of number: Int, before: Substring, in source: SourceText) -> ClosedRange<Int> {
        let alone = !before.contains { $0.isLetter || $0.isNumber || "(){}[]\"'".contains($0) }
        guard alone else { return number...number }
        var next = number + 1
        while next < source.lineCount {
            let text = source.line(next).trimmingCharacters(in: .whitespaces)
            if !text.isEmpty, !openers.contains(where: text.hasPrefix) { break }
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
        guard let colon = text.firstIndex(of: ":") else {
            return .failure(Mistake(text: "no reason; write pitwall:ignore RULE until 2027-01-31: reason"))
        }
        var reason = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        for closer in ["*/", "-->"] where reason.hasSuffix(closer) {
            reason = reason.dropLast(closer.count).trimmingCharacters(in: .whitespaces)
        }
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
