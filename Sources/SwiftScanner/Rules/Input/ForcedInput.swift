import SwiftSyntax

/// `try!`, `!` and `as!` on what comes from outside.
struct ForcedInput: Rule {
    let metadata = SwiftRule(
        id: "forced-input",
        title: "Crash on unexpected input",
        why:
            "Whoever sends something else than expected stops the program: for a server, everybody's requests with it.",
        mend: "Handle the other case: `guard let`, `try` with `catch`, `as?`.",
        cwe: [248, 20, 617],
        severity: .medium,
        examples: .init(
            wrong: [
                "let user = try! JSONDecoder().decode(User.self, from: data)",
                #"let id = req.parameters.get("id")!"#,
                "let count = Int(readLine()!)!",
                "let object = try! JSONSerialization.jsonObject(with: data) as! [String: Any]",
                "func open(link: String) { load(URL(string: link)!) }",
                "let port = Int(CommandLine.arguments[1])!",
            ],
            right: [
                #"let pattern = try! NSRegularExpression(pattern: "^[a-z]+$")"#,
                #"let home = URL(string: "https://www.swift.org")!"#,
                "let user = try JSONDecoder().decode(User.self, from: data)",
                "let first = list.first!",
                "let bytes = text.data(using: .utf8)!",
            ]
        )
    )

    private static let decoders: Set<String> = [
        "decode", "jsonObject", "propertyList", "unarchivedObject", "attributesOfItem",
        "unarchiveTopLevelObjectWithData", "XMLDocument", "dataTask", "bytes", "upload", "download",
    ]
    private static let parsers: Set<String> = [
        "Int", "Double", "UInt", "URL", "UUID", "Int64", "Float", "Decimal", "URLComponents", "Int32", "UInt16",
        "UInt8", "UInt64", "UInt32", "Date", "NSURL", "URLRequest",
    ]

    /// Labels of calls that give nothing when there is no such file.
    private static let openers: Set<String> = ["atPath", "fileAtPath", "forReadingAtPath", "forWritingAtPath"]

    func check(_ file: SourceModel, _ report: inout Report) {
        for item in file.tries where item.node.questionOrExclamationMark?.text == "!" { checkTry(item, file, &report) }
        for item in file.forceUnwraps { checkUnwrap(item, file, &report) }
        for cast in file.casts where cast.node.questionOrExclamationMark?.text == "!" { checkCast(cast, file, &report) }
    }

    private func checkTry(_ item: Placed<TryExprSyntax>, _ file: SourceModel, _ report: inout Report) {
        let names = callNames(in: item.node.expression)
        if let name = names.first(where: Self.decoders.contains), name != "decode" || isDecoder(item.node.expression) {
            // What the program itself made or bundles is decoded without danger.
            let decoded = item.node.expression.unwrapped.as(FunctionCallExprSyntax.self)?.arguments
                .first { $0.label?.text == "from" }?.expression
            if let decoded,
                Evaluator.value(of: Expression(decoded, in: item.scope), in: file).trust <= .harmless
            {
                return
            }
            if file.isBundled(item.node.expression, in: item.scope) { return }
            report.add(
                item.node, in: item.scope, "`try!` on `\(name)` crashes when the data is not as expected",
                confidence: .medium)
            return
        }
        let call = item.node.expression.unwrapped.as(FunctionCallExprSyntax.self)
        if let origin = ExternalInput.origin(of: item.node.expression.path()) {
            report.add(item.node, in: item.scope, "`try!` crashes on what \(origin) brings", confidence: .high)
            return
        }
        let value = Evaluator.value(of: Expression(item.node.expression, in: item.scope), in: file)
        if value.trust != .external, value.isOpen, let label = call?.arguments.first?.label?.text,
            ["contentsOf", "contentsOfFile"].contains(label),
            call?.calledExpression.path(limit: 1).last?.first?.isUppercase == true,
            !file.isBundled(item.node.expression, in: item.scope)
        {
            report.add(
                item.node, in: item.scope, "`try!` crashes when the file cannot be read", severity: .low,
                confidence: .low
            )
        }
        if value.trust == .external {
            report.add(
                item.node, in: item.scope, "`try!` crashes on what \(value.origin ?? "outside input") brings",
                confidence: .high)
        }
    }

    /// `decode` of a decoder, not of a row or an enumeration.
    private func isDecoder(_ node: ExprSyntax) -> Bool {
        node.path().dropLast().contains { $0.lowercased().contains("decoder") || $0 == "content" }
    }

    private func callNames(in node: ExprSyntax) -> [String] {
        node.path().filter { $0.hasSuffix("()") }.map { String($0.dropLast(2)) }
    }

