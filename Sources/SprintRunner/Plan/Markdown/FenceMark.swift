/// A line that opens or closes a fenced block.
struct FenceMark {
    let character: UInt8
    let length: Int
    /// What follows the marks; only a bare line can close a fence.
    let info: Substring

    var isBare: Bool { info.isEmpty }

    /// Any indent is taken: fences in nested lists have one, and plans do not keep to CommonMark's limit.
    init?(_ line: Substring) {
        let text = line.utf8.drop { $0.isBlank }
        guard let first = text.first, first == UInt8(ascii: "`") || first == UInt8(ascii: "~") else { return nil }
        let marks = text.prefix { $0 == first }
        guard marks.count >= 3 else { return nil }
        info = Substring(text[marks.endIndex...]).trimmed
        // Three ticks, some text and ticks again are code within a line.
        guard first == UInt8(ascii: "~") || !info.utf8.contains(first) else { return nil }
        character = first
        length = marks.count
    }

    func closes(_ opening: FenceMark) -> Bool {
        isBare && character == opening.character && length >= opening.length
    }
}
