import SwiftSyntax

/// Shell text or programs chosen by values.
struct CommandInjection: Rule {
    let metadata = SwiftRule(
        id: "command-injection",
        title: "Command built from values",
        why:
            "A shell reads `;`, `$(...)` and quotes in a value as commands; a program started by a chosen name is any program.",
        mend:
            "Start the program itself with its arguments as a list (`Process.arguments`, Subprocess), after `--` where "
            + "they may begin with a dash, and never through `sh -c`.",
        cwe: [78, 88],
        severity: .high,
        examples: .init(
            wrong: [
                #"""
                func list(folder: String) throws {
                    let process = Process()
                    process.executableURL = URL(fileURLWithPath: "/bin/sh")
                    process.arguments = ["-c", "ls \(folder)"]
                    try process.run()
                }
                """#,
                #"func erase(path: String) { system("rm -rf " + path) }"#,
                #"let pipe = popen("grep \(pattern) file", "r")"#,
                #"let result = try await run(.path("/bin/bash"), arguments: ["-c", "echo \(name)"])"#,
                "process.executableURL = URL(fileURLWithPath: CommandLine.arguments[1])",
            ],
            right: [
                #"""
                func list(folder: String) throws {
                    let process = Process()
                    process.executableURL = URL(fileURLWithPath: "/bin/ls")
                    process.arguments = ["--", folder]
                    try process.run()
                }
                """#,
                #"system("clear")"#,
                #"""
                let process = Process()
                process.launchPath = "/bin/sh"
                process.arguments = ["-c", "uptime | cut -c1-10"]
                """#,
            ]
        )
    )

    private static let shells: Set<String> = [
        "sh", "bash", "zsh", "dash", "ksh", "fish", "csh", "tcsh", "cmd", "cmd.exe", "powershell", "pwsh", "osascript",
    ]
    private static let interpreters: Set<String> = shells.union([
        "env", "python", "python3", "perl", "ruby", "node", "xargs", "ssh", "su", "sudo",
    ])
    private static let functions: Set<String> = [
        "system", "popen", "shellOut", "shell", "runShell", "bash", "runCommand", "runBash", "executeShell",
        "shellCommand", "sh", "runShellCommand", "wordexp",
    ]

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: Self.functions) { checkFunction(call, file, &report) }
        for assignment in file.assignments where assignment.path.last == "arguments" || assignment.path.last == "args" {
            check(Arguments(assignment.value), at: .assignment(assignment), file, &report)
        }
        for call in file.calls {
            guard let arguments = call.argument(anyOf: ["arguments", "args", "withArguments"]), isLaunch(call) else {
                continue
            }
            check(Arguments(arguments), at: .call(call), file, &report)
        }
        for call in file.calls(named: "shellOut") {
            guard let arguments = call.argument("arguments") else { continue }
            let value = Evaluator.value(of: arguments, in: file, for: .shell)
            guard value.isOpen else { continue }
            report.add(
                call, "`shellOut` joins its arguments to one text for a shell" + (value.origin.map { ": \($0)" } ?? ""),
                severity: .medium, confidence: value.confidence)
        }
        checkPrograms(file, &report)
        for call in file.calls(
            named: "execl", "execlp", "execle", "execv", "execvp", "execve", "posix_spawn", "posix_spawnp")
        {
            let index = call.name.hasPrefix("posix") ? 1 : 0
            guard call.arguments.count > index else { continue }
            let value = Evaluator.value(of: call.arguments[index].value, in: file, for: .shell)
            if value.trust == .external {
                report.add(call, "the program is chosen by \(value.origin ?? "a value")", confidence: .high)
            }
        }
        for call in file.calls(named: "execl", "execlp", "execle") {
            checkScript(Arguments(items: call.arguments.map(\.value)), at: call, file, &report)
        }
        for call in file.calls(named: "execv", "execvp", "execve", "posix_spawn", "posix_spawnp") {
            let index = call.name.hasPrefix("posix") ? 4 : 1
            guard call.arguments.count > index, let list = list(behind: call.arguments[index].value, file) else {
                continue
            }
            checkScript(Arguments(list), at: call, file, &report)
        }
        for assignment in file.assignments where assignment.path.last == "arguments" {
            checkSplitting(assignment, file, &report)
        }
        for call in file.calls(named: "NSAppleScript", "NSUserAppleScriptTask") {
            guard let source = call.argument("source") else { continue }
            let value = Evaluator.value(of: source, in: file, for: .shell)
            if value.isOpen, value.parts.count > 1 {
                report.add(
                    call, "the script is built from values" + (value.origin.map { ": \($0)" } ?? ""),
                    confidence: value.confidence)
            }
        }
    }

    /// `system(text)`, and helpers whose name says that they give their text to a shell.
    private func checkFunction(_ call: Call, _ file: SourceModel, _ report: inout Report) {
        let isC = ["system", "popen", "wordexp"].contains(call.name)
        if isC, let base = call.base, !CLibrary.names.contains(base) { return }
        guard let text = call.unlabelled ?? call.argument(anyOf: ["command", "to", "cmd", "script"]) else { return }
        let value = Evaluator.value(of: text, in: file, for: .shell)
        guard value.isOpen, value.trust == .external || value.isComposed || isC else { return }
        let isWhole = !value.isComposed && value.trust != .external
        report.add(
            call, "the command given to `\(call.name)` is built from values" + (value.origin.map { ": \($0)" } ?? ""),
            severity: isWhole ? .medium : .high,
            confidence: isWhole ? .low : isC ? max(value.confidence, .medium) : value.confidence)
    }

    private func isLaunch(_ call: Call) -> Bool {
        [
            "run", "Process", "launchedProcess", "launchProcess", "Subprocess", "execute", "spawn", "Arguments",
            "AsyncProcess", "shellOut", "TSCProcess", "start", "launch", "popen", "checkNonZeroExit", "Configuration",
            "runProcess", "exec",
        ].contains(call.name)
    }

    private enum Place {
        case assignment(Assignment)
        case call(Call)
    }

    private struct Arguments {
        let items: [Expression]

        init(items: [Expression]) { self.items = items }

        /// The elements of an array literal, also of one wrapped in `.init(...)` or `Arguments(...)`.
        init(_ list: Expression) {
            var node = list.single
            if let call = node?.as(FunctionCallExprSyntax.self), call.arguments.count == 1 {
                node = call.arguments.first?.expression.unwrapped
            }
            let joined = list.elements.filter { !$0.is(BinaryOperatorExprSyntax.self) }
            if joined.count > 1, joined.allSatisfy({ $0.is(ArrayExprSyntax.self) }) {
                items = joined.flatMap { $0.as(ArrayExprSyntax.self)?.elements.map(\.expression) ?? [] }
                    .map { Expression($0, in: list.scope) }
                return
            }
            items =
                node?.as(ArrayExprSyntax.self)?.elements.map {
                    Expression(Self.text(of: $0.expression), in: list.scope)
                }
                ?? [list]
        }

        /// The text that `strdup(text)` copies, as lists for C hold it.
        private static func text(of item: ExprSyntax) -> ExprSyntax {
            guard let call = item.unwrapped.as(FunctionCallExprSyntax.self),
                call.calledExpression.path(limit: 1) == ["strdup"], let text = call.arguments.first
            else { return item }
            return text.expression
        }

        /// The text that a shell is given: what follows `-c`.
        var script: Expression? {
            guard
                let flag = items.firstIndex(where: {
                    ["-c", "-lc", "-ec", "-euc", "-ic", "-e", "/c", "-Command", "-xc", "-cl"].contains(
                        $0.single?.literalText ?? "")
                }), flag + 1 < items.count
            else { return nil }
            return items[flag + 1]
        }

        /// What ssh gives to the shell of the other machine: its last argument, where that is a text with spaces.
        var remoteCommand: Expression? {
            guard items.count > 1, let last = items.last,
                let text = last.elements.lazy.compactMap({ $0.as(StringLiteralExprSyntax.self) }).first,
                text.segments.contains(where: { $0.as(StringSegmentSyntax.self)?.content.text.contains(" ") == true })
            else { return nil }
            return last
        }
    }

    private func check(_ arguments: Arguments, at place: Place, _ file: SourceModel, _ report: inout Report) {
        let list = resolved(arguments, file) ?? arguments
        let program = program(place, file)
        guard let script = program == "ssh" ? list.remoteCommand : arguments.script ?? list.script,
            program == "ssh" || startsShell(program, arguments)
        else { return }
        let value = Evaluator.value(of: script, in: file, for: .shell)
        guard value.isOpen else { return }
        let message = "a shell is given text built from values" + (value.origin.map { ": \($0)" } ?? "")
        let isWhole = !value.isComposed && value.trust != .external
        let severity: SwiftSeverity = isWhole ? .medium : .high
        switch place {
        case .assignment(let assignment):
            report.add(assignment.node, in: assignment.scope, message, severity: severity, confidence: value.confidence)
        case .call(let call): report.add(call, message, severity: severity, confidence: value.confidence)
        }
    }

    private func checkScript(_ arguments: Arguments, at call: Call, _ file: SourceModel, _ report: inout Report) {
        guard let script = arguments.script else { return }
        let value = Evaluator.value(of: script, in: file, for: .shell)
        guard value.isOpen else { return }
        report.add(call, "a shell is given text built from values", confidence: value.confidence)
    }

    /// The array literal that a list of C strings is made from: behind `&`, names, `map { strdup($0) }` and `+ [nil]`.
    private func list(behind list: Expression, _ file: SourceModel, depth: Int = 0) -> Expression? {
        guard depth < 6, var node = list.elements.first?.unwrapped else { return nil }
        if let reference = node.as(InOutExprSyntax.self) { node = reference.expression.unwrapped }
        if node.is(ArrayExprSyntax.self) { return Expression(node, in: list.scope) }
        if let name = node.as(DeclReferenceExprSyntax.self)?.baseName.text {
            return file.binding(named: name, from: list.scope, before: node.range.lowerBound)?.value
                .flatMap { self.list(behind: $0, file, depth: depth + 1) }
        }
        return node.as(FunctionCallExprSyntax.self)?.calledExpression.as(MemberAccessExprSyntax.self)?.base
            .flatMap { self.list(behind: Expression($0, in: list.scope), file, depth: depth + 1) }
    }

    /// A text with values in it, cut at its spaces: a value with spaces becomes several arguments.
    private func checkSplitting(_ assignment: Assignment, _ file: SourceModel, _ report: inout Report) {
        let path = assignment.value.single?.path() ?? []
        guard path.contains("split()") || path.contains("components()") else { return }
        let value = Evaluator.value(of: assignment.value, in: file, for: .shell)
        guard value.isOpen, value.isComposed || value.trust == .external else { return }
        report.add(
            assignment.node, in: assignment.scope, "arguments are cut out of a text built from values",
            severity: .medium,
            confidence: value.confidence
        )
    }

    /// The array behind a name.
    private func resolved(_ arguments: Arguments, _ file: SourceModel) -> Arguments? {
        guard arguments.items.count == 1, let node = arguments.items[0].single,
            let name = node.as(DeclReferenceExprSyntax.self)?.baseName.text,
            let value = file.binding(named: name, from: arguments.items[0].scope, before: node.range.lowerBound)?.value
        else { return nil }
        return Arguments(value)
    }

    /// The last part of the path of the program that is started, where it can be seen.
    private func program(_ place: Place, _ file: SourceModel) -> String? {
        var program: String?
        switch place {
        case .assignment(let assignment):
            let owner = assignment.path.dropLast()
            let setting = file.assignments.last { other in
                file.spend() && ["executableURL", "launchPath"].contains(other.path.last ?? "")
                    && other.path.dropLast().elementsEqual(owner)
                    && other.scope.enclosingFunction === assignment.scope.enclosingFunction
            }
            program = setting.flatMap { Evaluator.value(of: $0.value, in: file).text }
        case .call(let call):
            let tool = call.unlabelled ?? call.argument(anyOf: ["executable", "launchPath", "executableURL", "path"])
            var value = tool.flatMap { Evaluator.value(of: $0, in: file).text }
            if value == nil, let inner = tool?.single?.as(FunctionCallExprSyntax.self)?.arguments.first, let tool {
                value = Evaluator.value(of: Expression(inner.expression, in: tool.scope), in: file).text
            }
            program = value
        }
        return program.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
    }

    /// Whether a shell is started, to which alone `-c` means a script.
    ///
    /// What cannot be seen counts as one.
    private func startsShell(_ program: String?, _ arguments: Arguments) -> Bool {
        if let program { return Self.interpreters.contains(program) }
        let flag = arguments.items.first?.single?.literalText ?? ""
        return flag.hasPrefix("-") ? ["-c", "-lc", "-ec"].contains(flag) : Self.shells.contains(flag)
    }

    /// Programs that come from outside.
    private func checkPrograms(_ file: SourceModel, _ report: inout Report) {
        for assignment in file.assignments where ["executableURL", "launchPath"].contains(assignment.path.last ?? "") {
            let value = Evaluator.value(of: assignment.value, in: file, for: .shell)
            // The program itself, started once more.
            if value.trust == .external, !assignment.value.text.contains("arguments[0]") {
                report.add(
                    assignment.node, in: assignment.scope,
                    "the program is chosen by \(value.origin ?? "outside input")", confidence: .high)
            }
        }
    }
}

extension Value {
    /// Whether literal text and values are put together.
    var isComposed: Bool {
        parts.count > 1 && parts.contains { if case .literal(let text) = $0 { !text.isEmpty } else { false } }
    }
}
