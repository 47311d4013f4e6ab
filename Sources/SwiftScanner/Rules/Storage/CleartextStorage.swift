import SwiftSyntax

/// Secrets kept in preferences and plain files.
struct CleartextStorage: Rule {
    let metadata = SwiftRule(
        id: "cleartext-storage",
        title: "Secret stored in the clear",
        why:
            "Preferences are a property list in the backup and in the container: everybody with the device or a backup reads them.",
        mend: "Keep secrets in the Keychain; encrypt files with a key from there.",
        cwe: [312, 313],
        severity: .medium,
        examples: .init(
            wrong: [
                #"UserDefaults.standard.set(password, forKey: "password")"#,
                #"UserDefaults.standard.set(value, forKey: "access_token")"#,
                #"struct V { @AppStorage("authToken") var authToken = "" }"#,
                #"try password.write(toFile: path, atomically: true, encoding: .utf8)"#,
                #"NSUbiquitousKeyValueStore.default.set(apiKey, forKey: "k")"#,
                #"UserDefaults.standard["refreshToken"] = token"#,
            ],
            right: [
                #"UserDefaults.standard.set(true, forKey: "remember_password")"#,
                #"UserDefaults.standard.set(theme, forKey: "theme")"#,
                #"keychain.set(password, forKey: "password")"#,
                #"try encrypt(password).write(toFile: path, atomically: true, encoding: .utf8)"#,
                #"UserDefaults.standard.removeObject(forKey: "password")"#,
                #"UserDefaults.standard.set(nil, forKey: "accessToken")"#,
            ]
        )
    )

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "set", "setValue", "register") where isPreferences(call, file) {
            guard let value = call.unlabelled ?? call.argument("defaults") else { continue }
            check(
                value, key: call.argument(anyOf: ["forKey", "forKeyPath"]), at: call.range(in: file.text),
                in: call.scope, file, &report)
        }
        for assignment in file.assignments {
            guard let access = assignment.target.as(SubscriptCallExprSyntax.self),
                isPreferences(access.calledExpression.path(), assignment.scope, file),
                let key = access.arguments.first?.expression
            else { continue }
            check(
                assignment.value, key: Expression(key, in: assignment.scope), at: assignment.node.range,
                in: assignment.scope, file, &report)
        }
        for attribute in file.attributes
        where ["AppStorage", "SceneStorage", "UserDefault", "UserDefaultsBacked"].contains(
            attribute.node.attributeName.trimmedText)
        {
            let property = attribute.node.parent?.parent?.as(VariableDeclSyntax.self)?.bindings.first
            let name = property?.pattern.trimmedText ?? ""
            let key = attribute.node.arguments?.trimmedText.replacing("\"", with: "") ?? ""
            if HarmlessTypes.contains(property?.typeAnnotation?.type.trimmedText)
                || property?.initializer?.value.is(BooleanLiteralExprSyntax.self) == true
            {
                continue
            }
            for word in [name, key] where SensitiveName.kind(of: word) != nil {
                report.add(
                    attribute.node, in: attribute.scope, "`\(word)` is kept in the preferences", confidence: .high)
                break
            }
        }
        for call in file.calls(named: "execute", "run", "executeUpdate", "query", "update") {
            checkDatabase(call, file, &report)
        }
        for call in file.calls(named: "createFile") where !isProtected(call) {
            guard let contents = call.argument("contents"), let name = SensitiveUse.name(in: contents, of: file) else {
                continue
            }
            report.add(call, "`\(name)` is written to a file in the clear", confidence: .medium)
        }
        for call in file.calls(named: "write") where (call.has("toFile") || call.has("to")) && !isProtected(call) {
            guard let receiver = call.receiver,
                let name = SensitiveUse.text(in: Expression(receiver, in: call.scope), of: file)
            else { continue }
            report.add(call, "`\(name)` is written to a file in the clear", confidence: .medium)
        }
    }

    /// Whether the options or attributes of a file have it encrypted with the device's passcode.
    private func isProtected(_ call: Call) -> Bool {
        guard let options = call.argument(anyOf: ["options", "attributes"])?.text else { return false }
        return options.contains(".complete")
    }

    /// `INSERT` and `UPDATE` whose arguments hold a password.
    private func checkDatabase(_ call: Call, _ file: SourceModel, _ report: inout Report) {
        guard let sql = call.argument("sql") ?? call.unlabelled, let text = Evaluator.value(of: sql, in: file).text,
            ["INSERT", "UPDATE", "REPLACE"].contains(where: text.uppercased().hasPrefix)
        else { return }
        let values =
            call.argument(anyOf: ["arguments", "values"]).map { [$0] } ?? call.arguments.dropFirst().map(\.value)
        guard
            let name = values.lazy.compactMap({ SensitiveUse.name(in: $0, of: file, atLeast: .password) }).first
        else { return }
        report.add(call, "`\(name)` is kept in the database in the clear", confidence: .low)
    }

    private func isPreferences(_ call: Call, _ file: SourceModel) -> Bool {
        isPreferences(Array(call.path.dropLast()), call.scope, file)
    }

    private func isPreferences(_ path: [String], _ scope: Scope, _ file: SourceModel) -> Bool {
        let names = path.map { $0.replacing("()", with: "") }
        if names.contains(where: ["UserDefaults", "NSUbiquitousKeyValueStore", "NSUserDefaults"].contains) {
            return true
        }
        guard let last = names.last else { return false }
        if ["defaults", "userDefaults", "preferences", "standardDefaults", "sharedDefaults"].contains(last) {
            return true
        }
        let binding = file.binding(named: last, from: scope, before: .max)
        return binding?.typeName?.contains("UserDefaults") == true
            || binding?.value?.text.contains("UserDefaults") == true
    }

    private func check(
        _ value: Expression, key: Expression?, at range: Range<Int>, in scope: Scope, _ file: SourceModel,
        _ report: inout Report
    ) {
        if ["true", "false", "nil"].contains(value.single?.trimmedText ?? "")
            || value.elements.contains(where: {
                ["!=", "=="].contains($0.as(BinaryOperatorExprSyntax.self)?.operator.text ?? "")
            })
        {
            return
        }
        if let name = SensitiveUse.name(in: value, of: file, atLeast: .vague) {
            report.add(range, in: scope, "`\(name)` is kept in the preferences", confidence: .high)
        } else if let key, let name = keyName(key, file), SensitiveName.kind(of: name) != nil,
            Evaluator.value(of: value, in: file).trust != .harmless, !hides(value, file)
        {
            report.add(range, in: scope, "`\(name)` is kept in the preferences", confidence: .medium)
        }
    }

    private func keyName(_ key: Expression, _ file: SourceModel) -> String? {
        if let text = Evaluator.value(of: key, in: file).text { return text }
        guard let name = key.single?.path().last(where: { $0 != "rawValue" }) else { return nil }
        return name.hasSuffix("Key") ? String(name.dropLast(3)) : name
    }

    private func hides(_ value: Expression, _ file: SourceModel) -> Bool {
        let name = value.single?.path().first ?? ""
        let made = file.binding(named: name, from: value.scope, before: value.range.lowerBound)?.value?.text ?? ""
        let text = (value.text + made).lowercased()
        return ["encrypt", "hash", "seal", "count", "date(", "cipher"].contains { text.contains($0) }
    }
}
