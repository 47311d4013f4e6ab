/// Puts an agent's id where a shared text has a placeholder: `CHANGELOG-sprint-74-N.md`, `notes-{agent}.md`.
struct PlaceholderFiller {
    private let id: String
    /// The file names that the agent's own part spells out, by which its spelling is known.
    private let ownNames: Set<Substring>

    init(id: String, part: String) {
        self.id = id
        var names: Set<Substring> = []
        for line in part.utf8.split(separator: UInt8(ascii: "\n")) where line.contains(UInt8(ascii: ".")) {
            let text = Substring(line)
            for token in Self.tokens(of: text) where text[token].utf8.contains(UInt8(ascii: ".")) {
                names.insert(text[token])
            }
        }
        ownNames = names
    }

    /// Words that stand for the agent within `{}`, `<>` or `[]`.
    private static let names: Set<String> = [
        "agent", "agent_id", "agent-id", "agentid", "agent id", "id", "n", "x", "agent_name", "agent-name", "name",
        "letter",
        "number", "num", "agent-letter", "agent-number", "agent_number", "agent letter", "agent number", "agent_letter",
    ]
    /// Parts of a file name that stand for the agent.
    private static let bareNames: Set<Substring> = ["N", "X", "NN", "ID", "AGENT"]

    /// The text with every placeholder filled.
    func fill(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { fillLine($0) }.joined(separator: "\n")
    }

    private func fillLine(_ line: Substring) -> String {
        guard line.utf8.contains(where: { "NXI{<[$A".utf8.contains($0) }) else { return String(line) }
        var result = ""
        var end = line.startIndex
        for token in Self.tokens(of: line) {
            guard let filled = fillName(line[token]) else { continue }
            result += line[end..<token.lowerBound] + filled
            end = token.upperBound
        }
        return Self.replaceMarked(in: result + line[end...], with: id)
    }

    /// Stretches without white space, quotes and commas.
    private static func tokens(of text: Substring) -> [Range<Substring.Index>] {
        text.utf8.split { $0 <= 0x20 || Self.delimiters.contains($0) }.map { $0.startIndex..<$0.endIndex }
    }

    private static let delimiters = Set("`\"',;()|".utf8)

    /// A file name with its placeholder filled; nil for anything else.
    private func fillName(_ token: Substring) -> String? {
        guard let hole = Self.hole(in: token) else { return nil }
        let before = token[..<hole.lowerBound]
        let after = token[hole.upperBound...]
        // `N/A` is no file's name.
        guard after.contains(".") || (Self.markedHole(in: token) != nil && token.contains("/")) else { return nil }
        let value = spelling(before: before, after: after)
        return before + value + after
    }

    /// The placeholder in a file name.
    private static func hole(in token: Substring) -> Range<Substring.Index>? {
        if let marked = markedHole(in: token) { return marked }
        for part in token.split(whereSeparator: { !($0.isLetter || $0.isNumber) }) where bareNames.contains(part) {
            guard part.startIndex > token.startIndex || part.endIndex < token.endIndex else { continue }
            return part.startIndex..<part.endIndex
        }
        return nil
    }

    private static func markedHole(in text: Substring) -> Range<Substring.Index>? {
        for (open, close) in [("${", "}"), ("{", "}"), ("<", ">"), ("[", "]")] as [(String, Character)] {
            var rest = text
            while let start = rest.firstRange(of: open) {
                guard let end = rest[start.upperBound...].firstIndex(of: close) else { break }
                if names.contains(rest[start.upperBound..<end].lowercased()) {
                    return start.lowerBound..<text.index(after: end)
                }
                rest = rest[start.upperBound...]
            }
        }
        return nil
    }

    private static func replaceMarked(in text: String, with id: String) -> String {
        var result = ""
        var rest = text[...]
        while let hole = markedHole(in: rest) {
            result += rest[..<hole.lowerBound] + id
            rest = rest[hole.upperBound...]
        }
        return result + rest
    }

    /// How the agent's id is written in this name: as the agent's own part spells it, without what the name already
    /// says (`sprint-74-N` for agent 74-1 is `sprint-74-1`), else as it is.
    private func spelling(before: Substring, after: Substring) -> String {
        let key = AgentID.key(id)
        for name in ownNames where name.hasPrefix(before) && name.hasSuffix(after) {
            let middle = name.dropFirst(before.count).dropLast(after.count)
            let spelled = AgentID.key(middle)
            if !spelled.isEmpty, spelled == key || key.hasSuffix("-" + spelled) { return String(middle) }
        }
        guard let dash = id.lastIndex(of: "-"), before.lowercased().hasSuffix(id[...dash].lowercased()) else {
            return id
        }
        return String(id[id.index(after: dash)...])
    }
}
