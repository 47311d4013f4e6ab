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
        // Almost all white space is ASCII, which takes no look at characters.
        while let last = text.utf8.last, last <= 0x20 || last >= 0x80 {
            guard last <= 0x20 || text.last?.isWhitespace == true else { break }
            text.removeLast()
        }
        while let first = text.utf8.first, first <= 0x20 || first >= 0x80 {
            guard first <= 0x20 || text.first?.isWhitespace == true else { break }
            text.removeFirst()
        }
        return text
    }

    /// The text without white space and the given characters at its ends.
    func trimmed(_ characters: String) -> Substring {
        var text = self[...]
        while let last = text.last, last.isWhitespace || characters.contains(last) { text.removeLast() }
        return text.drop { $0.isWhitespace || characters.contains($0) }
    }

    /// The text's words in lower case: runs of letters, digits and apostrophes.
    var words: [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9", "'": word.append(scalar)
            case "A"..."Z": word.append(Unicode.Scalar(UInt8(scalar.value) | 0x20))
            case "’": word.append("'")
            case _ where !scalar.isASCII && scalar.properties.isAlphabetic:
                word.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            default:
                guard !word.isEmpty else { continue }
                words.append(String(word))
                word = String.UnicodeScalarView()
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        return words
    }

    /// True when one of the ASCII texts, in lower case, occurs in whatever case. Plans are long, and a look at bytes
    /// spares most lines the look at characters.
    func holds(_ needles: StaticString...) -> Bool {
        let found = utf8.withContiguousStorageIfAvailable { bytes in
            needles.contains { $0.withUTF8Buffer { Self.occurs($0, in: bytes) } }
        }
        return found ?? true
    }

    private static func occurs(_ needle: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = needle.first, bytes.count >= needle.count else { return needle.isEmpty }
        for start in 0...(bytes.count - needle.count) where lower(bytes[start]) == first {
            var offset = 1
            while offset < needle.count, lower(bytes[start + offset]) == needle[offset] { offset += 1 }
            if offset == needle.count { return true }
        }
        return false
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension String {
    /// True when one of the phrases occurs as whole words; both sides are lists of words joined by spaces.
    func containsWords(_ phrases: String...) -> Bool {
        let padded = " \(self) "
        return phrases.contains { padded.contains(" \($0) ") }
    }
}
