/// Takes secrets out of texts: of each only the first four characters and the length stay.
enum Redaction {
    /// `AKIA…(20 characters)`.
    ///
    /// Of a secret shorter than eight characters half is shown, never more than four.
    static func hidden(_ secret: some StringProtocol) -> String {
        "\(secret.prefix(min(4, secret.count / 2)))…(\(secret.count) characters)"
    }

    /// The text with everything that looks like a secret by itself hidden (see ``SecretRule``).
    static func text(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var next = 0
        for match in SecretSearch.matches(in: bytes, unquoted: true) where match.range.lowerBound >= next {
            result += bytes[next..<match.range.lowerBound]
            result += Array(hidden(String(decoding: bytes[match.range], as: UTF8.self)).utf8)
            next = match.range.upperBound
        }
        result += bytes[next...]
        return String(decoding: result, as: UTF8.self)
    }

    /// The text with the inside of each quoted string hidden, for findings that are about a credential.
    static func literals(in text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let open = rest.firstIndex(where: { "\"'`".contains($0) }) {
            let inside = rest[rest.index(after: open)...]
            result += rest[...open]
            let end = closing(rest[open], in: inside) ?? inside.endIndex
            if !inside[..<end].isEmpty { result += hidden(inside[..<end]) }
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

extension Finding {
    private static let credentialWeaknesses: Set<Int> = [259, 321, 522, 540, 798]

    /// Hides what must not be printed in every text that came from a tool or a source.
    mutating func redact() {
        let literals = !Self.credentialWeaknesses.isDisjoint(with: cwe)
        let hide = { (text: String) in
            Redaction.text(literals && !text.contains("… (") ? Redaction.literals(in: text) : text)
        }
        // The Swift scanner redacts by syntax, which knows better than quotes where a literal ends.
        guard tool != "swift" else { return }
        title = hide(title)
        snippet = hide(snippet)
        code = hide(code)
        mend = mend.map(Redaction.text)
    }
}
