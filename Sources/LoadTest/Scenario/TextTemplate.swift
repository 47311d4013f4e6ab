/// Text with named gaps: `{{name}}` is filled with a value made safe for its place, `{{{name}}}` with the value as it is.
public struct TextTemplate: Sendable, Hashable {
    enum Piece: Sendable, Hashable {
        case literal(String)
        case value(name: String, isRaw: Bool)
    }

    let pieces: [Piece]

    /// Reads a template. Braces that enclose no name are ordinary text.
    public init(_ text: String) {
        var pieces: [Piece] = []
        var literal = ""
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{") {
            let isRaw = rest[open.upperBound...].hasPrefix("{")
            let nameStart = isRaw ? rest.index(after: open.upperBound) : open.upperBound
            let closing = isRaw ? "}}}" : "}}"
            guard let close = rest[nameStart...].firstRange(of: closing) else { break }
            let name = rest[nameStart..<close.lowerBound].trimming { $0 == " " }
            if name.isEmpty || !name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }) {
                literal += rest[..<open.upperBound]
                rest = rest[open.upperBound...]
                continue
            }
            literal += rest[..<open.lowerBound]
            if !literal.isEmpty { pieces.append(.literal(literal)) }
            literal = ""
            pieces.append(.value(name: String(name), isRaw: isRaw))
            rest = rest[close.upperBound...]
        }
        literal += rest
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        self.pieces = pieces
    }

    /// The names of the gaps, in order.
    public var names: [String] {
        pieces.compactMap { if case .value(let name, _) = $0 { name } else { nil } }
    }

    /// The text as it was written, when it has no gaps.
    var fixed: String? {
        if pieces.isEmpty { return "" }
        guard pieces.count == 1, case .literal(let text) = pieces[0] else { return nil }
        return text
    }
}

extension Substring {
    fileprivate func firstRange(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }

    fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> Substring {
        var text = self
        while let first = text.first, isTrimmed(first) { text.removeFirst() }
        while let last = text.last, isTrimmed(last) { text.removeLast() }
        return text
    }
}
