/// Writes SVG and HTML element by element, with every attribute and every text escaped.
struct Markup {
    private(set) var text = ""

    /// An element with children, written by the closure.
    mutating func element(_ name: StaticString, _ attributes: [(String, String)] = [], _ body: (inout Markup) -> Void) {
        open(name, attributes)
        text += ">"
        body(&self)
        text += "</\(name)>"
    }

    /// An element that holds text only.
    mutating func element(_ name: StaticString, _ attributes: [(String, String)] = [], text: String) {
        element(name, attributes) { $0.write(text) }
    }

    /// An element without children.
    mutating func element(_ name: StaticString, _ attributes: [(String, String)]) {
        open(name, attributes)
        text += "/>"
    }

    /// Text, escaped.
    mutating func write(_ content: String) {
        text += content.markupEscaped
    }

    private mutating func open(_ name: StaticString, _ attributes: [(String, String)]) {
        text += "<\(name)"
        for (key, value) in attributes { text += " \(key)=\"\(value.markupEscaped)\"" }
    }
}

extension String {
    /// The text with `& < > " '` as character references, good in content and in quoted attributes. Characters that
    /// XML forbids become U+FFFD, so that no route can break a picture.
    var markupEscaped: String {
        var escaped = ""
        escaped.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\t", "\n", "\r": escaped.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
