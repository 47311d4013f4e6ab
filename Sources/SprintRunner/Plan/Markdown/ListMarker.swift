/// What starts a list item.
///
/// Plans number with letters too (`a.`, `(b)`), which CommonMark does not know.
enum ListMarker: Hashable {
    case bullet
    case number
    case letter

    var isOrdered: Bool { self != .bullet }

    /// Reads the marker at the start of a line without its indent; the second value is the item's text.
    static func read(_ text: Substring) -> (marker: ListMarker, text: Substring)? {
        guard let first = text.utf8.first else { return nil }
        var rest = text
        let marker: ListMarker
        switch first {
        case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"):
            rest.removeFirst()
            marker = .bullet
        case UInt8(ascii: "("):
            rest.removeFirst()
            guard let label = label(&rest), rest.utf8.first == UInt8(ascii: ")") else { return nil }
            rest.removeFirst()
            marker = label
        default:
            if text.hasPrefix("•") {
                rest.removeFirst()
                marker = .bullet
            } else {
                guard let label = label(&rest), let end = rest.utf8.first,
                    end == UInt8(ascii: ".") || end == UInt8(ascii: ")")
                else { return nil }
                rest.removeFirst()
                marker = label
            }
        }
        guard let space = rest.utf8.first, space == UInt8(ascii: " ") || space == UInt8(ascii: "\t") else { return nil }
        return (marker, rest.trimmed)
    }

    /// Takes up to four digits or one letter.
    private static func label(_ text: inout Substring) -> ListMarker? {
        let digits = text.utf8.prefix(5).prefix { $0.isASCIIDigit }.count
        if (1...4).contains(digits) {
            text = text.dropFirst(digits)
            return .number
        }
        guard let letter = text.utf8.first, letter.isASCIILetter else { return nil }
        text = text.dropFirst()
        return .letter
    }
}
