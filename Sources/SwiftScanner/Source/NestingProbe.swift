/// Measures how deep a source would drive a recursive parser, in one pass over the bytes and without recursion.
///
/// swift-syntax bounds brackets by itself, but gives up on the rest of the file, and prefixes (`try try try x`),
/// `else if` chains, ternaries and function types recurse without brackets. So the source is refused beforehand.
struct NestingProbe {
    /// The deepest bracket nesting allowed.
    ///
    /// Chains without brackets may be five times as long.
    let limit: Int

    /// The line, from 1, where the limit is passed; `nil` for a source that is fine.
    func lineOverLimit(in text: SourceText) -> Int? {
        var walk = Walk(bytes: text.bytes, limit: limit)
        return walk.offsetOverLimit().map { text.line(at: $0) }
    }

    private struct Walk {
        /// What a closing bracket or quote must bring us back to.
        enum Opened {
            case bracket
            case interpolation(pounds: Int, multiline: Bool)
        }

        let bytes: [UInt8]
        let limit: Int
        var offset = 0
        var opened: [Opened] = []
        /// Words and operators since the last token that ends a prefix chain.
        var prefixes = 0
        /// `else`, `?` and `->` since the last statement that has none, by bracket depth.
        var chains: [Int] = [0]
        var conditionals = 0
        var postfixes = 0

        init(bytes: [UInt8], limit: Int) {
            self.bytes = bytes
            self.limit = limit
        }

        static let prefixWords: Set<String> = [
            "try", "await", "unsafe", "repeat", "each", "inout", "some", "any", "consume", "copy", "borrow", "if",
            "switch", "do", "is", "as", "let", "var", "borrowing", "consuming", "sending", "return", "throw", "in",
            "where", "defer", "isolated", "indirect", "case",
        ]

        mutating func offsetOverLimit() -> Int? {
            while offset < bytes.count {
                step()
                if opened.count > limit || prefixes > 5 * limit || (chains.last ?? 0) > 5 * limit
                    || conditionals > limit || postfixes > 10 * limit
                {
                    return min(offset, bytes.count - 1)
                }
            }
            return nil
        }

        private mutating func step() {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"): skipLineComment()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): skipBlockComment()
            case UInt8(ascii: "\""): openString(pounds: 0)
            case UInt8(ascii: "#"): pound()
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): open()
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): close()
            case UInt8(ascii: ";"), UInt8(ascii: ","):
                endChain()
                offset += 1
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if !lineContinues() { endChain() }
                offset += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"): offset += 1
            default: word()
            }
        }

        private func peek(_ distance: Int) -> UInt8? {
            offset + distance < bytes.count ? bytes[offset + distance] : nil
        }

        /// A chain goes on over a line break when the next line starts with what can only continue an expression.
        private func lineContinues() -> Bool {
            var next = offset + 1
            while next < bytes.count, bytes[next] == UInt8(ascii: " ") || bytes[next] == UInt8(ascii: "\t") {
                next += 1
            }
            guard next < bytes.count else { return false }
            return ".?:-&|+*\n\r/!e".utf8.contains(bytes[next]) || prefixes > 1
        }

        private mutating func endChain() {
            prefixes = 0
            postfixes = 0
            chains[chains.count - 1] = 0
        }

        private mutating func open() {
            opened.append(.bracket)
            chains.append(0)
            prefixes = 0
            postfixes += 1
            offset += 1
        }

        private mutating func close() {
            offset += 1
            prefixes = 0
            guard let last = opened.popLast() else { return }
            chains.removeLast()
            if case .interpolation(let pounds, let multiline) = last {
                skipString(pounds: pounds, multiline: multiline)
            }
        }

        private mutating func word() {
            let start = offset
            if Self.isIdentifier(bytes[offset]) {
                while offset < bytes.count, Self.isIdentifier(bytes[offset]) { offset += 1 }
                guard offset - start <= 10 else {
                    prefixes = 0
                    return
                }
                let word = String(decoding: bytes[start..<offset], as: UTF8.self)
                if word == "else" {
                    chains[chains.count - 1] += 1
                } else {
                    prefixes = Self.prefixWords.contains(word) ? prefixes + 1 : 0
                }
                return
            }
            while offset < bytes.count, Self.isOperator(bytes[offset]) { offset += 1 }
            if offset == start { offset += 1 }
            let symbol = bytes[start]
            // `x!!!` is three expressions around each other, though written in one run.
            postfixes += bytes[start..<offset].count { ".!?".utf8.contains($0) }
            if symbol == UInt8(ascii: "?") || bytes[start..<offset].elementsEqual("->".utf8) {
                chains[chains.count - 1] += 1
            }
            prefixes += 1
        }

        private mutating func pound() {
            var pounds = 0
            while peek(pounds) == UInt8(ascii: "#") { pounds += 1 }
            if peek(pounds) == UInt8(ascii: "\"") {
                offset += pounds
                return openString(pounds: pounds)
            }
            offset += pounds
            let rest = bytes[offset..<min(offset + 6, bytes.count)]
            if rest.starts(with: "if ".utf8) || rest.starts(with: "if(".utf8) { conditionals += 1 }
            if rest.starts(with: "endif".utf8) { conditionals = max(0, conditionals - 1) }
        }

        private mutating func skipLineComment() {
            while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
        }

        private mutating func skipBlockComment() {
            var depth = 0
            while offset < bytes.count {
                if bytes[offset] == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                    depth += 1
                    offset += 2
                } else if bytes[offset] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                    depth -= 1
                    offset += 2
                    if depth == 0 { return }
                } else {
                    offset += 1
                }
            }
        }

        private mutating func openString(pounds: Int) {
            let multiline = peek(1) == UInt8(ascii: "\"") && peek(2) == UInt8(ascii: "\"")
            offset += multiline ? 3 : 1
            prefixes = 0
            skipString(pounds: pounds, multiline: multiline)
        }

        /// Goes to the string's end, or into its next interpolation.
        private mutating func skipString(pounds: Int, multiline: Bool) {
            while offset < bytes.count {
                let byte = bytes[offset]
                if byte == UInt8(ascii: "\\"), follows(pounds, after: 1) {
                    offset += 1 + pounds
                    if offset < bytes.count, bytes[offset] == UInt8(ascii: "(") {
                        opened.append(.interpolation(pounds: pounds, multiline: multiline))
                        chains.append(0)
                        offset += 1
                        return
                    }
                    offset += 1
                } else if byte == UInt8(ascii: "\"") {
                    let quotes = multiline ? 3 : 1
                    let closes = (0..<quotes).allSatisfy { peek($0) == byte } && follows(pounds, after: quotes)
                    offset += closes ? quotes + pounds : 1
                    if closes { return }
                } else if byte == UInt8(ascii: "\n"), !multiline {
                    return
                } else {
                    offset += 1
                }
            }
        }

        private func follows(_ pounds: Int, after distance: Int) -> Bool {
            (0..<pounds).allSatisfy { peek(distance + $0) == UInt8(ascii: "#") }
        }

        private static func isIdentifier(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "_") || byte >= 0x80
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }

        private static func isOperator(_ byte: UInt8) -> Bool { ".!?-+*/=<>&|^~%".utf8.contains(byte) }
    }
}
