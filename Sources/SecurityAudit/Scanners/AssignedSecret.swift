import Foundation

/// Finds `password = "…"` and its like: a telling name, an assignment, a value that looks random.
enum AssignedSecret {
    private static let names = [
        "password", "passwd", "passphrase", "secret", "secretkey", "token", "apikey", "accesskey", "authkey",
        "privatekey", "clientsecret", "credential", "credentials", "signingkey", "encryptionkey",
    ].map { Array($0.utf8) }

    private static let quotes = Array("\"'`".utf8)

    /// The value's place when the `=` or `:` at a position assigns a secret.
    static func range(at position: Int, in bytes: [UInt8], unquoted: Bool, cautious: Bool = false) -> Range<Int>? {
        guard namesSecret(endingAt: position, in: bytes) else { return nil }
        var start = position + 1
        while start < bytes.count, " =>:\t".utf8.contains(bytes[start]) { start += 1 }
        guard start < bytes.count else { return nil }
        let quoted = quotes.contains(bytes[start])
        guard quoted || unquoted else { return nil }
        let value = quoted ? quotedValue(from: start, in: bytes) : plainValue(from: start, in: bytes)
        guard let value else { return nil }
        if quoted, cautious { return isReadable(bytes[value]) ? nil : value }
        return looksSecret(bytes[value], quoted: quoted) ? value : nil
    }

    /// Whether the identifier before a position, without `_`, `-`, case and a number at its end, ends in one of the names.
    private static func namesSecret(endingAt position: Int, in bytes: [UInt8]) -> Bool {
        var end = position
        while end > 0, " \t\"'`?".utf8.contains(bytes[end - 1]) { end -= 1 }
        // `password2` is one too.
        while end > 0, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[end - 1]) { end -= 1 }
        var name: [UInt8] = []
        while end > 0, name.count < 40, SecretRule.Alphabet.url.contains(bytes[end - 1]) {
            end -= 1
            if bytes[end] != UInt8(ascii: "_"), bytes[end] != UInt8(ascii: "-") { name.append(bytes[end] | 0x20) }
        }
        return names.contains { name.starts(with: $0.reversed()) }
    }

    private static func quotedValue(from open: Int, in bytes: [UInt8]) -> Range<Int>? {
        let limit = min(bytes.count, open + 514)
        var end = open + 1
        while end < limit, bytes[end] != bytes[open], bytes[end] != UInt8(ascii: "\n") { end += 1 }
        guard end < limit, bytes[end] == bytes[open] else { return nil }
        return open + 1..<end
    }

    private static func plainValue(from start: Int, in bytes: [UInt8]) -> Range<Int>? {
        let stops = Array(" \t\r\n,;#\"'`".utf8)
        var end = start
        while end < min(bytes.count, start + 514), !stops.contains(bytes[end]) { end += 1 }
        return start..<end
    }

    /// What is surely no secret: a sentence, a placeholder, or something that is put in.
    private static func isReadable(_ value: ArraySlice<UInt8>) -> Bool {
        value.contains { $0 <= 0x20 || $0 >= 0x7F } || Placeholder.isOne(value)
    }

    /// At least eight characters without space, of mixed kinds, and no placeholder or reference to elsewhere.
    private static func looksSecret(_ value: ArraySlice<UInt8>, quoted: Bool) -> Bool {
        guard (8...512).contains(value.count), value.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
        let text = String(decoding: value, as: UTF8.self)
        guard !["${", "{{", "$(", "%(", "#{", "\\(", "://", "<", "@@"].contains(where: text.contains) else {
            return false
        }
        if !quoted, text.contains(where: { "()[]{}$&*".contains($0) }) || text.contains(".") { return false }
        let hasDigit = text.contains(where: \.isNumber)
        let hasLetter = text.contains(where: \.isLetter)
        return hasDigit && hasLetter && entropy(value) >= 2.8 && !Placeholder.isOne(value)
    }

    /// Shannon's entropy of the value's characters, in bits each.
    private static func entropy(_ value: ArraySlice<UInt8>) -> Double {
        var counts: [UInt8: Int] = [:]
        for byte in value { counts[byte, default: 0] += 1 }
        let total = Double(value.count)
        return counts.values.reduce(0) { sum, count in
            let share = Double(count) / total
            return sum - share * log2(share)
        }
    }
}

/// Values that stand where a secret will stand, such as `changeme` and `xxxxxxxx`.
enum Placeholder {
    private static let words = [
        "example", "changeme", "change_me", "change-me", "placeholder", "your", "dummy", "sample", "redacted", "xxxx",
        "****", "todo", "...",
    ]
    /// What documentation writes for a secret.
    private static let names: Set<String> = ["password", "passwd", "pass", "secret", "token", "credential"]

    static func isOne(_ value: ArraySlice<UInt8>) -> Bool {
        guard let first = value.first else { return true }
        if value.allSatisfy({ $0 == first }) { return true }
        // Long values are random; a word of four letters may well be in them.
        guard value.count <= 64 else { return false }
        let text = String(decoding: value, as: UTF8.self).lowercased()
        return names.contains(text) || words.contains(where: text.contains)
    }
}
