import SwiftSyntax

/// Certificates or host names that are not checked.
struct UnverifiedTLS: Rule {
    let metadata = SwiftRule(
        id: "tls-verification-disabled",
        title: "TLS certificate not checked",
        why:
            "Encryption to nobody in particular: anybody on the way presents a certificate of their own and reads along.",
        mend: "Leave the checks on. For a private authority, add its root to the trust roots instead.",
        cwe: [295],
        severity: .high,
        examples: .init(
            wrong: [
                "configuration.certificateVerification = .none",
                "var tls = TLSConfiguration.clientDefault\ntls.certificateVerification = .noHostnameVerification",
                """
                func urlSession(_ session: URLSession, didReceive challenge: URLAuthenticationChallenge, completionHandler: (URLSession.AuthChallengeDisposition, URLCredential?) -> Void) {
                    completionHandler(.useCredential, URLCredential(trust: challenge.protectionSpace.serverTrust!))
                }
                """,
                "sec_protocol_options_set_verify_block(options, { _, _, complete in complete(true) }, queue)",
                #"let evaluators = ["shop.com": DisabledTrustEvaluator()]"#,
                "handler = try NIOSSLClientHandler(context: context, serverHostname: name, customVerificationCallback: { _, promise in promise.succeed(.certificateVerified) })",
            ],
            right: [
                "configuration.certificateVerification = .fullVerification",
                """
                func urlSession(_ session: URLSession, didReceive challenge: URLAuthenticationChallenge, completionHandler: (URLSession.AuthChallengeDisposition, URLCredential?) -> Void) {
                    guard let trust = challenge.protectionSpace.serverTrust, SecTrustEvaluateWithError(trust, nil) else {
                        return completionHandler(.cancelAuthenticationChallenge, nil)
                    }
                    completionHandler(.useCredential, URLCredential(trust: trust))
                }
                """,
                "view.autocapitalizationType = .none",
                "if configuration.certificateVerification == .none { warn() }",
            ]
        )
    )

    private static let verifiers: Set<String> = [
        "SecTrustEvaluateWithError", "SecTrustEvaluate", "SecTrustEvaluateAsync", "SecTrustEvaluateAsyncWithError",
        "SecTrustCopyKey", "SecTrustGetCertificateAtIndex", "SecTrustCopyCertificateChain",
        "SecTrustSetAnchorCertificates",
        "SecCertificateCopyData", "evaluate", "validate", "isPinned", "pinnedCertificates", "SecTrustSetPolicies",
    ]

    var words: [String] {
        [
            "certif", "trust", "evaluat", "ssl", "tls", "selfSigned", "insecure", "verif", "validat", "credential",
            "sec_protocol",
        ]
    }

    func check(_ file: SourceModel, _ report: inout Report) {
        checkSettings(file, &report)
        checkFlags(file, &report)
        checkChallenges(file, &report)
        checkCallbacks(file, &report)
    }

    private func checkSettings(_ file: SourceModel, _ report: inout Report) {
        let off: Set<String> = ["none", "noHostnameVerification", "optionalVerification"]
        for assignment in file.assignments
        where assignment.path.last == "certificateVerification" && !isServer(assignment, file) {
            let trust = assignment.memberName ?? ""
            if off.contains(trust) { add(trust, assignment.node, assignment.scope, &report) }
            for ternary in assignment.value.elements.compactMap({
                $0.as(UnresolvedTernaryExprSyntax.self)?.thenExpression
            }) {
                if let name = ternary.path(limit: 1).last, off.contains(name) {
                    add(name, assignment.node, assignment.scope, &report)
                }
            }
            if assignment.value.elements.contains(where: { $0.is(UnresolvedTernaryExprSyntax.self) }),
                let last = assignment.value.elements.last?.path().last, off.contains(last)
            {
                add(last, assignment.node, assignment.scope, &report)
            }
        }
        for call in file.calls where call.name != "forServer" {
            if let value = call.memberName("certificateVerification"), off.contains(value) {
                report.add(
                    call, "`certificateVerification: .\(value)` trusts any certificate",
                    severity: value == "none" ? .high : .medium, confidence: .high)
            }
        }
    }

    /// Whether the configuration is made for a server, which asks its clients for no certificate unless told to.
    private func isServer(_ assignment: Assignment, _ file: SourceModel) -> Bool {
        guard let owner = assignment.path.dropLast().last,
            let made = file.binding(named: owner, from: assignment.scope, before: assignment.node.range.lowerBound),
            let value = made.value?.single
        else { return false }
        return value.path().contains { ["makeServerConfiguration()", "forServer()"].contains($0) }
    }

