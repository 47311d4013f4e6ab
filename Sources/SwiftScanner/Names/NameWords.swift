/// The words of an identifier or a key: `userAPIKey`, `user_api_key` and `user-api-key` all give `user api key`.
struct NameWords {
    let words: [String]

    init(_ name: String) {
        // Nearly all names: bytes are judged many times faster than characters.
        words = name.utf8.allSatisfy { $0 < 0x80 } ? Self.words(ofASCII: name.utf8.prefix(200)) : Self.words(of: name)
    }

    private static func words(ofASCII name: Substring.UTF8View) -> [String] {
        var words: [String] = []
        var word = ""
        var previous: UInt8 = 0
        var rest = name[...]
        while let byte = rest.popFirst() {
            defer { previous = byte }
            guard isLower(byte) || isUpper(byte) || isDigit(byte) else {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            if isUpper(byte), !word.isEmpty,
                isLower(previous) || isDigit(previous) || isUpper(previous) && isLower(rest.first ?? 0)
            {
                words.append(word)
                word = ""
            }
            word.unicodeScalars.append(Unicode.Scalar(isUpper(byte) ? byte | 0x20 : byte))
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    private static func isLower(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte }
    private static func isUpper(_ byte: UInt8) -> Bool { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte }
    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        let characters = Array(name.prefix(200))
        for (index, character) in characters.enumerated() {
            guard character.isLetter || character.isNumber else {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            let previous = index > 0 ? characters[index - 1] : " "
            let next = index + 1 < characters.count ? characters[index + 1] : " "
            let startsWord =
                character.isUppercase
                && (previous.isLowercase || previous.isNumber || previous.isUppercase && next.isLowercase)
            if startsWord, !word.isEmpty {
                words.append(word)
                word = ""
            }
            word += character.lowercased()
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// Whether these words stand side by side in the name.
    func contains(_ phrase: [String]) -> Bool {
        guard phrase.count <= words.count else { return false }
        return (0...(words.count - phrase.count)).contains { words[$0..<($0 + phrase.count)].elementsEqual(phrase) }
    }
}
