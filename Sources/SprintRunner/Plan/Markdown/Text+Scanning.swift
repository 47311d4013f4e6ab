extension UInt8 {
    var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isASCIILetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
    var isASCIIAlphanumeric: Bool { isASCIIDigit || isASCIILetter }
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

extension StringProtocol where SubSequence == Substring {
    /// The text without white space at its ends.
    var trimmed: Substring {
        var text = self[...]
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text.drop { $0.isWhitespace }
    }

    /// The text without white space and the given characters at its ends.
    func trimmed(_ characters: String) -> Substring {
        var text = self[...]
        while let last = text.last, last.isWhitespace || characters.contains(last) { text.removeLast() }
        return text.drop { $0.isWhitespace || characters.contains($0) }
    }

    /// The text's words in lower case: runs of letters, digits and apostrophes.
    var words: [String] {
        lowercased()
            .replacing("’", with: "'")
            .split { !($0.isLetter || $0.isNumber || $0 == "'") }
            .map(String.init)
    }
}

extension String {
    /// True when one of the phrases occurs as whole words; both sides are lists of words joined by spaces.
    func containsWords(_ phrases: String...) -> Bool {
        let padded = " \(self) "
        return phrases.contains { padded.contains(" \($0) ") }
    }
}
