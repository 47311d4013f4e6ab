/// Parses the pattern syntax that ICU (NSRegularExpression) and Swift's Regex share.
///
/// Lenient: what it does not know becomes ``RegexNode/unknown``.
struct RegexParser {
    private let scalars: [Unicode.Scalar]
    private var offset = 0
    private var depth = 0
    private static let maximumDepth = 60

    static func parse(_ pattern: String) -> RegexNode? {
        guard pattern.utf8.count <= 10_000 else { return nil }
        var parser = RegexParser(scalars: Array(pattern.unicodeScalars))
        return parser.alternatives()
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private var next: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

    private func peek(_ distance: Int) -> Unicode.Scalar? {
        offset + distance < scalars.count ? scalars[offset + distance] : nil
    }

    private mutating func alternatives() -> RegexNode? {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.maximumDepth else { return nil }
        var branches: [RegexNode] = []
        while true {
            guard let branch = sequence() else { return nil }
            branches.append(branch)
            guard next == "|" else { break }
            offset += 1
        }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence() -> RegexNode? {
        var items: [RegexNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            guard let item = atom() else { return nil }
            items.append(quantified(item))
        }
        return .sequence(items)
    }

    private mutating func atom() -> RegexNode? {
        guard let scalar = next else { return nil }
        offset += 1
        switch scalar {
        case "(": return group()
        case "[": return .set(characterClass())
        case ".": return .set(.all)
        case "^", "$": return .assertion
        case "\\": return escape()
        default: return .set(RegexCharacterSet(ranges: [scalar...scalar]))
        }
    }

    private mutating func group() -> RegexNode? {
        var isAssertion = false
        var isAtomic = false
        if next == "?" {
            offset += 1
            switch (next, peek(1)) {
            case ("=", _), ("!", _):
                isAssertion = true
                offset += 1
            case ("<", "="), ("<", "!"):
                isAssertion = true
                offset += 2
            case (">", _):
                isAtomic = true
                offset += 1
            case ("<", _), ("P", _), ("'", _):
                let end: Unicode.Scalar = next == "'" ? "'" : ">"
                offset += 1
                while let scalar = next, scalar != end { offset += 1 }
                offset += 1
            default:
                while let scalar = next, scalar != ":", scalar != ")" { offset += 1 }
                if next == ")" {
                    offset += 1
                    return .assertion
                }
                offset += 1
            }
        }
        guard let inner = alternatives() else { return nil }
        if next == ")" { offset += 1 }
        if isAssertion { return .assertion }
        return isAtomic ? .atomic : inner
    }

    private mutating func escape() -> RegexNode {
        guard let scalar = next else { return .unknown }
        offset += 1
        if let set = Self.escapedSet(scalar) { return .set(set) }
        switch scalar {
        case "b", "B", "A", "z", "Z", "G": return .assertion
        case "1"..."9", "k", "R", "X", "N": return .unknown
        case "p", "P":
            if next == "{" {
                while let scalar = next, scalar != "}" {
                    _ = scalar
                    offset += 1
                }
                offset += 1
            }
            return .set(scalar == "p" ? .word : .all)
        case "x", "u":
            while let digit = next, digit == "{" || digit == "}" || digit.properties.isASCIIHexDigit {
                _ = digit
                offset += 1
            }
            return .unknown
        default: return .set(Self.escapedScalar(scalar))
        }
    }

    private static func escapedSet(_ scalar: Unicode.Scalar) -> RegexCharacterSet? {
        switch scalar {
        case "d": .digit
        case "D": RegexCharacterSet.digit.inverted
        case "w": .word
        case "W": RegexCharacterSet.word.inverted
        case "s", "h", "v": .space
        case "S", "H", "V": RegexCharacterSet.space.inverted
        default: nil
        }
    }

    private static func escapedScalar(_ scalar: Unicode.Scalar) -> RegexCharacterSet {
        let meant: Unicode.Scalar =
            switch scalar {
            case "n": "\n"
            case "t": "\t"
            case "r": "\r"
            default: scalar
            }
        return RegexCharacterSet(ranges: [meant...meant])
    }

    private mutating func characterClass() -> RegexCharacterSet {
        var set = RegexCharacterSet()
        var isInverted = false
        if next == "^" {
            isInverted = true
            offset += 1
        }
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            offset += 1
            if scalar == "[" {
                if next == ":" {
                    while let scalar = next, scalar != "]" {
                        _ = scalar
                        offset += 1
                    }
                    offset += 1
                    if next == "]" { offset += 1 }
                    set.formUnion(.word)
                } else if depth < Self.maximumDepth {
                    depth += 1
                    set.formUnion(characterClass())
                    depth -= 1
                }
                continue
            }
            var start = scalar
            if scalar == "\\", let escaped = next {
                offset += 1
                if let known = Self.escapedSet(escaped) {
                    set.formUnion(known)
                    continue
                }
                if escaped == "p" || escaped == "P" {
                    while let scalar = next, scalar != "}" {
                        _ = scalar
                        offset += 1
                    }
                    offset += 1
                    set.formUnion(.word)
                    continue
                }
                start = escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped == "r" ? "\r" : escaped
            }
            if next == "-", let end = peek(1), end != "]", end.value >= start.value {
                offset += 2
                set.insert(start...end)
            } else {
                set.insert(start...start)
            }
        }
        offset += 1
        return isInverted ? set.inverted : set
    }

    private mutating func quantified(_ item: RegexNode) -> RegexNode {
        var item = item
        while let scalar = next {
            var minimum = 0
            var maximum: Int?
            switch scalar {
            case "*": offset += 1
            case "+":
                minimum = 1
                offset += 1
            case "?":
                maximum = 1
                offset += 1
            case "{":
                guard let bounds = bounds() else { return item }
                (minimum, maximum) = bounds
            default: return item
            }
            if next == "+" {
                offset += 1
                item = .atomic
            } else {
                if next == "?" { offset += 1 }
                item = .repeat(item, minimum: minimum, maximum: maximum)
            }
        }
        return item
    }

    /// `{n}`, `{n,}`, `{n,m}`; more than 20 times counts as without end, since the cost does.
    private mutating func bounds() -> (Int, Int?)? {
        var end = offset + 1
        while end < scalars.count, scalars[end] != "}" { end += 1 }
        guard end < scalars.count else { return nil }
        let text = String(String.UnicodeScalarView(scalars[(offset + 1)..<end]))
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard let minimum = Int(parts[0].isEmpty ? "0" : parts[0]), minimum >= 0, parts.count <= 2 else { return nil }
        guard parts.count == 2 else {
            offset = end + 1
            return (minimum, minimum)
        }
        guard parts[1].isEmpty || (Int(parts[1]) ?? -1) >= minimum else { return nil }
        offset = end + 1
        return (minimum, Int(parts[1]).flatMap { $0 > 20 && $0 > minimum ? nil : $0 })
    }
}