    private func add(_ value: String, _ node: SequenceExprSyntax, _ scope: Scope, _ report: inout Report) {
        report.add(
            node, in: scope,
            "`certificateVerification = .\(value)` "
                + (value == "none" ? "trusts any certificate" : "trusts any host with a valid certificate"),
            severity: value == "noHostnameVerification" ? .high : value == "none" ? .high : .medium, confidence: .high)
    }

    private func checkFlags(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "DisabledTrustEvaluator", "DisabledEvaluator") {
            report.add(call, "`\(call.name)` trusts any certificate", confidence: .high)
        }
        for member in file.members(named: "disableEvaluation") {
            report.add(member.node, in: member.scope, "`.disableEvaluation` trusts any certificate", confidence: .high)
        }
        let offWhenTrue: Set<String> = [
            "disableSSLCertValidation", "allowInvalidCertificates", "allowsInvalidCertificates", "allowSelfSigned",
            "allowsSelfSignedCertificates", "insecureSkipVerify", "allowsAnyHTTPSCertificate", "trustAllCertificates",
            "allowUntrustCACertificate", "skipCertificateVerification", "allowInsecureConnections",
            "disableTLSVerification", "ignoreSSLErrors",
        ]
        let offWhenFalse: Set<String> = [
            "validatesDomainName", "validatesCertificateChain", "validatesSecureCertificate", "verifyPeer",
            "verifyHost", "sslVerify",
            "kCFStreamSSLValidatesCertificateChain", "validateHost", "verifyCertificates", "verifySSL", "verifyTLS",
            "sslVerifyPeer",
        ]
        for assignment in file.assignments {
            guard let name = assignment.path.last, offWhenTrue.contains(name) || offWhenFalse.contains(name),
                let flag = Evaluator.value(of: assignment.value, in: file).boolean
            else { continue }
            if flag && offWhenTrue.contains(name) || !flag && offWhenFalse.contains(name) {
                report.add(
                    assignment.node, in: assignment.scope, "`\(name) = \(flag)` switches the certificate check off",
                    confidence: .high)
            }
        }
        for call in file.calls {
            for argument in call.arguments {
                guard let label = argument.label, offWhenTrue.contains(label) || offWhenFalse.contains(label),
                    let flag = argument.value.single.flatMap({ ["true": true, "false": false][$0.trimmedText] })
                else { continue }
                if flag == offWhenTrue.contains(label) {
                    report.add(call, "`\(label): \(flag)` switches the certificate check off", confidence: .high)
                }
            }
        }
        for element in file.dictionaryElements {
            let key = element.node.key.path(limit: 1).last ?? element.node.key.literalText ?? ""
            if offWhenFalse.contains(key) || key.hasSuffix("kCFStreamSSLValidatesCertificateChain"),
                ["false", "kCFBooleanFalse", "NSNumber(value: false)"].contains(element.node.value.trimmedText)
            {
                report.add(
                    element.node, in: element.scope, "`\(key)` switches the certificate check off", confidence: .high)
            }
        }
        for call in file.calls(named: "selfSigned", "allowSelfSigned")
        where call.base == "" && call.unlabelled?.single?.trimmedText == "true" {
            report.add(call, "`.\(call.name)(true)` trusts any certificate", confidence: .high)
        }
        for call in file.calls(named: "setProperty", "CFReadStreamSetProperty", "CFWriteStreamSetProperty", "setValue")
        where call.arguments.contains(where: { $0.value.text.contains("kCFStreamSSLValidatesCertificateChain") })
            && call.arguments.contains(where: { ["kCFBooleanFalse", "false"].contains($0.value.text) })
        {
            report.add(call, "the certificate check is switched off", confidence: .high)
        }
        for call in file.calls(named: "SecTrustSetExceptions") {
            report.add(
                call, "`SecTrustSetExceptions` makes a certificate trusted that is not", severity: .medium,
                confidence: .medium)
        }
        for call in file.calls(named: "SecPolicyCreateSSL")
        where call.arguments.count == 2 && call.arguments[1].value.single?.is(NilLiteralExprSyntax.self) == true {
            report.add(
                call, "a policy without a host name accepts a certificate for any host", severity: .medium,
                confidence: .medium)
        }
        for call in file.calls(named: "SSLSetSessionOption")
        where call.arguments.contains(where: {
            $0.value.text.contains("kSSLSessionOptionBreakOnServerAuth") || $0.value.text.contains("breakOnServerAuth")
        }) {
            report.add(call, "the certificate is left to the program to check", severity: .medium, confidence: .low)
        }
        for call in file.calls(named: "curl_easy_setopt")
        where call.arguments.contains(where: { $0.value.text.contains("CURLOPT_SSL_VERIFY") })
            && call.arguments.last?.value.single?.integer == 0
        {
            report.add(call, "the certificate check is switched off", confidence: .high)
        }
    }

    /// Delegates that take any server trust.
    private func checkChallenges(_ file: SourceModel, _ report: inout Report) {
        let made =
            file.calls(named: "URLCredential").filter { $0.has("trust") }.map { ($0.range(in: file.text), $0.scope) }
            // `map(URLCredential.init(trust:))` makes one too.
            + file.members(named: "init").filter { $0.node.base?.path() == ["URLCredential"] }
            .filter { $0.node.parent?.is(FunctionCallExprSyntax.self) != true }.map { ($0.node.range, $0.scope) }
        for (range, scope) in made {
            let names = file.words(in: scope.enclosingHandler ?? file.fileScope)
            let verifiers = names.intersection(Self.verifiers)
            guard verifiers.isEmpty || verifiers == ["SecTrustEvaluateWithError"] && discardsVerdict(scope, file) else {
                continue
            }
            let hint = names.contains { name in
                ["pin", "valid", "evaluat"].contains { name.lowercased().contains($0) }
            }
            report.add(
                range, in: scope, "a credential is made of any server trust without evaluating it",
                confidence: hint ? .low : .high)
        }
        for call in file.calls(named: "useCredential", "continueWithoutCredential") where call.base == "sender" {
            report.add(call, "the challenge is answered without a check", severity: .medium, confidence: .low)
        }
    }

    /// `_ = SecTrustEvaluateWithError(trust, nil)`: asked, and the answer thrown away.
    private func discardsVerdict(_ scope: Scope, _ file: SourceModel) -> Bool {
        let calls = file.calls(named: "SecTrustEvaluateWithError").filter {
            $0.scope.enclosingHandler === scope.enclosingHandler
        }
        return !calls.isEmpty
            && calls.allSatisfy { call in
                guard let parent = call.node.parent else { return false }
                if parent.is(CodeBlockItemSyntax.self) { return true }
                return parent.as(ExprListSyntax.self)?.first?.is(DiscardAssignmentExprSyntax.self) == true
            }
    }

    /// Verification callbacks that say yes to everything.
    private func checkCallbacks(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "succeed", "completeWith") where call.memberNameOfFirst == "certificateVerified" {
            let words = file.words(in: call.scope.enclosingFunction ?? file.fileScope)
            if words.isDisjoint(with: ["if", "guard", "switch", "validate"]) {
                report.add(call, "the callback accepts any certificate", confidence: .high)
            }
        }
        for call in file.calls(named: "sec_protocol_options_set_verify_block") {
            let closures =
                call.arguments.compactMap { $0.value.single?.as(ClosureExprSyntax.self) } + call.trailingClosures
            for closure in closures {
                let tokens = closure.tokens(viewMode: .sourceAccurate).map(\.text)
                let says = tokens.contains("true") && !tokens.contains("false")
                if says, Set(tokens).isDisjoint(with: Self.verifiers) {
                    report.add(call, "the verify block accepts any certificate", confidence: .high)
                }
            }
        }
        for call in file.calls(named: "sec_protocol_options_set_peer_authentication_required")
        where call.arguments.last?.value.single?.trimmedText == "false" {
            report.add(call, "the other side need not show a certificate", severity: .medium, confidence: .medium)
        }
        for call in file.calls(named: "SSL_CTX_set_verify", "SSL_set_verify")
        where call.arguments.count > 1 && call.arguments[1].value.text.contains("SSL_VERIFY_NONE") {
            report.add(call, "SSL_VERIFY_NONE trusts any certificate", confidence: .high)
        }
    }
}

extension Call {
    /// The last name of an unlabelled first argument such as `.certificateVerified`.
    var memberNameOfFirst: String? { unlabelled?.single?.path(limit: 1).last }
}
