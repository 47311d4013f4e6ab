/// Code without what a formatter may change: white space outside of strings, comments, and commas before a bracket.
///
/// It reads any language with `#` or `//` comments and quoted strings well enough to be stable, and parses none.
struct NormalizedCode {
    private(set) var text = ""

    init(_ code: String) {
        var quote: Character?
        var escaped = false
        var inComment = false
        var characters = Substring(code)
        while let character = characters.popFirst() {
            if inComment {
                inComment = !character.isNewline
            } else if let open = quote {
                text.append(character)
                if escaped {
                    escaped = false
                } else if character == "\\" {
                    escaped = true
                } else if character == open {
                    quote = nil
                }
            } else if character == "#" || (character == "/" && characters.first == "/") {
                inComment = true
            } else if !character.isWhitespace {
                if ")]}".contains(character), text.last == "," { text.removeLast() }
                if "\"'".contains(character) { quote = character }
                text.append(character)
            }
        }
    }
}
