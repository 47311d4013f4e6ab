/// Reads what a plan says about conflicts it foresees.
struct ConflictPolicyReader {
    private(set) var policies: [SprintPlan.ConflictPolicy] = []

    init(_ outline: PlanOutline, blocks: [Int]) {
        for index in blocks where outline.roles(above: index).contains(.afterAgents) || outline.heading(index) != nil {
            let lines = outline.textLines(of: index)
            for (position, line) in lines.enumerated() {
                let next = position + 1 < lines.count ? lines[position + 1].text : ""
                read(line.text, next: next, line: line.number)
            }
        }
    }

    private mutating func read(_ text: String, next: String, line: Int) {
        guard text.utf8.count < 1000 else { return }
        let words = text.words
        let phrase = words.joined(separator: " ")
        if phrase.containsWords("conflict", "conflicts") {
            let resolves = phrase.containsWords(
                "resolve", "resolving", "resolution", "resolved", "keep", "keeping", "add")
            guard resolves, !phrase.containsWords("conflict rule", "no conflicts", "zero conflicts", "report conflicts")
            else { return }
            let whole = text.hasSuffix(":") && !next.isEmpty ? text + " " + next : text
            policies.append(policy(whole, line: line))
        } else if words.first == "add", words.contains("to"), words.count <= 12, Self.symbol(in: text) != nil {
            policies.append(policy(text, line: line))
        }
    }

    private func policy(_ text: String, line: Int) -> SprintPlan.ConflictPolicy {
        let words = text.words
        let phrase = words.joined(separator: " ")
        let subject = Self.subject(of: text)
        var resolution: SprintPlan.ConflictPolicy.Resolution = .described
        if phrase.containsWords(
            "keep both", "keeping both", "both sides", "keep all", "keeping all", "union", "accept both", "take both",
            "both kept"
        ) {
            resolution = .keepBoth
        } else {
            let added = Self.added(in: text).filter { $0 != subject }
            if !added.isEmpty { resolution = .add(added) }
        }
        return .init(subject: subject, resolution: resolution, text: String(text.trimmed), line: line)
    }

    /// What conflicts: a path, or a name in capitals such as `EXPECTED_TABLES`.
    private static func subject(of text: String) -> String? {
        symbol(in: text) ?? PathToken.mentions(in: text).first?.description
    }

    private static func symbol(in text: String) -> String? {
        names(in: text[...]).first { name in
            name.count > 2 && name.contains("_") && name.allSatisfy { $0.isUppercase || $0.isNumber || $0 == "_" }
        }
    }

    /// The names after "add": `(add request_metrics)`, `add "a" and "b" to LIST`.
    private static func added(in text: String) -> [String] {
        guard let verb = ["add ", "Add ", "adding "].lazy.compactMap({ text.firstRange(of: $0) }).first else {
            return []
        }
        let rest = text[verb.upperBound...]
        let end = [")", " to ", ". "].compactMap { rest.firstRange(of: $0)?.lowerBound }.min() ?? rest.endIndex
        return names(in: rest[..<end]).filter {
            $0.contains("_") || rest[..<end].contains("\"\($0)\"") || rest[..<end].contains("`\($0)`")
        }
    }

    private static func names(in text: Substring) -> [String] {
        text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
    }
}
