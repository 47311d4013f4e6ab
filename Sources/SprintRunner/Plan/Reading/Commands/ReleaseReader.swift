/// Finds the safety tag, the push and the concatenations.
struct ReleaseReader {
    private(set) var tag: String?
    private(set) var push: String?
    private(set) var concatenations: [SprintPlan.Concatenation] = []
    private(set) var diagnostics: [SprintPlan.Diagnostic] = []
    /// The first tag that marks the result and not what was there before.
    private var later: (tag: String, line: Int)?

    /// - Parameter blocks: those outside the agents' parts and outside the preamble.
    init(_ outline: PlanOutline, blocks: [Int]) {
        var inWords: Int?
        for index in blocks {
            let isAfterwards = Self.isAfterwards(outline.roles(above: index))
            var loop: (variable: Substring, list: Substring)?
            for (line, number) in outline.commandLines(of: index) {
                for part in ShellCommand(text: line).parts {
                    if let opened = Self.loop(part) { loop = opened }
                    if let name = Self.tag(part) { take(name, isAfterwards, number) }
                    if push == nil, part.hasPrefix("git push"), !part.contains("--tags"), !part.contains("--delete") {
                        push = String(part)
                    }
                    readConcatenation(part, loop: loop, line: number)
                }
            }
            for (text, number) in outline.textLines(of: index) {
                readWords(text, line: number)
                for sentence in DenialReader.sentences(of: text) {
                    if let name = Self.tagInWords(sentence) { take(name, isAfterwards, number) }
                }
                if inWords == nil, Self.asksForPush(text) { inWords = number }
            }
        }
        if tag == nil, let later {
            diagnostics.append(
                .init(
                    line: later.line,
                    severity: .note,
                    code: .laterTag,
                    message: "the tag \(later.tag) is set after the merge, which is yours to do; a safety tag stands "
                        + "before the agents"
                )
            )
        }
        if push == nil, let line = inWords {
            push = "git push origin main"
            diagnostics.append(
                .init(
                    line: line,
                    severity: .note,
                    code: .inferredPush,
                    message: "\"git push origin main\" is understood: write the command to be sure"
                )
            )
        }
    }

    // MARK: Tag

    private mutating func take(_ name: String, _ isAfterwards: Bool, _ line: Int) {
        guard tag == nil else { return }
        if isAfterwards, !Self.isSafetyTag(name) {
            later = later ?? (name, line)
        } else {
            tag = name
        }
    }

    /// A tag that is set once all is merged marks the result; the safety tag marks what was there before.
    private static func isAfterwards(_ roles: Set<SectionRole>) -> Bool {
        roles.contains(.afterAgents) && !roles.contains(.preFlight)
    }

    private static func isSafetyTag(_ name: String) -> Bool {
        let words = name.split { "-_/.".contains($0) }.map { $0.lowercased() }
        return !Set(words).isDisjoint(with: ["pre", "before", "safety", "safe", "backup", "rollback", "base", "start"])
    }

    /// `git tag pre-sprint-74`, also with `-a` and a message.
    private static func tag(_ command: Substring) -> String? {
        guard command.hasPrefix("git tag ") else { return nil }
        var words = command.dropFirst("git tag ".count).split(separator: " ")[...]
        while let word = words.first, word.hasPrefix("-") {
            if ["-d", "-l", "--list", "--delete", "-v", "-n"].contains(word) { return nil }
            words.removeFirst()
            if word == "-m" || word == "-F" { return nil }
        }
        return words.first.map { String($0.trimmed("\"'")) }
    }

    /// `**Tag:** `pre-sprint-44``, or "Tag HEAD as `pre-sprint-44` before you start".
    private static func tagInWords(_ text: Substring) -> String? {
        guard text.utf8.count < 200, text.holds("tag") else { return nil }
        guard text.words.first.map(["tag", "safety"].contains) == true else { return nil }
        let names = Inline.code(text).filter { !$0.contains(" ") && !$0.hasPrefix("-") && !$0.contains("..") }
        return text.words.contains("tag") && names.count == 1 ? names[0] : nil
    }

    /// `Push to main` as a step of its own.
    private static func asksForPush(_ text: String) -> Bool {
        let words = Inline.plain(text).words
        return words.count <= 8 && words.first == "push" && words.contains("main") && !words.contains("not")
    }

    // MARK: Concatenation

    /// `cat CHANGELOG-*.md >> CHANGELOG.md`, also as the body of a loop over files.
    private mutating func readConcatenation(_ part: Substring, loop: (variable: Substring, list: Substring)?, line: Int)
    {
        let command = part.hasPrefix("do ") ? part.dropFirst(3).trimmed : part
        guard command.hasPrefix("cat "), let arrow = command.firstRange(of: ">>") else { return }
        var names = Self.words(of: command[..<arrow.lowerBound].dropFirst(4))
        if let loop, names.count == 1, names[0].trimmed("${}") == loop.variable { names = Self.words(of: loop.list) }
        let target = Self.words(of: command[arrow.upperBound...]).first { !$0.hasPrefix("2>") }
        let sources = names.filter { !$0.hasPrefix("2>") }.compactMap { OwnedPath($0) }
        guard let destination = target.flatMap({ OwnedPath($0) }), !sources.isEmpty, sources.count == names.count else {
            return unclear(String(part), line: line)
        }
        add(sources, to: destination, line: line)
    }

    private static func words(of text: Substring) -> [Substring] {
        text.split { $0 == " " || $0 == "\t" }.map { $0.trimmed("\"'") }
            .filter { !$0.isEmpty && $0 != "/dev/null" && !$0.hasPrefix("2>") }
    }

    /// The variable and the list of `for f in CHANGELOG-*.md`.
    private static func loop(_ part: Substring) -> (variable: Substring, list: Substring)? {
        guard part.hasPrefix("for "), let list = part.firstRange(of: " in ") else { return nil }
        return (part[..<list.lowerBound].dropFirst(4).trimmed, part[list.upperBound...].trimmed)
    }

    /// "Concatenate `CHANGELOG-*.md` into `CHANGELOG.md`" in words; without paths it is only said to be unclear.
    private mutating func readWords(_ text: String, line: Int) {
        let words = text.words
        guard let verb = words.firstIndex(where: { ["concatenate", "concat", "concatenating"].contains($0) }),
            verb <= 3,
            !text.contains(">>")
        else { return }
        let paths = PathToken.mentions(in: text)
        guard paths.count >= 2, words.contains("into") || words.contains("to") || words.contains("onto"),
            let destination = paths.last
        else {
            if paths.count < 2, !isFollowedByCommand(line: line) { unclear(text, line: line) }
            return
        }
        add(Array(paths.dropLast()), to: destination, line: line)
    }

    /// A comment above the commands that do it needs no paths.
    private func isFollowedByCommand(line: Int) -> Bool {
        concatenations.contains { abs($0.line - line) <= 6 }
    }

    private mutating func add(_ sources: [OwnedPath], to destination: OwnedPath, line: Int) {
        let new = SprintPlan.Concatenation(sources: sources, destination: destination, line: line)
        guard !concatenations.contains(where: { $0.description == new.description }) else { return }
        concatenations.append(new)
    }

    private mutating func unclear(_ text: String, line: Int) {
        diagnostics.append(
            .init(
                line: line,
                severity: .warning,
                code: .unclearConcatenation,
                message: "\"\(text.prefix(80))\" does not say which files are joined into which: "
                    + "write it as `cat PATTERN >> FILE`"
            )
        )
    }
}
