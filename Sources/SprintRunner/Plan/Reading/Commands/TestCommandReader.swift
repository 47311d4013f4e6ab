/// Finds the commands that have to pass after the merge, among all the test commands a plan holds.
struct TestCommandReader {
    private(set) var tests: [SprintPlan.TestCommand] = []
    private(set) var diagnostics: [SprintPlan.Diagnostic] = []

    /// - Parameter blocks: those outside the agents' parts and outside the preamble; side prompts are told apart by that.
    init(_ outline: PlanOutline, blocks: [Int]) {
        let inPreFlight: (Int) -> Bool = { outline.roles(above: $0).contains(.preFlight) }
        let afterwards = blocks.filter { index in
            !outline.roles(above: index).isDisjoint(with: [.afterAgents, .test]) && !inPreFlight(index)
        }
        for index in afterwards { read(outline, block: index) }
        if tests.isEmpty {
            for index in blocks where !inPreFlight(index) { read(outline, block: index) }
        }
        if tests.isEmpty {
            for index in afterwards { readAnnounced(outline, block: index) }
        }
        if tests.isEmpty {
            diagnostics.append(
                .init(
                    line: 1,
                    severity: .note,
                    code: .noTest,
                    message:
                        "no test command for after the merge is found: write one in the merge section or give --test"
                )
            )
        }
    }

    private mutating func read(_ outline: PlanOutline, block: Int) {
        let isFence = if case .fence = outline.blocks[block].kind { true } else { false }
        var setup: [String] = []
        for (line, number) in outline.commandLines(of: block) {
            let command = ShellCommand(text: line)
            if isFence, command.isSetup, !setup.contains(line) { setup.append(line) }
            if command.isTest { add(command, setup: setup.filter { !line.contains($0) }, line: number) }
        }
    }

    /// A command that no test runner's name gives away: in code after "Run:" or "Gate:", or in a fence headed "Tests".
    private mutating func readAnnounced(_ outline: PlanOutline, block: Int) {
        let isTestFence =
            if case .fence = outline.blocks[block].kind { outline.nearestRoles(above: block).contains(.test) } else {
                false
            }
        let announced = outline.textLines(of: block).filter { line in
            guard let label = LabelledLine(line.text)?.label.words else { return false }
            return !Set(label).isDisjoint(with: ["run", "gate", "test", "tests", "check", "checks", "verify"])
        }.map(\.number)
        for (line, number) in outline.commandLines(of: block) {
            let command = ShellCommand(text: line)
            guard isTestFence || announced.contains(number) || command.isCheck else { continue }
            guard !command.isSetup, command.parts.contains(where: { !Self.isHousekeeping($0) }) else { continue }
            add(command, setup: [], line: number)
        }
    }

    private static func isHousekeeping(_ part: Substring) -> Bool {
        let words = part.split(separator: " ")
        return words.count < 1 || ["git", "cat", "cd", "echo", "source", "export"].contains(words[0])
            || (words.count == 1 && OwnedPath(part) != nil && !part.hasPrefix("./"))
    }

    private mutating func add(_ command: ShellCommand, setup: [String], line: Int) {
        if command.losesStatus {
            let what =
                command.isInBackground ? "runs in the background and is left out" : "ends in a pipe or in \"|| true\""
            diagnostics.append(
                .init(
                    line: line,
                    severity: .warning,
                    code: .lostTestStatus,
                    message:
                        "\"\(command.text)\" \(what), so that its failure may go unseen: let the tests' own exit status through"
                )
            )
        }
        let text = command.withoutComment
        guard !command.isInBackground, !text.isEmpty, !tests.contains(where: { $0.command == text }) else { return }
        tests.append(.init(command: text, setup: setup, line: line))
    }
}
