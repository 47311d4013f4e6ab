/// The words and placeholders of a statement. Constants and comments are passed over.
///
/// See "Lexical Structure" in the
/// [PostgreSQL manual](https://www.postgresql.org/docs/current/sql-syntax-lexical.html).
struct SQLTokens: IteratorProtocol {
    enum Token {
        /// A keyword or a name in lower case, a quoted one without its quotes.
        case word(String)
        /// The digits of `$1`.
        case placeholder(Substring)
    }

    private var rest: Substring.UTF8View
    /// The last byte passed over that is no space, of what stands between two words.
    private var previous: UInt8 = 0
    /// Whether a dot stands before the word returned last: what is before that says where to find it.
    private(set) var isQualified = false
    /// How many semicolons have been passed.
    private(set) var semicolons = 0

    init(_ sql: String) { rest = sql[...].utf8 }

    mutating func next() -> Token? {
        let token = read()
        if case .word = token {
            isQualified = previous == UInt8(ascii: ".")
            previous = 0
        }
        return token
    }

    /// Whether a parenthesis follows the word returned last, as it does where a function is called.
    var isFollowedByParenthesis: Bool {
        var look = self
        while let byte = look.rest.first {
            switch byte {
            case UInt8(ascii: " "), 9...13: look.rest.removeFirst()
            case UInt8(ascii: "-") where look.rest.dropFirst().first == byte: look.skipLine()
            case UInt8(ascii: "/") where look.rest.dropFirst().first == UInt8(ascii: "*"): look.skipComment()
            default: return byte == UInt8(ascii: "(")
            }
        }
        return false
    }

    private mutating func read() -> Token? {
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: "'"): skipString(escapes: false)
            case UInt8(ascii: "\""): return .word(quotedName())
            case UInt8(ascii: "$"):
                let digits = rest.dropFirst().prefix(while: Self.isDigit)
                guard digits.isEmpty else {
                    rest = rest[digits.endIndex...]
                    return .placeholder(Substring(digits))
                }
                skipDollarQuote()
            case UInt8(ascii: "-") where rest.dropFirst().first == byte: skipLine()
            case UInt8(ascii: "/") where rest.dropFirst().first == UInt8(ascii: "*"): skipComment()
            case _ where Self.isLetter(byte):
                let word = rest.prefix { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "$") }
                rest = rest[word.endIndex...]
                // E'…' knows backslashes; B, X, N and U& are as plain strings are.
                if word.elementsEqual("e".utf8) || word.elementsEqual("E".utf8), rest.first == UInt8(ascii: "'") {
                    skipString(escapes: true)
                    continue
                }
                return .word(Self.lowercased(word))
            case UInt8(ascii: " "), 9...13: rest.removeFirst()
            default:
                previous = byte
                if byte == UInt8(ascii: ";") { semicolons += 1 }
                rest.removeFirst()
            }
        }
        return nil
    }

    private mutating func skipLine() {
        rest = rest[(rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex)...]
    }

    private mutating func skipString(escapes: Bool) {
        rest.removeFirst()
        while let byte = rest.popFirst() {
            if escapes, byte == UInt8(ascii: "\\") {
                _ = rest.popFirst()
            } else if byte == UInt8(ascii: "'") {
                // A doubled quote is one of the string's own.
                guard rest.first == byte else { return }
                rest.removeFirst()
            }
        }
    }

    private mutating func quotedName() -> String {
        rest.removeFirst()
        let name = rest.prefix { $0 != UInt8(ascii: "\"") }
        rest = rest[name.endIndex...].dropFirst()
        return Self.lowercased(name)
    }

    /// `$$` and `$tag$` begin a constant that ends with the same.
    private mutating func skipDollarQuote() {
        let tag = rest.dropFirst().prefix { Self.isLetter($0) || Self.isDigit($0) }
        guard rest[tag.endIndex...].first == UInt8(ascii: "$") else {
            rest.removeFirst()
            return
        }
        let mark = Array(rest[rest.startIndex...tag.endIndex])
        rest = rest[tag.endIndex...].dropFirst()
        while !rest.isEmpty {
            guard rest.starts(with: mark) else {
                rest.removeFirst()
                continue
            }
            rest = rest.dropFirst(mark.count)
            return
        }
    }

    /// Comments may hold comments.
    private mutating func skipComment() {
        var depth = 0
        repeat {
            if rest.starts(with: "/*".utf8) {
                depth += 1
                rest = rest.dropFirst(2)
            } else if rest.starts(with: "*/".utf8) {
                depth -= 1
                rest = rest.dropFirst(2)
            } else {
                _ = rest.popFirst()
            }
        } while depth > 0 && !rest.isEmpty
    }

    private static func lowercased(_ word: some Sequence<UInt8>) -> String {
        String(decoding: word.map { (65...90).contains($0) ? $0 | 32 : $0 }, as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_") || byte >= 128
    }
}
