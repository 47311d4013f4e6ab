import SwiftSyntax

/// Answers that every site may read.
struct PermissiveCORS: Rule {
    let metadata = SwiftRule(
        id: "permissive-cors",
        title: "Every origin allowed",
        why: "Scripts of any site read the answers; with credentials allowed, those of the signed-in user.",
        mend:
            "Name the origins: `.any([\"https://shop.com\"])` in Vapor, `.custom(\"https://shop.com\")` in Hummingbird.",
        cwe: [942, 346],
        severity: .medium,
        examples: .init(
            wrong: [
                "let cors = CORSMiddleware.Configuration(allowedOrigin: .all, allowedMethods: [.GET], allowedHeaders: [])",
                "router.add(middleware: CORSMiddleware(allowOrigin: .all, allowMethods: [.get]))",
                #"response.headers[.accessControlAllowOrigin] = "*""#,
                #"headers.add(name: "Access-Control-Allow-Origin", value: "*")"#,
                #"let headers: HTTPHeaders = ["Access-Control-Allow-Origin": "*"]"#,
                "let cors = CORSMiddleware(allowOrigin: .originBased, allowCredentials: true)",
            ],
            right: [
                #"let cors = CORSMiddleware.Configuration(allowedOrigin: .any(["https://shop.com"]), allowedMethods: [.GET], allowedHeaders: [])"#,
                #"router.add(middleware: CORSMiddleware(allowOrigin: .custom("https://shop.com")))"#,
                "router.add(middleware: CORSMiddleware(allowOrigin: .originBased))",
                #"headers.add(name: "Access-Control-Allow-Origin", value: origin)"#,
            ]
        )
    )

    var words: [String] { ["allowOrigin", "allowedOrigin", "allow-origin"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls {
            for label in ["allowedOrigin", "allowOrigin"] {
                guard let value = call.memberName(label) else { continue }
                let credentials =
                    call.argument(anyOf: ["allowCredentials", "allowsCredentials"]).map {
                        Evaluator.value(of: $0, in: file).boolean == true
                    } ?? false
                if value == "all" {
                    report.add(
                        call, "every origin is allowed" + (credentials ? ", with credentials" : ""),
                        severity: credentials ? .high : .medium, confidence: .high)
                } else if value == "originBased", credentials {
                    report.add(
                        call, "every origin is repeated back, with credentials", severity: .high, confidence: .high)
                } else if call.argument(label)?.single?.as(FunctionCallExprSyntax.self)?.arguments.first?.expression
                    .literalText == "*"
                {
                    report.add(call, "every origin is allowed", confidence: .high)
                }
            }
            if isHeader(call.argument(anyOf: ["name", "forHTTPHeaderField", "forKey"]) ?? call.unlabelled),
                let value = call.argument("value") ?? (call.has("forHTTPHeaderField") ? call.unlabelled : nil)
            {
                check(value, call.range(in: file.text), call.scope, file, &report)
            }
        }
        for assignment in file.assignments {
            let target = assignment.target.trimmedText
            if target.contains("accessControlAllowOrigin") || target.contains("Access-Control-Allow-Origin") {
                check(assignment.value, assignment.node.range, assignment.scope, file, &report)
            }
        }
        for element in file.dictionaryElements where isHeader(Expression(element.node.key, in: element.scope)) {
            check(Expression(element.node.value, in: element.scope), element.node.range, element.scope, file, &report)
        }
        for tuple in file.strings where tuple.text?.lowercased() == "access-control-allow-origin" {
            guard let elements = tuple.node.parent?.parent?.as(LabeledExprListSyntax.self),
                elements.parent?.is(TupleExprSyntax.self) == true, let last = elements.last, elements.count == 2
            else { continue }
            check(Expression(last.expression, in: tuple.scope), elements.range, tuple.scope, file, &report)
        }
    }

    private func isHeader(_ name: Expression?) -> Bool {
        guard let node = name?.single, let text = node.literalText ?? node.path(limit: 1).last, text.utf8.count < 32
        else {
            return false
        }
        return text.lowercased().replacing("-", with: "") == "accesscontrolalloworigin"
    }

    private func check(
        _ value: Expression, _ range: Range<Int>, _ scope: Scope, _ file: SourceModel, _ report: inout Report
    ) {
        let found = Evaluator.value(of: value, in: file)
        let listed = value.single?.as(ArrayExprSyntax.self)?.elements.map(\.expression.literalText) ?? []
        if found.text == "*" || listed.contains("*") {
            report.add(range, in: scope, "every origin is allowed", confidence: .high)
        } else if found.trust == .external, value.text.lowercased().contains("origin"), !isChecked(range, scope, file) {
            report.add(
                range, in: scope, "the origin of the request is repeated back", severity: .medium, confidence: .medium)
        }
    }

    /// Whether the place is behind an `if` or `guard` that looks for the origin in a list.
    private func isChecked(_ range: Range<Int>, _ scope: Scope, _ file: SourceModel) -> Bool {
        guard let function = scope.enclosingFunction else { return false }
        guard !file.words(in: function).isDisjoint(with: ["contains", "hasSuffix", "=="]) else { return false }
        return function.node.tokens(viewMode: .sourceAccurate).contains { token in
            guard ["contains", "hasSuffix", "=="].contains(token.text), token.range.lowerBound < range.upperBound else {
                return false
            }
            for ancestor in sequence(first: Syntax(token), next: \.parent).prefix(24) {
                if let statement = ancestor.as(GuardStmtSyntax.self) {
                    return statement.range.upperBound <= range.lowerBound
                }
                if let choice = ancestor.as(IfExprSyntax.self) { return choice.range.overlaps(range) }
                if let ternary = ancestor.as(SequenceExprSyntax.self), ternary.range.overlaps(range) { return true }
            }
            return false
        }
    }
}
