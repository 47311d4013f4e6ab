public import Foundation

extension SprintReport {
    /// The plan's table: `| Agent | Tests | Files | Status |`.
    public var table: String {
        let rows = rows.map { [$0.agent, "\($0.tests)", "\($0.files)", "\($0.status)"].map(Self.cell) }
        let lines = [["Agent", "Tests", "Files", "Status"]] + rows
        let widths = (0..<4).map { column in lines.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            "| "
                + zip(cells, widths).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }
                .joined(separator: " | ") + " |"
        }
        let rule = "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|"
        return ([line(lines[0]), rule] + lines.dropFirst().map(line)).joined(separator: "\n")
    }

    /// A cell of a Markdown table holds one line and no bar.
    private static func cell(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ").replacingOccurrences(of: "|", with: "\\|")
            .replacingOccurrences(of: "\t", with: " ").printable
    }

    /// The whole report as Markdown.
    public var markdown: String {
        var text = "# Sprint \(sprint)" + (title.isEmpty ? "" : ": \(title)") + "\n\n\(verdict)\n\n\(table)\n"
        if !trespasses.isEmpty {
            text += "\n## Rules broken\n\n"
            for trespass in trespasses { text += "- \(trespass.agent ?? "nobody known"): \(trespass.text)\n" }
        }
        for row in rows {
            text += "\n## \(row.agent)" + (row.title.isEmpty ? "" : ": \(row.title)") + "\n\n"
            text += "- \(row.status)\n- branch `\(row.branch)`" + (row.head.map { " at `\($0.short)`" } ?? "") + "\n"
            text += String(format: "- took %.1f s, waited %.1f s", row.seconds, row.waited)
            text += row.wasLate ? ", first commit late\n" : "\n"
            if let words = row.lastWords { text += "- its last words: `\(words.replacing("`", with: "'"))`\n" }
            if let leftOver = row.leftOver {
                text += "- not merged, as it is on no branch: \(leftOver.description)\n"
            }
            for path in row.paths {
                text += "- \(path.kind.rawValue): `\(path.path)`" + (path.reason.map { ": \($0)" } ?? "") + "\n"
            }
            for resolution in row.resolutions {
                text += "- merged by rule (\(resolution.method.text)): `\(resolution.path)`\n"
            }
            for conflict in row.conflicts { text += conflict.markdown }
        }
        text += String(format: "\n%.1f s in all, %d rounds of tests.\n", seconds, testRounds)
        return text.printable
    }

    /// The whole report as JSON, keys in order.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return try encoder.encode(self)
    }
}

extension SprintReport.Status {
    private enum Key: String, CodingKey {
        case state
        case reason
    }

    private var state: (name: String, reason: String?) {
        switch self {
        case .merged: ("merged", nil)
        case .ready: ("ready", nil)
        case .blocked(let reason): ("blocked", reason)
        case .conflict(let reason): ("conflict", reason)
        case .failed(let reason): ("failed", reason)
        case .running: ("running", nil)
        case .waiting: ("waiting", nil)
        }
    }

    /// Writes `{"state": "blocked", "reason": "…"}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(state.name, forKey: .state)
        try container.encodeIfPresent(state.reason, forKey: .reason)
    }

    /// Reads what ``encode(to:)`` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let reason = try container.decodeIfPresent(String.self, forKey: .reason) ?? ""
        switch try container.decode(String.self, forKey: .state) {
        case "merged": self = .merged
        case "ready": self = .ready
        case "blocked": self = .blocked(reason)
        case "conflict": self = .conflict(reason)
        case "failed": self = .failed(reason)
        case "running": self = .running
        case "waiting": self = .waiting
        case let other:
            throw DecodingError.dataCorruptedError(
                forKey: .state, in: container, debugDescription: "no state: \(other)")
        }
    }
}

extension Resolution.Method {
    var text: String {
        switch self {
        case .appended: "both texts appended, in order"
        case .bothAdded: "both additions kept, in order"
        }
    }
}

extension Conflict {
    var markdown: String {
        var text = "- conflict in `\(path)`: \(reason)\n"
        for (name, side) in [("landed before", train), ("this agent", agent)] {
            guard let side else { continue }
            let range = "\(side.line)–\(side.line + max(0, side.lines.count - 1))"
            text += "\n  \(name), lines \(range):\n\n"
            text += side.lines.map { "      \($0)\n" }.joined() + "\n"
        }
        return text
    }
}
