import SwiftSyntax

/// What is known of an expression's value.
struct Value {
    /// How far a value can be trusted, from fully to not at all.
    enum Trust: Int, Comparable {
        /// Written in the source.
        case constant
        /// Of a form that no text can be smuggled in: numbers, identifiers of type UUID, escaped text.
        case harmless
        /// Not seen here, but by its form fixed by the program: a static member of a type, an enumeration case.
        case fixed
        /// Not seen here.
        case unknown
        /// Handed in by a caller.
        case parameter
        /// From a request, the command line, the pasteboard, a text field or the network.
        case external

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    enum Literal: Equatable {
        case text(String)
        case integer(Int)
        case boolean(Bool)
        case null
        /// An array or dictionary literal; the count is that of its elements.
        case collection(count: Int)
    }

    /// A piece of a text that is put together.
    enum Part {
        case literal(String)
        case value(ExprSyntax, trust: Trust, origin: String?)
    }

    var trust: Trust
    /// The literal that the value surely is.
    var literal: Literal?
    /// The pieces that a text consists of, in order; those of all alternatives where there are several.
    var parts: [Part]
    /// In words, where the least trusted part comes from.
    var origin: String?

    static func literal(_ literal: Literal) -> Value {
        if case .text(let text) = literal {
            return Value(trust: .constant, literal: literal, parts: [.literal(text)], origin: nil)
        }
        return Value(trust: .constant, literal: literal, parts: [], origin: nil)
    }

    static func opaque(_ node: ExprSyntax, _ trust: Trust, origin: String? = nil) -> Value {
        Value(trust: trust, literal: nil, parts: [.value(node, trust: trust, origin: origin)], origin: origin)
    }

    var text: String? { if case .text(let text) = literal { text } else { nil } }
    var integer: Int? { if case .integer(let number) = literal { number } else { nil } }
    var boolean: Bool? { if case .boolean(let flag) = literal { flag } else { nil } }

    /// The literal pieces, joined with a placeholder character for what lies between.
    var skeleton: String {
        parts.map { part in if case .literal(let text) = part { text } else { "\u{FFFC}" } }.joined()
    }

    /// Whether text from outside could get in; how surely is in ``confidence``.
    var isOpen: Bool { trust >= .unknown }

    /// How sure it is that whoever is outside can choose (a part of) this value.
    var confidence: SwiftConfidence {
        switch trust {
        case .external: .high
        case .parameter: .medium
        default: .low
        }
    }

    /// This value followed by another, as with `+`.
    func followed(by next: Value) -> Value {
        var literal: Literal?
        if let text, let more = next.text { literal = .text(text + more) }
        if let integer, let more = next.integer { literal = .integer(integer &+ more) }
        return Value(
            trust: max(trust, next.trust), literal: literal, parts: Self.bounded(parts + next.parts),
            origin: next.trust > trust ? next.origin : origin ?? next.origin
        )
    }

    /// Either this value or the other.
    func or(_ other: Value) -> Value {
        var merged = followed(by: other)
        merged.literal = literal == other.literal ? literal : nil
        return merged
    }

    /// The same value with no more doubt than `trust`, as after a conversion.
    func trusted(at most: Trust) -> Value {
        guard trust > most else { return self }
        let parts = parts.map { part -> Part in
            if case .value(let node, let trust, let origin) = part {
                .value(node, trust: min(trust, most), origin: origin)
            } else {
                part
            }
        }
        return Value(trust: most, literal: literal, parts: parts, origin: origin)
    }

    /// Loops that put text together must not grow without end.
    private static func bounded(_ parts: [Part]) -> [Part] { parts.count > 256 ? Array(parts.prefix(256)) : parts }
}
