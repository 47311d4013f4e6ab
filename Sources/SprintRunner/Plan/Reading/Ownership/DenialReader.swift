/// Reads what must not be touched: lists headed "Do not touch", and sentences such as "DO NOT modify ANY file in web/,
/// src/, or scripts/.".
struct DenialReader {
    private(set) var paths: [SprintPlan.OwnedFile] = []
    private(set) var diagnostics: [SprintPlan.Diagnostic] = []
    /// True when everything outside the owned files is forbidden.
    private(set) var forbidsOthers = false

    init(_ outline: PlanOutline, blocks: some Sequence<Int>) {
        var readUntil = 0
        for index in blocks where index >= readUntil {
            let block = outline.blocks[index]
            switch block.kind {
            case .heading(_, let text):
                guard outline.headingRoles(index).contains(.denial) else { continue }
                let reader = FileSectionReader(outline, heading: index, role: .denial)
                add(reader.findings)
                let mentioned = PathToken.mentions(in: text)
                paths += mentioned.map { .init(path: $0, line: block.line) }
                readUntil = outline.section(of: index).upperBound
            case .paragraph(let lines): for line in lines { read(String(line.text), line: line.number) }
            case .item(_, _, let text):
                guard let label = outline.label(ofItem: index), SectionRole.roles(of: label).contains(.denial)
                else {
                    read(text, line: block.line)
                    continue
                }
                add(FileSectionReader(outline, item: index, role: .denial).findings)
                readUntil = outline.nested(in: index).upperBound
            default: break
            }
        }
    }

    private mutating func add(_ findings: FileFindings) {
        paths += findings.files
        for diagnostic in findings.diagnostics {
            if Self.speaksOfOthers(diagnostic.message.words) {
                forbidsOthers = true
            } else {
                diagnostics.append(diagnostic)
            }
        }
    }

    private mutating func read(_ text: String, line: Int) {
        guard text.holds("not ", "never ", "n't ", "n’t ", "off limits", "off-limits", "forbidden") else { return }
        if let rest = LabelledLine.rest(of: text, labelled: .denial) {
            var findings = FileFindings()
            findings.add(rest, line: line)
            return add(findings)
        }
        for sentence in Self.sentences(of: Inline.withoutEmphasis(text)) { readSentence(sentence, line: line) }
    }

    private mutating func readSentence(_ sentence: Substring, line: Int) {
        let lower = sentence.lowercased()
        guard lower.utf8.count == sentence.utf8.count,
            let verb = Self.verbs.lazy.compactMap({ lower.firstRange(of: $0) }).first
        else { return }
        let offset = lower.utf8.distance(from: lower.startIndex, to: verb.upperBound)
        let object = sentence[sentence.utf8.index(sentence.startIndex, offsetBy: offset)...]
        if Self.speaksOfOthers(object.words) { forbidsOthers = true }
        // What an exception names may be touched in part: git sees files only.
        let words = object.words
        guard
            words.isEmpty
                || !words.contains(where: {
                    ["except", "unless", "beyond", "other", "outside", "besides"].contains($0)
                }),
            !words.starts(with: ["existing"]), !words.contains("existing")
        else { return }
        paths += PathToken.mentions(in: object).map { .init(path: $0, line: line) }
    }

    private static let verbs: [String] = {
        let negations = ["do not ", "don't ", "don’t ", "never ", "must not ", "may not ", "cannot ", "can't "]
        let actions = ["touch", "modify", "edit", "change", "write to", "alter", "delete", "modifying", "editing"]
        return negations.flatMap { negation in actions.map { negation + $0 } }
    }()

    private static func speaksOfOthers(_ words: [String]) -> Bool {
        let text = words.joined(separator: " ")
        return text.containsWords(
            "outside your", "outside of your", "outside its", "outside their", "other than", "not listed",
            "anything else", "everything else",
            "any other",
            "other files", "another agent", "other agents", "another agent's", "other agents'", "not in your",
            "not owned",
            "you don't own", "you do not own", "outside the list", "outside this list", "not on this list",
            "other agent's"
        )
    }

    /// A full stop ends a sentence when a space follows it; those in file names stay.
    static func sentences(of text: String) -> [Substring] {
        var sentences: [Substring] = []
        var start = text.startIndex
        for index in text.indices where ".;!".contains(text[index]) {
            let next = text.index(after: index)
            guard next < text.endIndex, text[next].isWhitespace else { continue }
            sentences.append(text[start..<index])
            start = next
        }
        sentences.append(text[start...])
        return sentences
    }
}
