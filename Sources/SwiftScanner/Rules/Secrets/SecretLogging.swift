import SwiftSyntax

/// Secrets printed or logged.
struct SecretLogging: Rule {
    let metadata = SwiftRule(
        id: "secret-logging",
        title: "Secret in a log",
        why: "Logs are kept longer, copied further and read by more people than the secret was meant for.",
        mend: "Log that it is there, not what it is; with os.Logger mark it `privacy: .private`.",
        cwe: [532, 312],
        severity: .medium,
        examples: .init(
            wrong: [
                #"print("password: \(password)")"#,
                #"logger.info("signed in with \(user.accessToken)")"#,
                #"NSLog("key %@", apiKey)"#,
                #"logger.debug("token", metadata: ["token": "\(refreshToken)"])"#,
                #"logger.error("bad \(password, privacy: .public)")"#,
                #"os_log("secret %{public}@", clientSecret)"#,
                #"func f(_ accessToken: String) { logger[metadataKey: "token"] = "\(accessToken)" }"#,
            ],
            right: [
                #"print("password too short: \(password.count)")"#,
                #"logger.info("signed in as \(user.name)")"#,
                #"logger.error("bad \(password, privacy: .private)")"#,
                #"let log = Logger(subsystem: "app", category: "auth")\nfunc f() { log.error("bad \(password)") }"#,
                #"print("password is wrong")"#,
                #"logger.debug("has token: \(accessToken != nil)")"#,
                #"os_log("secret %{private}@", clientSecret)"#,
            ]
        )
    )

    private static let functions: Set<String> = [
        "print", "debugPrint", "dump", "NSLog", "os_log", "printf", "syslog", "DDLogInfo", "DDLogDebug", "DDLogVerbose",
        "DDLogError", "DDLogWarn", "fputs", "logMessage", "fatalError", "preconditionFailure", "assertionFailure",
    ]
    private static let methods: Set<String> = [
        "trace", "debug", "info", "notice", "warning", "error", "critical", "fault", "log", "verbose", "warn", "write",
        "addBreadcrumb", "record",
    ]

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: Self.functions) where call.base == nil || call.base == "Swift" {
            check(call, file, &report)
        }
        for call in file.calls(named: Self.methods) where isLogger(call) { check(call, file, &report) }
        // `logger[metadataKey: "token"] = …` goes with every line from then on.
        for assignment in file.assignments {
            guard let access = assignment.target.as(SubscriptCallExprSyntax.self),
                access.arguments.first?.label?.text == "metadataKey",
                let name = loggedSecret(in: assignment.value, hidesTexts: false, file)
            else { continue }
            let isVague = SensitiveName.kind(of: name.replacing("()", with: "")) == .vague
            report.add(
                assignment.node, in: assignment.scope, "`\(name)` is logged", severity: isVague ? .low : .medium,
                confidence: isVague ? .low : .high)
        }
    }

    private func isLogger(_ call: Call) -> Bool {
        guard let base = call.base?.replacing("()", with: "").lowercased() else { return false }
        return base.hasSuffix("logger") || base.hasSuffix("log") || base == "standarderror" || base == "stderr"
            || base == "console" || base == "os_log" || base == "crashlytics"
    }

    private func check(_ call: Call, _ file: SourceModel, _ report: inout Report) {
        if ["os_log", "NSLog"].contains(call.name), let format = call.unlabelled?.single?.literalText,
            format.contains("%{private"), !format.contains("%{public")
        {
            return
        }
        for argument in call.arguments {
            guard let name = loggedSecret(in: argument.value, hidesTexts: hidesTexts(call, file), file) else {
                continue
            }
            let isVague = SensitiveName.kind(of: name.replacing("()", with: "")) == .vague
            report.add(
                call, "`\(name)` is logged", severity: isVague ? .low : .medium,
                confidence: isVague ? .low : usesUnifiedLogging(call, file) ? .medium : .high)
            return
        }
    }

    /// Whether the receiver is surely an os.Logger, which redacts interpolated texts that have no `privacy:`.
    private func hidesTexts(_ call: Call, _ file: SourceModel) -> Bool {
        guard let receiver = call.receiver else { return false }
        let binding = receiver.path(limit: 1).last.flatMap {
            file.binding(named: $0, from: call.scope, before: .max)
        }
        if binding?.typeName == "os.Logger" { return true }
        let made = binding?.value?.text ?? receiver.trimmedText
        return made.contains("Logger(") && made.contains("subsystem:")
    }

    /// os.Logger keeps texts private unless told otherwise.
    private func usesUnifiedLogging(_ call: Call, _ file: SourceModel) -> Bool {
        !file.imports.isDisjoint(with: ["os", "OSLog"]) && call.base != nil
    }

    private func loggedSecret(in value: Expression, hidesTexts: Bool, _ file: SourceModel) -> String? {
        for element in value.elements {
            guard let string = element.unwrapped.as(StringLiteralExprSyntax.self) else {
                if let name = SensitiveUse.text(in: Expression(element, in: value.scope), of: file) { return name }
                continue
            }
            for case .expressionSegment(let segment) in string.segments {
                guard let inner = segment.expressions.first else { continue }
                let privacy =
                    segment.expressions.first { $0.label?.text == "privacy" }?.expression.trimmedText ?? ""
                let isDefault = privacy.isEmpty || privacy.contains("auto")
                if privacy.contains("private") || privacy.contains("sensitive") || isDefault && hidesTexts { continue }
                if let name = SensitiveUse.text(in: Expression(inner.expression, in: value.scope), of: file) {
                    return name
                }
            }
        }
        return nil
    }
}
