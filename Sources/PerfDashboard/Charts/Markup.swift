import MarkupText

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
