import Foundation

/// One section of an INI file as Python's `configparser` reads it, which is how bandit reads `.bandit`.
///
/// `=` or `:` between name and value, names without case, lines that begin with `#` or `;` are comments, what is
/// indented deeper than its name goes on with the value, `[DEFAULT]` holds for every section, `%(name)s` inserts another
/// value and `%%` is a percent sign. See <https://docs.python.org/3/library/configparser.html>.
struct PythonINI {
    /// The section's values by their names in lower case.
    let options: [String: String]

    /// Why `configparser` would refuse the file.
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads one section of a text.
    init(_ text: String, section wanted: String) throws(Unreadable) {
        var reader = Reader()
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            try reader.read(line)
        }
        guard var own = reader.sections[wanted] else {
            throw Unreadable(description: "it has no section [\(wanted)]")
        }
        own.merge(reader.sections["DEFAULT"] ?? [:]) { mine, _ in mine }
        let raw = own.mapValues { $0.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines) }
        var options: [String: String] = [:]
        for (name, value) in raw { options[name] = try Self.interpolated(value, among: raw, depth: 0) }
        self.options = options
    }

    /// Python's own limit of nested references.
    private static let maximumDepth = 10

    private static func interpolated(
        _ value: String, among options: [String: String], depth: Int
    ) throws(Unreadable) -> String {
        guard depth < maximumDepth else { throw Unreadable(description: "its values refer to each other too deeply") }
        var result = ""
        var rest = Substring(value)
        while let percent = rest.firstIndex(of: "%") {
            result += rest[..<percent]
            rest = rest[rest.index(after: percent)...]
            if rest.first == "%" {
                result += "%"
                rest = rest.dropFirst()
            } else if rest.first == "(", let end = rest.firstRange(of: ")s"),
                let other = options[rest[..<end.lowerBound].dropFirst().lowercased()]
            {
                result += try interpolated(other, among: options, depth: depth + 1)
                rest = rest[end.upperBound...]
            } else {
                throw Unreadable(description: "a % in it is followed by neither % nor the name of another value")
            }
        }
        return result + rest
    }

    /// What has been read so far, line by line.
    private struct Reader {
        var sections: [String: [String: [String]]] = [:]
        private var section: String?
        private var name: String?
        private var indentation = 0
        private var number = 0

        mutating func read(_ line: Substring) throws(Unreadable) {
            number += 1
            let content = line.trimmingCharacters(in: .whitespacesAndNewlines)
            if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { return }
            let depth = line.prefix { $0.isWhitespace }.count
            if let section, let name, depth > indentation {
                sections[section]?[name]?.append(content)
                return
            }
            indentation = depth
            if content.hasPrefix("["), let end = content.lastIndex(of: "]"), content.firstIndex(of: "[") != end {
                try open(String(content[..<end].dropFirst()))
            } else if let section {
                try add(content, to: section)
            } else {
                throw Unreadable(description: "line \(number) stands before any section")
            }
        }

        private mutating func open(_ title: String) throws(Unreadable) {
            guard title == "DEFAULT" || sections[title] == nil else {
                throw Unreadable(description: "it has two sections [\(title)]")
            }
            if sections[title] == nil { sections[title] = [:] }
            section = title
            name = nil
        }

        private mutating func add(_ content: String, to section: String) throws(Unreadable) {
            guard let separator = content.firstIndex(where: { "=:".contains($0) }) else {
                throw Unreadable(description: "line \(number) is no name and value")
            }
            let option = content[..<separator].trimmingCharacters(in: .whitespaces).lowercased()
            guard !option.isEmpty, sections[section]?[option] == nil else {
                throw Unreadable(description: "line \(number) gives \(option.isEmpty ? "no name" : "\(option) again")")
            }
            sections[section]?[option] = [
                content[content.index(after: separator)...].trimmingCharacters(in: .whitespaces)
            ]
            name = option
        }
    }
}
