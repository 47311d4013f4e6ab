import SwiftSyntax

/// Passwords, tokens and keys written in the source.
struct HardCodedCredential: Rule {
    let metadata = SwiftRule(
        id: "hard-coded-credential",
        title: "Credential in the source",
        why: "Whoever can read the repository or unpack the binary has it, and history keeps it after it is removed.",
        mend: "Read it from the environment or a secret store at run time, and revoke the one that was written down.",
        cwe: [798, 259],
        severity: .high,
        examples: .init(
            wrong: [
                #"let password = "hunter2!42""#,
                #"static let apiKey = "9f8e7d6c5b4a39281706f5e4d3c2b1a0""#,
                #"let url = "postgres://app:s3cr3tPw@db.shop.com/shop""#,
                "let key = \"AKIA\" + \"\"\nlet id = \"AKIAIOSFODNN7ABCDEFG\"",
                #"let client = Client(user: "admin", password: "Winter2024!")"#,
                #"request.setValue("Bearer 8d7f6a5b4c3d2e1f0a9b8c7d", forHTTPHeaderField: "Authorization")"#,
                #"if password == "letmein99" { unlock() }"#,
                #"let value = "Basic " + Data("deploy:hunter2x".utf8).base64EncodedString()"#,
            ],
            right: [
                #"let password = ProcessInfo.processInfo.environment["PASSWORD"] ?? """#,
                #"let passwordKey = "user_password""#,
                #"let token = "<token>""#,
                #"let password = "changeme""#,
                #"case password = "password""#,
                #"let secretLabel = "Your secret""#,
                #"let url = "postgres://localhost/shop""#,
                #"let url = "https://\(user):\(password)@host""#,
            ]
        )
    )

    func check(_ file: SourceModel, _ report: inout Report) {
        for string in file.strings { checkForm(string, &report) }
        for binding in file.bindings {
            guard let value = binding.value else { continue }
            if case .parameter = binding.source { continue }
            check(
                value, named: binding.name, at: binding.node.range.lowerBound..<value.range.upperBound,
                in: binding.scope, file, &report)
        }
        for assignment in file.assignments where !assignment.isCompound {
            let name = assignment.target.path(limit: 1).last ?? ""
            let key = assignment.target.as(SubscriptCallExprSyntax.self)?.arguments.first?.expression.literalText
            check(assignment.value, named: key ?? name, at: assignment.node.range, in: assignment.scope, file, &report)
        }
        for call in file.calls { checkArguments(call, file, &report) }
        for call in file.calls(named: "base64EncodedString") { checkBasic(call, file, &report) }
        for element in file.dictionaryElements {
            let name = element.node.key.literalText ?? element.node.key.path(limit: 1).last ?? ""
            check(
                Expression(element.node.value, in: element.scope), named: name, at: element.node.range,
                in: element.scope, file, &report)
        }
        for sequence in file.sequences {
            checkComparison(sequence, &report)
            checkLastResort(sequence, file, &report)
        }
        for function in file.functions {
            for parameter in function.node.signature.parameterClause.parameters {
                guard let value = parameter.defaultValue?.value else { continue }
                let name = (parameter.secondName ?? parameter.firstName).text
                check(
                    Expression(value, in: function.scope), named: name, at: parameter.range, in: function.scope, file,
                    &report)
            }
        }
    }

    /// Texts that are credentials wherever they stand.
    private func checkForm(_ string: StringLiteral, _ report: inout Report) {
        guard let text = string.text, Self.marks.finds(in: text) else { return }
        if let kind = SecretText.issuedKind(text) {
            report.add(
                string.node, in: string.scope, "\(kind) is written here: \(Redactor.redacted(text))",
                severity: kind.contains("test") ? .medium : kind.contains("Web Token") ? .high : .critical,
                confidence: .high, secret: text)
        } else if let hook = webHook(text) {
            report.add(
                string.node, in: string.scope, "the address of a web hook is a credential: \(Redactor.redacted(hook))",
                confidence: .high, secret: hook)
        } else if let password = passwordInAddress(text) {
            report.add(
                string.node, in: string.scope, "an address holds the password \(Redactor.redacted(password))",
                confidence: .high, secret: password)
        } else if let token = bearerToken(text) {
            report.add(
                string.node, in: string.scope, "an authorization header is written here: \(Redactor.redacted(token))",
                confidence: .high, secret: token)
        }
    }

