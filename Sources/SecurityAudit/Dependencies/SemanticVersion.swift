/// A version by Semantic Versioning 2.0, read leniently: a leading `v` and missing numbers are allowed.
///
/// Build metadata counts for nothing, as <https://semver.org> says. Numbers may have any length.
struct SemanticVersion: Comparable, Hashable, Sendable {
    private let numbers: [Number]
    private let prerelease: [Identifier]

    init?(_ text: String) {
        var rest = Substring(text.trimmingPrefix(while: \.isWhitespace))
        if rest.first == "v" || rest.first == "V" { rest = rest.dropFirst() }
        rest = rest.prefix { $0 != "+" }
        let core = rest.prefix { $0 != "-" }
        let parts = core.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count) else { return nil }
        let numbers = parts.compactMap(Number.init)
        guard numbers.count == parts.count else { return nil }
        self.numbers = numbers + [Number](repeating: .zero, count: 3 - numbers.count)
        prerelease = rest.dropFirst(core.count + 1).split(separator: ".").map(Identifier.init)
    }

    static func < (left: Self, right: Self) -> Bool {
        if left.numbers != right.numbers { return left.numbers.lexicographicallyPrecedes(right.numbers) }
        if left.prerelease.isEmpty || right.prerelease.isEmpty {
            return !left.prerelease.isEmpty && right.prerelease.isEmpty
        }
        return left.prerelease.lexicographicallyPrecedes(right.prerelease)
    }

    /// Digits without leading zeros, so that a longer one is larger.
    private struct Number: Comparable, Hashable, Sendable {
        let digits: String

        static let zero = Number(digits: "0")

        private init(digits: String) { self.digits = digits }

        init?(_ text: Substring) {
            guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
            let significant = text.drop { $0 == "0" }
            digits = significant.isEmpty ? "0" : String(significant)
        }

        static func < (left: Self, right: Self) -> Bool {
            (left.digits.count, left.digits) < (right.digits.count, right.digits)
        }
    }

    /// Numbers come before words.
    private enum Identifier: Comparable, Hashable, Sendable {
        case number(Number)
        case word(String)

        init(_ text: Substring) {
            self = Number(text).map(Identifier.number) ?? .word(String(text))
        }
    }
}
