/// A shell pattern over the parts of a path, compiled once; matching takes time in proportion to pattern times path.
struct GlobPattern: Sendable, Hashable {
    /// One thing a pattern asks of a byte of a path's part.
    private enum Atom: Sendable, Hashable {
        case byte(UInt8)
        case anyByte
        case anyRun
        case set([ClosedRange<UInt8>], isNegated: Bool)

        func accepts(_ byte: UInt8) -> Bool {
            switch self {
            case .byte(let expected): expected == byte
            case .anyByte, .anyRun: true
            case .set(let ranges, let isNegated): ranges.contains { $0.contains(byte) } != isNegated
            }
        }
    }

    /// One part of a pattern: `**`, or what a single part of the path has to look like.
    private enum Part: Sendable, Hashable {
        case anyParts
        case atoms([Atom])
    }

    private let parts: [Part]

    init(_ text: some StringProtocol) {
        var parts: [Part] = text.utf8.split(separator: UInt8(ascii: "/")).map { part in
            part.elementsEqual("**".utf8) ? .anyParts : .atoms(Self.atoms(of: Array(part)))
        }
        // `docs/**` is what lies in docs, not a file of that name.
        if parts.last == .anyParts { parts.append(.atoms([.anyRun])) }
        self.parts = parts
    }

    func matches(_ path: String) -> Bool {
        let names = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return Self.match(
            names,
            parts,
            isStar: { $0 == .anyParts },
            accepts: { part, name in
                guard case .atoms(let atoms) = part else { return true }
                return Self.match(Array(name), atoms, isStar: { $0 == .anyRun }, accepts: { $0.accepts($1) })
            }
        )
    }

    /// Wildcard matching without recursion: on a mismatch only the last star is widened, which is enough.
    private static func match<Element, Symbol>(
        _ elements: [Element],
        _ symbols: [Symbol],
        isStar: (Symbol) -> Bool,
        accepts: (Symbol, Element) -> Bool
    ) -> Bool {
        var element = 0
        var symbol = 0
        var star: (symbol: Int, element: Int)?
        while element < elements.count {
            if symbol < symbols.count, isStar(symbols[symbol]) {
                star = (symbol, element)
                symbol += 1
            } else if symbol < symbols.count, accepts(symbols[symbol], elements[element]) {
                symbol += 1
                element += 1
            } else if let last = star {
                star = (last.symbol, last.element + 1)
                symbol = last.symbol + 1
                element = last.element + 1
            } else {
                return false
            }
        }
        return symbols[symbol...].allSatisfy(isStar)
    }

    private static func atoms(of bytes: [UInt8]) -> [Atom] {
        var atoms: [Atom] = []
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "*"): if atoms.last != .anyRun { atoms.append(.anyRun) }
            case UInt8(ascii: "?"): atoms.append(.anyByte)
            case UInt8(ascii: "["):
                if let (set, end) = set(in: bytes, from: index) {
                    atoms.append(set)
                    index = end
                } else {
                    atoms.append(.byte(bytes[index]))
                }
            default: atoms.append(.byte(bytes[index]))
            }
            index += 1
        }
        return atoms
    }

    /// Reads `[a-z0]` or `[!a]` from its bracket on; the second value is the index of the closing bracket.
    private static func set(in bytes: [UInt8], from start: Int) -> (Atom, Int)? {
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "]")), end > start + 1 else { return nil }
        var members = bytes[(start + 1)..<end]
        let isNegated = members.first == UInt8(ascii: "!") || members.first == UInt8(ascii: "^")
        if isNegated { members.removeFirst() }
        guard !members.isEmpty else { return nil }
        var ranges: [ClosedRange<UInt8>] = []
        while let low = members.popFirst() {
            if members.count >= 2, members.first == UInt8(ascii: "-") {
                members.removeFirst()
                let high = members.removeFirst()
                ranges.append(min(low, high)...max(low, high))
            } else {
                ranges.append(low...low)
            }
        }
        return (.set(ranges, isNegated: isNegated), end)
    }

    /// The patterns that `{a,b}` stands for; one whose alternatives would be more than 64 is kept as it is written.
    static func expand(_ text: String) -> [GlobPattern] {
        var done: [Substring] = []
        var open = [text[...]]
        while let next = open.popLast() {
            guard let start = next.firstIndex(of: "{"), let end = next[start...].firstIndex(of: "}") else {
                done.append(next)
                continue
            }
            let choices = next[next.index(after: start)..<end].split(separator: ",", omittingEmptySubsequences: false)
            guard choices.count + open.count + done.count <= 64 else { return [GlobPattern(text)] }
            for choice in choices.reversed() {
                open.append(Substring(next[..<start] + choice + next[next.index(after: end)...]))
            }
        }
        return done.map { GlobPattern($0) }
    }
}
