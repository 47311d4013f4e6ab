import SwiftSyntax

/// Predicate formats put together from values.
struct PredicateInjection: Rule {
    let metadata = SwiftRule(
        id: "predicate-injection",
        title: "Predicate format built from values",
        why: "A quote in the value changes the predicate: filters are passed, and `FUNCTION(...)` calls any selector.",
        mend: "Write `%@` and `%K` in the format and give values as arguments, or use `#Predicate`.",
        cwe: [943],
        severity: .medium,
        examples: .init(
            wrong: [
                #"let predicate = NSPredicate(format: "name == '\(name)'")"#,
                #"let expression = NSExpression(format: input)"#,
                #"func filter(name: String) { let p = NSPredicate(format: "name = '" + name + "'") }"#,
            ],
            right: [
                #"let predicate = NSPredicate(format: "name == %@", name)"#,
                #"let predicate = NSPredicate(format: "\(Self.key) == %@", name)"#,
                #"let predicate = NSPredicate(value: true)"#,
                #"let predicate = NSPredicate(format: "%K == %@", #keyPath(User.name), name)"#,
            ]
        )
    )

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "NSPredicate", "NSExpression", "filter") {
            guard
                let format = call.argument(
                    anyOf: call.name == "filter" ? ["predicateFormat"] : ["format", "fromMetadataQueryString"])
            else { continue }
            check(format, at: call, file, &report)
        }
        checkRealm(file, &report)
    }

    /// Realm's `filter("name == '\(name)'")`.
    private func checkRealm(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "filter", "where")
        where call.arguments.count == 1 && call.trailingClosures.isEmpty {
            guard let format = call.unlabelled, format.single?.is(FunctionCallExprSyntax.self) != true else { continue }
            var evaluator = Evaluator(file, for: .predicate)
            let value = evaluator.value(of: format)
            let text = value.skeleton
            guard value.isOpen, value.isComposed, text.contains("'\u{FFFC}"),
                text.contains("=") || text.contains("CONTAINS")
            else { continue }
            report.add(call, "the format is built from values", confidence: value.confidence)
        }
    }

    private func check(_ format: Expression, at call: Call, _ file: SourceModel, _ report: inout Report) {
        let value = Evaluator.value(of: format, in: file, for: .predicate)
        guard value.isOpen else { return }
        report.add(
            call, "the format is built from values" + (value.origin.map { ": \($0)" } ?? ""),
            severity: value.trust == .external ? .high : .medium,
            confidence: value.isComposed || value.trust == .external ? value.confidence : .low)
    }
}
