import SwiftSyntax

/// Regular expressions that can take exponential time.
struct RegexBlowup: Rule {
    let metadata = SwiftRule(
        id: "regex-blowup",
        title: "Regular expression with exponential time",
        why:
            "A repeat inside a repeat can be gone through in exponentially many ways: some thirty characters that do not "
            + "match keep a core busy for minutes.",
        mend: "Make each round begin or end with a character that the inner repeat cannot match, or use possessive "
            + "repeats (`++`) or atomic groups; bound the length of the input.",
        cwe: [1333, 400],
        severity: .medium,
        examples: .init(
            wrong: [
                #"let pattern = try NSRegularExpression(pattern: "^(a+)+$")"#,
                #"let pattern = /^(\w+\s?)*$/"#,
                #"let pattern = try Regex("^([a-zA-Z0-9]+)*@")"#,
                #"let isName = text.range(of: "^(\\w|\\d)+!$", options: .regularExpression) != nil"#,
                #"let test = NSPredicate(format: "SELF MATCHES %@", "^(([a-z])+.)+[A-Z]([a-z])+$")"#,
            ],
            right: [
                #"let pattern = try NSRegularExpression(pattern: "^a+$")"#,
                #"let pattern = /^(\w+,)*\w+$/"#,
                #"let pattern = try Regex("^(?:[0-9]{1,3}\\.){3}[0-9]{1,3}$")"#,
                #"let pattern = /(\s*\w+\s*=\s*"[^"]*")*/"#,
                #"let pattern = try NSRegularExpression(pattern: "^(?>a+)+$")"#,
            ]
        )
    )

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "NSRegularExpression", "Regex") {
            guard let pattern = call.argument("pattern") ?? (call.name == "Regex" ? call.unlabelled : nil) else {
                continue
            }
            check(pattern, at: call.range(in: file.text), in: call.scope, file, &report)
        }
        for call in file.calls(named: "range", "replacingOccurrences", "ranges") {
            guard let pattern = call.argument("of"),
                call.argument("options")?.text.contains("regularExpression") == true
            else { continue }
            check(pattern, at: call.range(in: file.text), in: call.scope, file, &report)
        }
        for call in file.calls(named: "NSPredicate")
        where call.argument("format")?.text.contains("MATCHES") == true && call.arguments.count > 1 {
            check(call.arguments[1].value, at: call.range(in: file.text), in: call.scope, file, &report, isWhole: true)
        }
        checkBuilders(file, &report)
        for regex in file.regexes {
            judge(
                regex.node.regex.text, at: regex.node.range, in: regex.scope, isWhole: isMatchedWhole(regex, file),
                &report)
        }
    }

    private func check(
        _ pattern: Expression, at range: Range<Int>, in scope: Scope, _ file: SourceModel, _ report: inout Report,
        isWhole: Bool = false
    ) {
        guard let text = Evaluator.value(of: pattern, in: file).text else { return }
        judge(text, at: range, in: scope, isWhole: isWhole, &report)
    }

    /// `OneOrMore { OneOrMore(.word) }` of RegexBuilder.
    private func checkBuilders(_ file: SourceModel, _ report: inout Report) {
        let repeats: Set<String> = ["OneOrMore", "ZeroOrMore"]
        for call in file.calls(named: repeats) {
            guard let closure = call.trailingClosures.first, closure.statements.count == 1,
                case .expr(let inner) = closure.statements.first?.item,
                let name = inner.unwrapped.as(FunctionCallExprSyntax.self)?.calledExpression.path(limit: 1).last,
                repeats.contains(name)
            else { continue }
            report.add(call, "a repeat inside a repeat can take exponential time", confidence: .medium)
        }
    }

    private func judge(_ pattern: String, at range: Range<Int>, in scope: Scope, isWhole: Bool, _ report: inout Report)
    {
        switch RegexBlowupAnalysis.verdict(on: pattern, isWhole: isWhole) {
        case .fine: return
        case .ambiguous:
            report.add(
                range, in: scope,
                "a repeat inside a repeat is ambiguous; a whole match with it can take exponential time",
                severity: .low, confidence: .low)
        case .exponential:
            report.add(range, in: scope, "a repeat inside a repeat can take exponential time", confidence: .high)
        }
    }

    private func isMatchedWhole(_ regex: Placed<RegexLiteralExprSyntax>, _ file: SourceModel) -> Bool {
        guard let argument = regex.node.parent?.as(LabeledExprSyntax.self),
            let call = argument.parent?.parent?.as(FunctionCallExprSyntax.self)
        else { return false }
        return call.calledExpression.path(limit: 1).last == "wholeMatch"
    }
}
