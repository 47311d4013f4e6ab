import SwiftSyntax

/// Cookies without `Secure`, `HttpOnly` or `SameSite`.
struct InsecureCookie: Rule {
    let metadata = SwiftRule(
        id: "insecure-cookie",
        title: "Cookie without its flags",
        why:
            "Without `Secure` the cookie goes over http, without `HttpOnly` scripts read it, with `SameSite=None` other sites send it.",
        mend:
            "Set `isSecure: true, isHTTPOnly: true, sameSite: .lax` (Vapor) or `secure: true, httpOnly: true, sameSite: .lax` (Hummingbird).",
        cwe: [614, 1004, 1275],
        severity: .medium,
        examples: .init(
            wrong: [
                "let cookie = HTTPCookies.Value(string: token, isSecure: false, isHTTPOnly: true)",
                "response.cookies[\"session\"] = .init(string: session, isSecure: true, isHTTPOnly: false)",
                "let cookie = Cookie(name: \"session\", value: id, secure: false, httpOnly: true)",
                "response.setCookie(.init(name: \"session\", value: id))",
                #"headers.add(name: .setCookie, value: "session=\(id); Path=/")"#,
                "let cookie = HTTPCookie(properties: [.name: \"session\", .value: id, .domain: host, .path: \"/\"])",
                "app.sessions.configuration.cookieFactory = { .init(string: $0.string, isSecure: false) }",
            ],
            right: [
                "let cookie = HTTPCookies.Value(string: token, isSecure: true, isHTTPOnly: true, sameSite: .lax)",
                "let cookie = Cookie(name: \"session\", value: id, secure: true, httpOnly: true, sameSite: .lax)",
                #"headers.add(name: .setCookie, value: "session=\(id); Path=/; Secure; HttpOnly; SameSite=Lax")"#,
                "let cookie = HTTPCookie(properties: [.name: \"session\", .value: id, .domain: host, .path: \"/\", .secure: true])",
                "let theme = request.cookies[\"theme\"]",
            ]
        )
    )

    var words: [String] { ["cookie"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls { checkFlags(call, file, &report) }
        for assignment in file.assignments {
            guard let name = assignment.path.last, ["isSecure", "isHTTPOnly", "httpOnly", "secure"].contains(name),
                Evaluator.value(of: assignment.value, in: file).boolean == false,
                assignment.target.trimmedText.lowercased().contains("cookie")
            else { continue }
            report.add(assignment.node, in: assignment.scope, "`\(name)` is switched off", confidence: .high)
        }
        for call in file.calls(named: "HTTPCookie") {
            guard let properties = call.argument("properties")?.single?.as(DictionaryExprSyntax.self) else { continue }
            let keys =
                properties.content.as(DictionaryElementListSyntax.self)?.map { $0.key.path(limit: 1).last ?? "" } ?? []
            if !keys.contains("secure"), keys.contains("value") {
                report.add(call, "the cookie goes over http too", confidence: .medium)
            }
        }
        for string in file.strings where isHeaderValue(string.node) {
            let text = string.node.trimmedText.lowercased()
            // Without a name and value it is no cookie but the header's name somewhere else.
            guard text.contains("="), !text.contains("httponly") || !text.contains("secure") else { continue }
            report.add(
                string.node, in: string.scope,
                "the cookie has no \(text.contains("secure") ? "HttpOnly" : text.contains("httponly") ? "Secure" : "Secure and HttpOnly")",
                confidence: .medium)
        }
    }

    private static let labels: Set<String> = ["isSecure", "isHTTPOnly", "secure", "httpOnly", "string", "value"]

    private func checkFlags(_ call: Call, _ file: SourceModel, _ report: inout Report) {
        guard call.arguments.contains(where: { Self.labels.contains($0.label ?? "") }) else { return }
        let isCookie =
            ["Cookie", "Value", "init", "setCookie", "HTTPCookies.Value"].contains(call.name)
            || call.name.hasSuffix("Cookie") || call.path.contains { $0.contains("Cookie") }
        guard isCookie else { return }
        for label in ["isSecure", "isHTTPOnly", "secure", "httpOnly"] {
            guard let flag = call.argument(label), Evaluator.value(of: flag, in: file).boolean == false else {
                continue
            }
            if ["secure", "httpOnly"].contains(label), !call.has("name"),
                !call.path.contains(where: { $0.contains("ookie") })
            {
                continue
            }
            report.add(call, "`\(label)` is switched off", confidence: .high)
            return
        }
        let isVapor =
            call.has("string") && (call.path.suffix(2) == ["HTTPCookies", "Value"] || isSubscriptOfCookies(call))
        let isHummingbird =
            call.has("name", "value")
            && (call.name == "Cookie" || call.path == ["", "init"] && isGivenToSetCookie(call))
        guard isVapor || isHummingbird, !isDeletion(call) else { return }
        let hasSecure = call.arguments.contains { $0.label == "isSecure" || $0.label == "secure" }
        let hasHTTPOnly = call.arguments.contains { $0.label == "isHTTPOnly" || $0.label == "httpOnly" }
        if !hasSecure || !hasHTTPOnly && isVapor {
            let missing = !hasSecure && !hasHTTPOnly ? "Secure and HttpOnly" : hasSecure ? "HttpOnly" : "Secure"
            report.add(call, "the cookie has no \(missing)", confidence: .medium)
        } else if call.memberName("sameSite") == "none" {
            report.add(call, "other sites send the cookie too", severity: .low, confidence: .high)
        }
    }

    private func isDeletion(_ call: Call) -> Bool {
        call.argument(anyOf: ["maxAge"])?.single?.integer == 0
            || call.argument(anyOf: ["value", "string"])?.single?.literalText == ""
    }

    private func isSubscriptOfCookies(_ call: Call) -> Bool {
        guard let elements = call.node.parent?.as(ExprListSyntax.self) else { return false }
        return elements.first?.path().contains("cookies") == true
    }

    private func isGivenToSetCookie(_ call: Call) -> Bool {
        call.node.parent?.parent?.parent?.as(FunctionCallExprSyntax.self)?.calledExpression.path(limit: 1).last
            == "setCookie"
    }

    /// The text given as the value of a `Set-Cookie` header.
    private func isHeaderValue(_ node: StringLiteralExprSyntax) -> Bool {
        guard let argument = node.parent?.as(LabeledExprSyntax.self),
            let arguments = argument.parent?.as(LabeledExprListSyntax.self)
        else {
            guard let elements = node.parent?.as(ExprListSyntax.self) else {
                return node.parent?.as(DictionaryElementSyntax.self)?.key.trimmedText.lowercased().contains(
                    "set-cookie") == true
            }
            return elements.first?.trimmedText.contains("[.setCookie]") == true
        }
        guard argument.label?.text == "value" || argument == arguments.last else { return false }
        return arguments.contains { other in
            let name = other.expression.trimmedText.lowercased()
            return other != argument && (name == ".setcookie" || name == "\"set-cookie\"")
        }
    }
}
