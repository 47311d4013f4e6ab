/// Finds secrets in bytes by their form, in one pass.
enum SecretSearch {
    /// A secret's place and kind.
    ///
    /// The range covers the secret and nothing else.
    struct Match {
        let rule: SecretRule
        let range: Range<Int>
    }

    /// The secrets in the order of their place, none overlapping.
    ///
    /// - Parameters:
    ///   - unquoted: Whether a value without quotes counts as assigned, as in `.env`, YAML and INI files.
    ///   - cautious: Whether every value with quotes counts that a telling name is given, however little it looks like
    ///     a secret: to be hidden, not to be reported.
    static func matches(in bytes: [UInt8], unquoted: Bool, cautious: Bool = false) -> [Match] {
        var matches: [Match] = []
        var position = 0
        while position < bytes.count {
            let kinds = interest[Int(bytes[position])]
            if kinds != 0,
                let match = match(at: position, in: bytes, kinds: kinds, unquoted: unquoted, cautious: cautious)
            {
                matches.append(match)
                position = max(position + 1, match.range.upperBound)
            } else {
                position += 1
            }
        }
        return matches
    }

    private static let token: UInt8 = 1
    private static let assignment: UInt8 = 2
    private static let dash: UInt8 = 4
    private static let slash: UInt8 = 8

    private static let prefixRules: [(prefix: [UInt8], rule: SecretRule)] =
        (SecretRule.tokens + [SecretRule.webToken]).flatMap { rule in rule.prefixes.map { (Array($0.utf8), rule) } }

    /// What may begin at a byte, so that most bytes cost one look-up.
    private static let interest: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 256)
        for (prefix, _) in prefixRules { table[Int(prefix[0])] |= token }
        table[Int(UInt8(ascii: "="))] |= assignment
        table[Int(UInt8(ascii: ":"))] |= assignment | slash
        table[Int(UInt8(ascii: "-"))] |= dash
        return table
    }()

    private static func match(
        at position: Int, in bytes: [UInt8], kinds: UInt8, unquoted: Bool, cautious: Bool
    ) -> Match? {
        if kinds & token != 0, let match = tokenMatch(at: position, in: bytes) { return match }
        if kinds & dash != 0, let match = privateKey(at: position, in: bytes) { return match }
        if kinds & slash != 0, let match = urlPassword(at: position, in: bytes) { return match }
        if kinds & assignment != 0,
            let range = AssignedSecret.range(at: position, in: bytes, unquoted: unquoted, cautious: cautious)
        {
            // The value may be a token of a known kind, which says more.
            let known = tokenMatch(at: range.lowerBound, in: bytes)
            return known ?? Match(rule: .assigned, range: range)
        }
        return nil
    }

    private static func tokenMatch(at start: Int, in bytes: [UInt8]) -> Match? {
        if start > 0, SecretRule.Alphabet.word.contains(bytes[start - 1]) { return nil }
        for (prefix, rule) in prefixRules where bytes[start] == prefix[0] && starts(prefix, at: start, in: bytes) {
            var end = start + prefix.count
            let limit = min(bytes.count, end + rule.length.upperBound + 1)
            while end < limit, rule.alphabet.contains(bytes[end]) { end += 1 }
            let body = start + prefix.count..<end
            guard rule.length.contains(body.count), !Placeholder.isOne(bytes[body]) else { continue }
            if rule.id == SecretRule.webToken.id, bytes[body].count(where: { $0 == UInt8(ascii: ".") }) != 2 {
                continue
            }
            return Match(rule: rule, range: start..<end)
        }
        return nil
    }

    private static let pemStart = Array("-----BEGIN ".utf8)
    private static let pemMiddle = Array("PRIVATE KEY".utf8)

    /// `-----BEGIN … PRIVATE KEY-----` with base 64 after it; the secret is what follows the header.
    private static func privateKey(at start: Int, in bytes: [UInt8]) -> Match? {
        guard starts(pemStart, at: start, in: bytes) else { return nil }
        let header = bytes[start..<min(bytes.count, start + 60)]
        guard let kind = header.firstRange(of: pemMiddle),
            let dashes = bytes[kind.upperBound..<min(bytes.count, kind.upperBound + 20)]
                .firstRange(of: Array("-----".utf8))
        else { return nil }
        var end = dashes.upperBound
        var letters = 0
        // Lines of base 64 and nothing else; in a string literal their ends are written as \n.
        while end < bytes.count, SecretRule.Alphabet.keyBody.contains(bytes[end]) {
            if SecretRule.Alphabet.base64.contains(bytes[end]) { letters += 1 }
            end += 1
        }
        guard letters >= 40 else { return nil }
        return Match(rule: .privateKey, range: dashes.upperBound..<end)
    }

    /// `scheme://user:password@host`; the secret is the password.
    private static func urlPassword(at colon: Int, in bytes: [UInt8]) -> Match? {
        guard starts(Array("://".utf8), at: colon, in: bytes), colon > 0,
            SecretRule.Alphabet.alphanumeric.contains(bytes[colon - 1])
        else { return nil }
        let stops = Array(" \t\r\n\"'`<>/?#()[]{}$\\,;".utf8)
        let authority = colon + 3
        var end = authority
        while end < min(bytes.count, authority + 256), !stops.contains(bytes[end]) { end += 1 }
        let text = bytes[authority..<end]
        guard let at = text.lastIndex(of: UInt8(ascii: "@")),
            let separator = text[..<at].firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        let password = text[(separator + 1)..<at]
        guard password.count >= 4, !Placeholder.isOne(password) else { return nil }
        return Match(rule: .urlPassword, range: separator + 1..<at)
    }

    private static func starts(_ prefix: [UInt8], at start: Int, in bytes: [UInt8]) -> Bool {
        start + prefix.count <= bytes.count && bytes[start..<start + prefix.count].elementsEqual(prefix)
    }
}
