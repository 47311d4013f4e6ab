import Foundation

/// Takes secrets out of texts: of each only the first four characters and the length stay.
enum Redaction {
    /// `AKIA…(20 characters)`.
    ///
    /// Of a secret shorter than eight characters half is shown, never more than four.
    static func hidden(_ secret: some StringProtocol) -> String {
        "\(secret.prefix(min(4, secret.count / 2)))…(\(secret.count) characters)"
    }

    /// The text with everything hidden that looks like a secret by itself (see ``SecretRule``), is given to a telling
    /// name, or stands for the user in an address on the web, where it may be a token.
    static func text(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var next = 0
        for match in SecretSearch.matches(in: bytes, unquoted: true, cautious: true)
        where match.range.lowerBound >= next {
            result += bytes[next..<match.range.lowerBound]
            result += Array(hidden(String(decoding: bytes[match.range], as: UTF8.self)).utf8)
            next = match.range.upperBound
        }
        result += bytes[next...]
        return withoutUsers(String(decoding: result, as: UTF8.self))
    }

    /// A path with everything hidden that looks like a secret by itself: names and values are not told apart in it.
    static func path(_ path: String) -> String {
        let bytes = Array(path.utf8)
        var result: [UInt8] = []
        var next = 0
        for range in secrets(inPath: bytes).map(\.range) {
            result += bytes[next..<range.lowerBound] + Array(hidden(String(decoding: bytes[range], as: UTF8.self)).utf8)
            next = range.upperBound
        }
        return next == 0 ? path : String(decoding: result + bytes[next...], as: UTF8.self)
    }

    /// The secrets in the names of a path.
    static func secrets(inPath bytes: [UInt8]) -> [SecretSearch.Match] {
        SecretSearch.matches(in: bytes, unquoted: false).filter { $0.rule.id != SecretRule.assigned.id }
    }

    /// `https://token@host` without the token; shorter ones are names.
    private static func withoutUsers(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let start = rest.firstRange(of: "://") {
            let authority = rest[start.upperBound...].prefix { !$0.isWhitespace && !"/?#\"'`<>".contains($0) }
            result += rest[..<start.upperBound]
            rest = rest[start.upperBound...]
            guard let at = authority.lastIndex(of: "@"), result.hasSuffix("http://") || result.hasSuffix("https://")
            else { continue }
            let user = authority[..<at].prefix { $0 != ":" }
            result += user.count < 8 || user.contains("…") ? String(user) : hidden(user)
            rest = rest[user.endIndex...]
        }
        return result + rest
    }

    /// The text with the inside of each quoted string hidden, for findings that are about a credential.
    static func literals(in text: String) -> String { replacingLiterals(in: text) { hidden($0) } }

    /// The text with those of its quoted strings hidden that are known to be secrets.
    static func literals(_ secrets: Set<String>, in text: String) -> String {
        secrets.isEmpty ? text : replacingLiterals(in: text) { secrets.contains(String($0)) ? hidden($0) : String($0) }
    }

    /// What stands between quotes.
    static func quoted(in text: String) -> Set<String> {
        var found: Set<String> = []
        _ = replacingLiterals(in: text) { literal in
            found.insert(String(literal))
            return String(literal)
        }
        return found
    }

    /// What is hidden already stays as it is.
    private static func replacingLiterals(in text: String, _ replacement: (Substring) -> String) -> String {
        var result = ""
        var rest = Substring(text)
        while let open = rest.firstIndex(where: { "\"'`".contains($0) }) {
            let inside = rest[rest.index(after: open)...]
            result += rest[...open]
            let end = closing(rest[open], in: inside) ?? inside.endIndex
            let literal = inside[..<end]
            let isHidden = literal.hasSuffix(" characters)") && literal.contains("…")
            if !literal.isEmpty { result += isHidden ? String(literal) : replacement(literal) }
            guard end < inside.endIndex else { return result }
            result.append(inside[end])
            rest = inside[inside.index(after: end)...]
        }
        return result + rest
    }

