import SwiftSyntax

/// Redirects to an address from the request.
struct OpenRedirect: Rule {
    let metadata = SwiftRule(
        id: "open-redirect",
        title: "Redirect to an address from outside",
        why: "A link to this site that ends on another one makes phishing believable and hands tokens over.",
        mend: "Redirect to paths of this site only: check for a single leading `/`, or choose from a fixed list.",
        cwe: [601],
        severity: .medium,
        examples: .init(
            wrong: [
                #"""
                app.get("out") { req in
                    let next: String = try req.query.get(at: "next")
                    return req.redirect(to: next)
                }
                """#,
                #"""
                func out(_ request: Request, context: Context) -> Response {
                    Response.redirect(to: request.uri.queryParameters["next"] ?? "/")
                }
                """#,
            ],
            right: [
                #"""
                app.get("out") { req in req.redirect(to: "/login") }
                """#,
                #"""
                app.get("item") { req in
                    let id = req.parameters.get("id", as: Int.self) ?? 0
                    return req.redirect(to: "/items/\(id)")
                }
                """#,
            ]
        )
    )

    var words: [String] { ["redirect", "location"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "redirect") {
            if let address = call.argument("to") ?? call.argument("location") ?? call.unlabelled {
                check(address, call.node, call.scope, file, &report)
            }
        }
        for call in file.calls(named: "add", "replaceOrAdd")
        where call.argument("name")?.text.lowercased().contains("location") == true {
            if let address = call.argument("value") { check(address, call.node, call.scope, file, &report) }
        }
        for assignment in file.assignments where assignment.target.trimmedText.contains("[.location]") {
            check(assignment.value, ExprSyntax(assignment.node), assignment.scope, file, &report)
        }
        for element in file.dictionaryElements
        where [".location", "\"Location\""].contains(element.node.key.trimmedText) {
            check(Expression(element.node.value, in: element.scope), element.node.value, element.scope, file, &report)
        }
    }

    private func check(
        _ address: Expression, _ node: ExprSyntax, _ scope: Scope, _ file: SourceModel, _ report: inout Report
    ) {
        let value = Evaluator.value(of: address, in: file, for: .url)
        guard value.trust == .external, !startsAtHome(value), !isChecked(scope, file) else { return }
        report.add(node, in: scope, "the redirect's target is \(value.origin ?? "outside input")", confidence: .high)
    }

    private func startsAtHome(_ value: Value) -> Bool {
        guard case .literal(let text)? = value.parts.first else { return false }
        return text.hasPrefix("/") && text.count > 1 && !text.hasPrefix("//")
            || text.hasPrefix("https://") && text.dropFirst(8).contains("/")
    }

    private func isChecked(_ scope: Scope, _ file: SourceModel) -> Bool {
        guard let function = scope.enclosingFunction else { return false }
        let tokens = file.words(in: function)
        return tokens.contains("hasPrefix") || tokens.contains { $0.lowercased().hasPrefix("allowed") }
            || tokens.contains("isSafeRedirect")
    }
}
