import SwiftSyntax

/// Formats that are not fixed.
struct FormatString: Rule {
    let metadata = SwiftRule(
        id: "format-string",
        title: "Format text from a value",
        why: "A `%@` or `%s` in the value reads arguments that are not there: a crash, or memory given away.",
        mend:
            #"Fix the format and give the value as an argument: `String(format: "%@", value)`, `NSLog("%@", value)`."#,
        cwe: [134],
        severity: .medium,
        examples: .init(
            wrong: [
                "let text = String(format: userInput, name)",
                #"NSLog("user \(name) came in")"#,
                #"func warn(_ message: String) { NSLog(message) }"#,
                "let text = String.localizedStringWithFormat(readLine()!, 1)",
            ],
            right: [
                #"let text = String(format: "%.2f", amount)"#,
                #"NSLog("user %@ came in", name)"#,
                #"let text = String(format: NSLocalizedString("greeting", comment: ""), name)"#,
                #"let text = String(format: "%0\(width)d", number)"# + "\nlet width = 3",
                #"NSLog("done after \(items.count) items")"#,
            ]
        )
    )

    /// Functions that give a format from the program's own resources.
    private static let localizers = [
        "NSLocalizedString", "localizedString", "String(localized", "LocalizedStringResource", ".localized", "L10n",
        "#localized",
    ]

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(
            named: "String", "NSString", "NSMutableString", "appendingFormat", "appendFormat", "stringWithFormat",
            "localizedUserNotificationString", "raise")
        {
            if let format = call.argument("format") ?? (call.name.hasPrefix("append") ? call.unlabelled : nil) {
                check(format, at: call, file, &report)
            }
        }
        for call in file.calls(named: "localizedStringWithFormat", "NSLog", "NSLogv", "printf", "vprintf", "syslog")
        where call.base == nil || call.base == "String" || call.base == "NSString" || call.base == "Foundation" {
            let index = call.name == "syslog" ? 1 : 0
            if call.arguments.count > index, call.arguments[index].label == nil {
                check(call.arguments[index].value, at: call, file, &report)
            }
        }
        for call in file.calls(
            named: "fprintf", "vfprintf", "sprintf", "snprintf", "vsnprintf", "vasprintf", "asprintf")
        where call.base == nil {
            let index = call.name.contains("sn") ? 2 : 1
            if call.arguments.count > index { check(call.arguments[index].value, at: call, file, &report) }
        }
    }

    private func check(_ format: Expression, at call: Call, _ file: SourceModel, _ report: inout Report) {
        let text = format.text
        if Self.localizers.contains(where: text.contains) { return }
        let value = Evaluator.value(of: format, in: file, for: .format)
        guard value.isOpen,
            !Self.localizers.contains(where: { localizer in
                value.parts.contains { part in
                    if case .value(let node, _, _) = part { node.trimmedText.contains(localizer) } else { false }
                }
            })
        else { return }
        // A value from nowhere near, given whole, is most often a table of formats; inside a text it is a mistake.
        if value.trust == .unknown, !value.isComposed, format.single?.is(DeclReferenceExprSyntax.self) == false {
            return
        }
        let names = value.parts.compactMap { part in
            if case .value(let node, _, _) = part { node.path(limit: 1).last } else { nil }
        }
        let words = (names + [format.single?.path(limit: 1).last ?? ""]).flatMap { NameWords($0).words }
        let isNamedFormat =
            value.trust != .external && !value.isComposed
            && !Set(words).isDisjoint(with: ["format", "fmt", "template", "localized"])
        // Who is given format and arguments both only hands them on.
        if isNamedFormat, value.trust != .parameter || call.has("arguments") || call.name.hasPrefix("v") { return }
        report.add(
            call, "the format given to `\(call.name)` is not fixed" + (value.origin.map { ": \($0)" } ?? ""),
            severity: value.trust == .external ? .high : value.trust == .unknown || isNamedFormat ? .low : .medium,
            confidence: isNamedFormat ? .low : value.confidence)
    }
}