    private static let webHooks = [
        "hooks.slack.com/services/", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/",
    ]
    private static let schemes = ["Bearer ", "Basic ", "Token "]
    /// What a text must hold to be a credential by its form: most texts are told by one look.
    private static let marks = WordFinder(SecretText.marks + webHooks + schemes + ["://"])

    /// The secret part of an address by which anybody may post: Slack's, Discord's and Teams'.
    private func webHook(_ text: String) -> String? {
        for address in Self.webHooks {
            guard let rest = text.part(after: address) else { continue }
            if rest.utf8.count >= 20, rest.contains("/"), !SecretText.isPlaceholder(rest) { return rest }
        }
        return nil
    }

    /// `user:password` that is encoded in a file that writes headers of the scheme `Basic`.
    private func checkBasic(_ call: Call, _ file: SourceModel, _ report: inout Report) {
        guard let receiver = call.receiver, file.strings.contains(where: { $0.node.description.contains("Basic ") }),
            let text = Evaluator.value(of: Expression(receiver, in: call.scope), in: file).text
        else { return }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count >= 4, !text.contains("/"), !text.contains(where: \.isWhitespace),
            !SecretText.isPlaceholder(String(parts[1]))
        else { return }
        report.add(
            call, "an authorization header holds the password \(Redactor.redacted(String(parts[1])))",
            confidence: .high, secret: text)
    }

    private func bearerToken(_ text: String) -> String? {
        for scheme in Self.schemes where text.hasPrefix(scheme) {
            let token = String(text.dropFirst(scheme.count))
            if token.utf8.count >= 12, !token.contains(" "), SecretText.looksLikeValue(token),
                token.contains(where: \.isNumber) || SecretText.entropy(token) > 3.5
            {
                return token
            }
        }
        return nil
    }