    private func checkUnwrap(_ item: Placed<ForceUnwrapExprSyntax>, _ file: SourceModel, _ report: inout Report) {
        let inner = item.node.expression.unwrapped
        let path = inner.path()
        if let origin = ExternalInput.origin(of: path), origin != "the pasteboard" || path.last == "string" {
            report.add(
                item.node, in: item.scope, "`!` crashes when \(origin) brings nothing",
                severity: origin == "a text field" ? .low : .medium, confidence: origin == "a text field" ? .low : .high
            )
            return
        }
        let last = path.last.map { $0.replacing("()", with: "") } ?? ""
        if last == "[]", path.dropLast().last == "environment", path.contains("processInfo") {
            report.add(
                item.node, in: item.scope, "`!` crashes when the environment lacks the variable", severity: .low,
                confidence: .medium)
            return
        }
        if let call = inner.as(FunctionCallExprSyntax.self), Self.parsers.contains(last),
            let argument = call.arguments.first
        {
            let value = Evaluator.value(of: Expression(argument.expression, in: item.scope), in: file, for: .url)
            guard value.isOpen,
                argument.label.map({ ["string", "from", "uuidString", "radix", "truncating"].contains($0.text) })
                    ?? true
            else { return }
            if value.trust == .unknown || isTypedOtherwise(argument.expression, item.scope, file) { return }
            report.add(
                item.node, in: item.scope,
                "`!` crashes when the text is no \(last)" + (value.origin.map { ": \($0)" } ?? ""),
                severity: value.trust == .external ? .medium : .low, confidence: value.trust == .external ? .high : .low
            )
        } else if let call = inner.as(FunctionCallExprSyntax.self), let argument = call.arguments.first,
            Self.openers.contains(argument.label?.text ?? "")
        {
            let value = Evaluator.value(of: Expression(argument.expression, in: item.scope), in: file, for: .url)
            guard value.trust == .external else { return }
            report.add(
                item.node, in: item.scope, "`!` crashes when \(value.origin ?? "outside input") names no file",
                confidence: .medium)
        } else if path.contains("queryItems") || path.suffix(3).contains("jsonObject()") {
            report.add(item.node, in: item.scope, "`!` crashes when the input lacks the part", confidence: .medium)
        } else {
            let value = Evaluator.value(of: Expression(inner, in: item.scope), in: file)
            if value.trust == .external, !["data", "baseURL"].contains(last) {
                report.add(
                    item.node, in: item.scope, "`!` crashes on what \(value.origin ?? "outside input") brings",
                    confidence: .medium)
            }
        }
    }

    /// Whether a name is written to be of a type that is no text, so that a conversion of it parses nothing.
    private func isTypedOtherwise(_ node: ExprSyntax, _ scope: Scope, _ file: SourceModel) -> Bool {
        guard let name = node.unwrapped.as(DeclReferenceExprSyntax.self)?.baseName.text,
            let type = file.binding(named: name, from: scope, before: node.range.lowerBound)?.typeName,
            type.utf8.count > 2, type.first?.isUppercase == true
        else { return false }
        return !["String", "Character", "Text", "Data", "Bytes", "Any"].contains(where: type.contains)
    }

    private func checkCast(_ cast: Placed<UnresolvedAsExprSyntax>, _ file: SourceModel, _ report: inout Report) {
        guard let elements = cast.node.parent?.as(ExprListSyntax.self).map(Array.init),
            let index = elements.firstIndex(where: { $0.id == cast.node.id }), index > 0
        else { return }
        let operand = elements[index - 1]
        let names = callNames(in: operand.unwrapped)
        let value = Evaluator.value(of: Expression(operand, in: cast.scope), in: file)
        let comesFromJSON = isJSON(operand.unwrapped, cast.scope, file, depth: 0)
        guard
            names.contains(where: { ["jsonObject", "propertyList", "unarchivedObject"].contains($0) })
                || value.trust == .external || comesFromJSON, !report.covers(operand.range)
        else { return }
        report.add(
            cast.node.parent.map { Syntax($0) } ?? Syntax(cast.node), in: cast.scope,
            "`as!` crashes when the input has another type", confidence: .medium)
    }

    /// Whether a value is (a part of) parsed JSON.
    private func isJSON(_ node: ExprSyntax, _ scope: Scope, _ file: SourceModel, depth: Int) -> Bool {
        guard depth < 4 else { return false }
        var base = node.unwrapped
        while let access = base.as(SubscriptCallExprSyntax.self) { base = access.calledExpression.unwrapped }
        guard let name = base.as(DeclReferenceExprSyntax.self)?.baseName.text,
            let value = file.binding(named: name, from: scope, before: base.range.lowerBound)?.value,
            let first = value.elements.first
        else { return false }
        if first.trimmedText.contains("JSONSerialization.jsonObject") { return true }
        return isJSON(first, value.scope, file, depth: depth + 1)
    }
}
