import SwiftSyntax

/// Tokens whose signature or time nobody checks.
struct UnverifiedJWT: Rule {
    let metadata = SwiftRule(
        id: "jwt-unverified",
        title: "JSON Web Token not verified",
        why: "Without the signature a token says whatever its sender wrote, the user's name and rights included.",
        mend:
            "JWTKit: `try await keys.verify(token, as: Payload.self)`; check `exp` in the payload's `verify(using:)`.",
        cwe: [347, 345],
        severity: .high,
        examples: .init(
            wrong: [
                "let payload = try await keys.unverified(token, as: Payload.self)",
                "await keys.addUnsecuredNone()",
                "signers.use(.none)",
                "let jwt = try decode(jwt: token)",
                #"let claims = try JWT.decode(token, algorithm: .hs256(key), verify: false)"#,
                """
                struct Payload: JWTPayload {
                    var exp: ExpirationClaim
                    func verify(using algorithm: some JWTAlgorithm) async throws {}
                }
                """,
                #"let parts = token.split(separator: ".")"# + "\n"
                    + #"let claims = try JSONDecoder().decode(Claims.self, from: Data(base64Encoded: String(parts[1]))!)"#,
            ],
            right: [
                "let payload = try await keys.verify(token, as: Payload.self)",
                "signers.use(.hs256(key: key))",
                """
                struct Payload: JWTPayload {
                    var exp: ExpirationClaim
                    func verify(using algorithm: some JWTAlgorithm) async throws { try exp.verifyNotExpired() }
                }
                """,
                #"let parts = version.split(separator: ".")"#,
            ]
        )
    )

    var words: [String] { ["jwt", "token", "unverified", "unsecured", "signers", "keys", "verify"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "unverified") where call.base != nil && !isVerifiedToo(call, file) {
            report.add(call, "`unverified` reads the token without checking its signature", confidence: .high)
        }
        for call in file.calls(named: "addUnsecuredNone", "unsecuredNone", "UnsecuredNoneSigner") {
            report.add(call, "tokens with algorithm `none` are accepted", confidence: .high)
        }
        for member in file.members(named: "unsecuredNone")
        where member.node.parent?.is(FunctionCallExprSyntax.self) != true {
            report.add(member.node, in: member.scope, "tokens with algorithm `none` are accepted", confidence: .high)
        }
        for call in file.calls(named: "use")
        where ["signers", "jwt", "keys"].contains(call.base ?? "")
            && ["none", "unsecuredNone"].contains(call.memberNameOfFirst)
        {
            report.add(call, "tokens with algorithm `none` are accepted", confidence: .high)
        }
        for call in file.calls(named: "decode") {
            checkDecode(call, file, &report)
        }
        for call in file.calls
        where call.path.contains(where: { $0.contains("JWT") || $0.contains("jwt") || $0.contains("Jwt") }) {
            let off = call.arguments.first {
                ["verify", "verifySignature", "verifySignatures", "validateSignature", "validate"].contains($0.label)
                    && $0.value.single?.trimmedText == "false"
            }
            if off != nil { report.add(call, "the check of the signature is switched off", confidence: .high) }
            if call.memberName("algorithm") == "none" || call.memberName("jwtVerifier") == "none" {
                report.add(call, "the algorithm is `none`", confidence: .high)
            }
        }
        for call in file.calls(named: "parse")
        where call.has("as") && isParser(call, file) && !isVerifiedToo(call, file) {
            report.add(
                call, "the parser reads the token without checking its signature", severity: .medium,
                confidence: .medium)
        }
        for call in file.calls(named: "JWT") where call.has("jwtString") {
            if !call.has("verifier") || call.memberName("verifier") == "none" {
                report.add(call, "the token is read without checking its signature", confidence: .high)
            }
        }
        checkPayloads(file, &report)
        checkByHand(file, &report)
    }

    /// Whether the same function has the same token verified later: what was read before tells only which key to take.
    private func isVerifiedToo(_ call: Call, _ file: SourceModel) -> Bool {
        guard let token = call.unlabelled?.text else { return false }
        return file.calls(named: "verify").contains {
            file.spend() && $0.node.range.lowerBound > call.node.range.lowerBound
                && $0.scope.enclosingHandler === call.scope.enclosingHandler && $0.unlabelled?.text == token
                && (call.name == "parse" || $0.base == call.base)
        }
    }

    /// Auth0's JWTDecode says in its name that it does not verify.
    private func checkDecode(_ call: Call, _ file: SourceModel, _ report: inout Report) {
        if call.has("jwt"), call.base == nil || call.base == "JWTDecode" {
            let verified = !file.calls(named: "verify", "validate", "isValid").isEmpty
            report.add(
                call, "`decode(jwt:)` reads the token without checking its signature",
                severity: verified ? .low : .medium, confidence: verified ? .low : .medium)
        }
    }

    /// JWTKit's parsers take a token apart; only a key collection verifies it.
    private func isParser(_ call: Call, _ file: SourceModel) -> Bool {
        guard let base = call.base else { return false }
        let binding = file.binding(named: base, from: call.scope, before: call.node.range.lowerBound)
        return [base, binding?.typeName ?? "", binding?.value?.text ?? ""].contains { $0.contains("JWTParser") }
    }

    /// Whether a payload's `verify` calls another check, throws or decides anything.
    private func checksAnything(_ function: Function) -> Bool {
        guard let body = function.node.body else { return true }
        return body.tokens(viewMode: .sourceAccurate).contains { token in
            [.keyword(.throw), .keyword(.if), .keyword(.guard), .keyword(.try)].contains(token.tokenKind)
                || token.text.hasPrefix("verify") || token.text.hasPrefix("validate")
        }
    }

    /// A payload's `verify` that checks nothing.
    private func checkPayloads(_ file: SourceModel, _ report: inout Report) {
        for function in file.functions where function.name == "verify" && !checksAnything(function) {
            let label = function.node.signature.parameterClause.parameters.first?.firstName.text
            guard label == "using", let type = function.scope.parent, type.kind == .type else { continue }
            let isEmpty = function.node.body?.statements.isEmpty == true
            let hasExpiry = type.bindings.values.contains {
                $0.contains {
                    $0.typeName?.contains("ExpirationClaim") == true || ["exp", "expiration"].contains($0.name)
                }
            }
            guard isEmpty || hasExpiry else { continue }
            report.add(
                function.node.signature.parameterClause.range.lowerBound
                    - function.node.name.text.utf8.count..<function.node.range.upperBound, in: function.scope,
                "the payload's `verify` checks nothing", severity: hasExpiry ? .high : .medium,
                confidence: hasExpiry ? .high : .medium)
        }
    }

    /// The middle part of a token decoded by hand.
    private func checkByHand(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "split", "components") {
            let separator = call.argument("separator") ?? call.argument("separatedBy")
            guard separator?.single?.literalText == ".", let base = call.base?.lowercased(),
                base.contains("token") || base.contains("jwt")
            else { continue }
            let body = file.words(in: call.scope.enclosingFunction ?? file.fileScope)
            let decodes = body.contains("base64Encoded") || body.contains { $0.lowercased().contains("base64url") }
            let verifies = body.contains {
                $0.contains("isValid") || $0.contains("verify") || $0.contains("SecKeyVerifySignature")
                    || $0.contains("HMAC") || $0.contains("authenticationCode")
            }
            if decodes, !verifies {
                report.add(
                    call, "the token is taken apart by hand and its signature not checked", severity: .medium,
                    confidence: .medium)
            }
        }
    }
}
