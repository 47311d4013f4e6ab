import SwiftSyntax

/// Regular expressions made from values.
struct RegexInjection: Rule {
    let metadata = SwiftRule(
        id: "regex-injection",
        title: "Regular expression from outside",
        why: "A chosen pattern can take exponential time and stop the program, or match what it should not.",
        mend: "Escape the value with `NSRegularExpression.escapedPattern(for:)`, or compare texts without a pattern.",
        cwe: [730, 400],
        severity: .medium,
        examples: .init(
            wrong: [
                #"let pattern = try NSRegularExpression(pattern: "^\(CommandLine.arguments[1])$")"#,
                #"func search(_ term: String) throws -> Regex<AnyRegexOutput> { try Regex("\\b" + term) }"#,
                #"let range = text.range(of: field.text!, options: .regularExpression)"#,
                #"let range = text.range(of: "\(searchField.text!).*", options: .regularExpression)"#,
            ],
            right: [
                #"let pattern = try NSRegularExpression(pattern: "^[a-z]+$")"#,
                #"let pattern = try NSRegularExpression(pattern: "^" + NSRegularExpression.escapedPattern(for: term) + "$")"#,
                #"let range = text.range(of: term)"#,
            ]
        )
    )

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "NSRegularExpression", "Regex") {
            guard let pattern = call.argument("pattern") ?? (call.name == "Regex" ? call.unlabelled : nil) else {
                continue
            }
            check(pattern, at: call, file, &report)
        }
        for call in file.calls(named: "range", "replacingOccurrences", "ranges") {
            guard let pattern = call.argument("of"), let options = call.argument("options"),
                options.text.contains("regularExpression")
            else { continue }
            check(pattern, at: call, file, &report)
        }
    }

    private func check(_ pattern: Expression, at call: Call, _ file: SourceModel, _ report: inout Report) {
        let value = Evaluator.value(of: pattern, in: file, for: .regex)
        guard value.isOpen,
            value.trust == .external || value.isComposed || value.trust == .parameter && !asksForPattern(pattern)
        else { return }
        report.add(
            call, "the pattern is built from values" + (value.origin.map { ": \($0)" } ?? ""),
            severity: value.trust == .external ? .medium : .low,
            // By whom a function is given a whole pattern cannot be seen here.
            confidence: value.isComposed || value.trust == .external ? value.confidence : .low)
    }

    /// `func matches(pattern: String)` says itself that it wants a pattern: who makes one of a value is to blame.
    private func asksForPattern(_ pattern: Expression) -> Bool {
        let name = pattern.single?.as(DeclReferenceExprSyntax.self)?.baseName.text.lowercased() ?? ""
        return ["pattern", "regex", "regexp", "expression"].contains { name.hasSuffix($0) }
    }
}
