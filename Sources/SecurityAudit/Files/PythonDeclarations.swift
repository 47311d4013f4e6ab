/// The classes and functions around a line of Python, told by indentation.
enum PythonDeclarations {
    /// The names from the outermost in, joined by dots; empty at the top level.
    static func enclosing(line number: Int, in source: SourceText) -> String {
        var names: [String] = []
        var indent = indentation(of: source.line(number)) ?? 0
        var current = number - 1
        while current > 0, indent > 0 {
            let text = source.line(current)
            if let own = indentation(of: text), own < indent {
                // Less indented lines are the blocks around: of these, `if` and the like have no name.
                if let name = declaredName(in: text) { names.append(name) }
                indent = own
            }
            current -= 1
        }
        return names.reversed().joined(separator: ".")
    }

    /// The width of the white space a line begins with, a tab counting 8; `nil` for a line that says nothing about
    /// blocks: an empty one, a comment, the end of a bracket.
    private static func indentation(of line: String) -> Int? {
        guard let first = line.first(where: { !$0.isWhitespace }), !"#)]}".contains(first) else { return nil }
        return line.prefix { $0.isWhitespace }.reduce(0) { $0 + ($1 == "\t" ? 8 : 1) }
    }

    private static func declaredName(in line: String) -> String? {
        var words = line.split { " \t(:".contains($0) }[...]
        if words.first == "async" { words = words.dropFirst() }
        guard words.count >= 2, words.first == "def" || words.first == "class" else { return nil }
        return words.dropFirst().first.map(String.init)
    }
}