    /// The password of `scheme://user:password@host`.
    private func passwordInAddress(_ text: String) -> String? {
        guard let rest = text.part(after: "://") else { return nil }
        let authority = rest.prefix { !"/?# ".contains($0) }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
            return nil
        }
        let password = String(authority[authority.index(after: colon)..<at])
        let user = authority[..<colon]
        let benign = ["password", "pass", "pwd", "secret", "user", "test", "postgres", String(user)]
        return password.count >= 3 && !SecretText.isPlaceholder(password) && !benign.contains(password.lowercased())
            ? password : nil
    }

    private func check(
        _ value: Expression, named name: String, at range: @autoclosure () -> Range<Int>, in scope: Scope,
        _ file: SourceModel, _ report: inout Report
    ) {
        guard let kind = SensitiveName.kind(of: name), let text = literal(value), isSecret(text, named: name, kind)
        else { return }
        let confidence: SwiftConfidence =
            kind == .vague ? .low : looksRandom(text) || kind == .password ? .high : .medium
        if report.covers(value.range) { return }
        report.add(
            range(), in: scope, "`\(name)` is written here: \(Redactor.redacted(text))",
            severity: kind == .vague ? .medium : .high, confidence: confidence, secret: text)
    }

    /// The text of a literal, of a conversion of one, or of the last resort after `??`.
    private func literal(_ value: Expression) -> String? {
        if let text = value.single?.literalText { return text }
        let symbols = value.elements.compactMap { $0.as(BinaryOperatorExprSyntax.self)?.operator.text }
        if !symbols.isEmpty, symbols.allSatisfy({ $0 == "??" }) { return value.elements.last?.literalText }
        if !symbols.isEmpty, symbols.allSatisfy({ $0 == "+" }) {
            let texts = value.elements.filter { !$0.is(BinaryOperatorExprSyntax.self) }.map(\.literalText)
            return texts.contains { $0 == nil } ? nil : texts.compactMap(\.self).joined()
        }
        if let call = value.single?.as(FunctionCallExprSyntax.self), call.arguments.count == 1,
            ["String", "Data", "StaticString", "SecureString", "Secret", "SensitiveString", "Array"].contains(
                call.calledExpression.path(limit: 1).last ?? ""), let first = call.arguments.first?.expression
        {
            return literal(Expression(first, in: value.scope))
        }
        if let member = value.single?.as(MemberAccessExprSyntax.self), member.declName.baseName.text == "utf8" {
            return member.base?.literalText
        }
        return nil
    }

    private func isSecret(_ text: String, named name: String, _ kind: SensitiveName.Kind) -> Bool {
        guard SecretText.looksLikeValue(text) else { return false }
        let plain = text.lowercased().filter { $0.isLetter || $0.isNumber }
        if plain == name.lowercased().filter({ $0.isLetter || $0.isNumber }) { return false }
        if kind == .password {
            return !SecretText.looksLikeName(text)
                || ["password", "secret", "admin", "letmein"].contains(plain) && !name.lowercased().hasSuffix("key")
                    && plain != "password"
        }
        if SecretText.looksLikeName(text) { return false }
        if kind == .vague { return text.utf8.count >= 16 && looksRandom(text) }
        return text.utf8.count >= 6
            && (looksRandom(text) || text.contains(where: \.isNumber) || text.contains("secret"))
    }

    private func looksRandom(_ text: String) -> Bool {
        text.utf8.count >= 12 && !text.contains(" ") && text.contains(where: \.isNumber) && SecretText.entropy(text) > 3
    }

    private func checkArguments(_ call: Call, _ file: SourceModel, _ report: inout Report) {
        let headerField = call.argument(anyOf: ["forHTTPHeaderField", "name", "forKey", "key", "header"])?.single?
            .literalText
        for argument in call.arguments {
            var name = argument.label ?? ""
            if argument.label == nil || argument.label == "value", let headerField { name = headerField }
            if ["password", "passphrase", "secret"].contains(name),
                ["XCTAssertEqual", "Text", "SecureField", "TextField", "Label", "Option", "Flag", "Argument"].contains(
                    call.name)
            {
                continue
            }
            check(argument.value, named: name, at: argument.value.range, in: call.scope, file, &report)
        }
    }

    /// `Environment.get("JWT_SECRET") ?? "…"`: what stands in for a secret that is not set is one.
    private func checkLastResort(
        _ sequence: OperatorSequence, _ file: SourceModel, _ report: inout Report
    ) {
        let elements = sequence.elements
        guard elements.count == 3, elements[1].as(BinaryOperatorExprSyntax.self)?.operator.text == "??" else { return }
        let key: ExprSyntax? =
            if let call = elements[0].unwrapped.as(FunctionCallExprSyntax.self) {
                call.arguments.first?.expression
            } else {
                elements[0].unwrapped.as(SubscriptCallExprSyntax.self)?.arguments.first?.expression
            }
        guard let name = key?.literalText else { return }
        check(
            Expression(elements[2], in: sequence.scope), named: name, at: sequence.node.range, in: sequence.scope, file,
            &report)
    }

    /// `if password == "…"`.
    private func checkComparison(_ sequence: OperatorSequence, _ report: inout Report) {
        let elements = sequence.elements
        for index in elements.indices.dropFirst().dropLast() {
            guard let symbol = elements[index].as(BinaryOperatorExprSyntax.self)?.operator.text,
                symbol == "==" || symbol == "!="
            else { continue }
            for (side, other) in [
                (elements[index - 1], elements[index + 1]), (elements[index + 1], elements[index - 1]),
            ] {
                guard let text = other.literalText, let name = side.unwrapped.path(limit: 1).last,
                    let kind = SensitiveName.kind(of: name), isSecret(text, named: name, kind)
                else { continue }
                report.add(
                    sequence.node, in: sequence.scope, "`\(name)` is compared with \(Redactor.redacted(text))",
                    severity: kind == .vague ? .medium : .high, confidence: kind == .vague ? .low : .medium,
                    secret: text)
            }
        }
    }
}