    private static func closing(_ quote: Character, in text: Substring) -> Substring.Index? {
        var escaped = false
        for index in text.indices {
            if escaped {
                escaped = false
            } else if text[index] == "\\" {
                escaped = true
            } else if text[index] == quote {
                return index
            }
        }
        return nil
    }
}

/// What findings about credentials tell of a file: where they are and what they are.
struct KnownSecrets {
    private var lines: Set<Int> = []
    private var texts: Set<String> = []
    /// Those that are long enough to be looked for in other texts, by their first characters, so that a file with
    /// thousands of them costs no more for each finding than one with a few.
    private(set) var byBeginning: [String: [String]] = [:]
    /// The same of other files, in which a secret stands as well as in the one that names it.
    var elsewhere: [String: [String]] = [:]

    /// How many lines of one finding are looked at.
    private static let maximumLines = 100
    /// A shorter text is found in too many words.
    private static let leastLength = 6

    mutating func add(_ finding: Finding, in source: SourceText) {
        guard finding.isAboutCredential, let region = finding.region else { return }
        let last = min(region.endLine, region.startLine + Self.maximumLines)
        lines.formUnion(region.startLine...last)
        for text in Redaction.quoted(in: source.code(of: region)) { add(text) }
    }

    /// Adds what another file's findings tell, but for words, which are only quoted beside a secret.
    mutating func addTexts(of other: KnownSecrets) {
        for text in other.texts where text.count >= 8 && text.contains(where: \.isNumber) { add(text) }
    }

    private mutating func add(_ text: String) {
        guard texts.insert(text).inserted else { return }
        // Without what the last bytes are filled up with.
        let encoded = Data(text.utf8).base64EncodedString().prefix { $0 != "=" }
        for form in [text, String(encoded.prefix(text.utf8.count * 8 / 6))] where text.count >= Self.leastLength {
            byBeginning[String(form.prefix(Self.leastLength)), default: []].append(form)
        }
    }

    /// Whether a finding shares a line with a credential.
    func touches(_ finding: Finding) -> Bool {
        guard let region = finding.region else { return false }
        let last = min(region.endLine, region.startLine + Self.maximumLines)
        return (region.startLine...max(region.startLine, last)).contains(where: lines.contains)
    }

    /// A text without those that are known, as whole literals and, where they are long enough, wherever they stand.
    func hidden(in text: String) -> String {
        let text = Redaction.literals(texts, in: text)
        guard !byBeginning.isEmpty || !elsewhere.isEmpty else { return text }
        var rest = Substring(text)
        var result = ""
        while !rest.isEmpty {
            let beginning = String(rest.prefix(Self.leastLength))
            let known = (byBeginning[beginning] ?? []) + (elsewhere[beginning] ?? [])
            if let secret = known.filter(rest.hasPrefix).max(by: { $0.count < $1.count }) {
                result += Redaction.hidden(secret)
                rest = rest.dropFirst(secret.count)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result
    }
}

extension Finding {
    private static let credentialWeaknesses: Set<Int> = [259, 321, 522, 540, 798]

    /// Whether it is about a credential in the source.
    var isAboutCredential: Bool { !Self.credentialWeaknesses.isDisjoint(with: cwe) }

    /// Hides what must not be printed in every text that came from a tool or a source.
    mutating func redact(_ known: KnownSecrets) {
        if known.touches(self) { snippet = Redaction.literals(in: snippet) }
        snippet = Redaction.text(known.hidden(in: snippet))
        title = known.hidden(in: title)
        mend = mend.map { Redaction.text(known.hidden(in: $0)) }
        // The Swift scanner redacts by syntax, which knows better than quotes where a literal ends.
        guard tool != "swift" else { return }
        if isAboutCredential {
            title = Redaction.literals(in: title)
            code = Redaction.literals(in: code)
        }
        title = Redaction.text(title)
        code = Redaction.text(known.hidden(in: code))
    }
}
