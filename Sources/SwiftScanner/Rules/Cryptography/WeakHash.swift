import SwiftSyntax

/// MD2, MD4, MD5 and SHA-1 in CryptoKit, swift-crypto, CommonCrypto, CryptoSwift, OpenSSL and Security.
struct WeakHash: Rule {
    let metadata = SwiftRule(
        id: "weak-hash",
        title: "Broken hash function",
        why: "Collisions for MD5 and SHA-1 can be made to order, so that two contents share one digest and a signature "
            + "or checksum over one holds for the other.",
        mend: "Use SHA256, SHA384 or SHA512 of CryptoKit or swift-crypto.",
        cwe: [327, 328],
        severity: .medium,
        examples: .init(
            wrong: [
                "let digest = Insecure.MD5.hash(data: data)",
                "var hasher = Insecure.SHA1()",
                "CC_MD5(bytes, CC_LONG(count), &digest)",
                "let checksum = text.md5()",
                "CCHmac(CCHmacAlgorithm(kCCHmacAlgSHA1), key, key.count, bytes, bytes.count, &mac)",
            ],
            right: [
                "let digest = SHA256.hash(data: data)",
                "CC_SHA256(bytes, CC_LONG(count), &digest)",
                "let known = header.md5",
                "enum Algorithm { case md5, sha1 }",
            ]
        )
    )

    private static let functions: Set<String> = [
        "CC_MD2", "CC_MD4", "CC_MD5", "CC_SHA1", "CC_MD5_Init", "CC_SHA1_Init", "CC_MD4_Init", "CC_MD2_Init",
        "MD5_Init",
        "SHA1_Init", "EVP_md5", "EVP_sha1", "EVP_md4",
    ]
    private static let methods: Set<String> = ["md5", "sha1", "md5String", "sha1String", "md5Hash", "sha1Hash"]
    private static let constants: Set<String> = [
        "kCCHmacAlgMD5", "kCCHmacAlgSHA1", "kSecDigestMD5", "kSecDigestSHA1", "kSecDigestHMACSHA1", "kSecDigestHMACMD5",
    ]

    /// Members of `SecKeyAlgorithm` and of swift-certificates' `SignatureAlgorithm`.
    private static let signatures: Set<String> = [
        "rsaSignatureMessagePKCS1v15SHA1", "rsaSignatureDigestPKCS1v15SHA1", "rsaSignatureMessagePSSSHA1",
        "rsaSignatureDigestPSSSHA1", "sha1WithRSAEncryption", "ecdsaWithSHA1", "md5WithRSAEncryption",
        "ecdsaSignatureMessageX962SHA1", "ecdsaSignatureDigestX962SHA1",
    ]

    var words: [String] {
        ["md2", "md4", "md5", "sha1"]
    }

    func check(_ file: SourceModel, _ report: inout Report) {
        for name in ["MD5", "SHA1"] {
            for member in file.members(named: name) where member.node.base?.path().last == "Insecure" {
                report.add(
                    member.node, in: member.scope, "\(name) is used through CryptoKit's `Insecure` namespace",
                    severity: isProtocolDemand(member.node, in: file) ? .low : .medium, confidence: .high
                )
            }
        }
        for type in file.memberTypes
        where type.node.baseType.trimmedText.hasSuffix("Insecure") && !isRecognized(type.node) {
            let name = type.node.name.text
            guard name == "MD5" || name == "SHA1" else { continue }
            report.add(
                type.node, in: type.scope, "\(name) is used through CryptoKit's `Insecure` namespace",
                severity: .low, confidence: .high
            )
        }
        for call in file.calls(named: Self.functions) {
            report.add(call, "`\(call.name)` computes a broken hash", confidence: .high)
        }
        for call in file.calls(named: Self.methods) where call.base != nil && call.arguments.isEmpty {
            report.add(call, "`\(call.name)()` computes a broken hash", confidence: .medium)
        }
        for call in file.calls(named: "MD5", "SHA1", "MD4", "MD2") where call.base == nil || call.base == "Digest" {
            report.add(
                call, "`\(call.name)` is a broken hash",
                severity: isProtocolDemand(call.node, in: file) ? .low : .medium,
                confidence: .medium)
        }
        for call in file.calls(named: "md5", "sha1") where call.base == "Digest" && !call.arguments.isEmpty {
            report.add(call, "`\(call.name)` is a broken hash", confidence: .high)
        }
        for call in file.calls(named: "hash", "update", "Hasher")
        where ["MD5", "SHA1"].contains(call.base ?? "") && call.path.count == 2 {
            report.add(call, "`\(call.base ?? "")` is a broken hash", confidence: .medium)
        }
        for call in file.calls(named: "HMAC", "PBKDF2", "PBKDF1", "HKDF")
        where ["md5", "sha1"].contains(call.memberName("variant") ?? "") {
            report.add(call, "\(call.name) with a broken hash", severity: .low, confidence: .high)
        }
        for name in Self.signatures {
            for member in file.members(named: name) where !isCompared(member.node) {
                report.add(member.node, in: member.scope, "`.\(name)` signs with a broken hash", confidence: .high)
            }
        }
        for name in Self.constants {
            for reference in file.references[name] ?? [] {
                report.add(reference.node, in: reference.scope, "`\(name)` names a broken hash", confidence: .high)
            }
        }
    }

    /// Behind `case is` a type is asked for, not used.
    private func isRecognized(_ node: MemberTypeSyntax) -> Bool {
        var ancestor = node.parent
        while let here = ancestor, here.is(TypeSyntax.self) { ancestor = here.parent }
        return ancestor?.is(IsTypePatternSyntax.self) == true
    }

    /// In a `case` or beside `==` an algorithm is recognized, not used.
    private func isCompared(_ node: MemberAccessExprSyntax) -> Bool {
        guard let parent = node.parent else { return false }
        if parent.is(ExpressionPatternSyntax.self) { return true }
        return parent.as(ExprListSyntax.self)?.contains {
            ["==", "!=", "~="].contains($0.as(BinaryOperatorExprSyntax.self)?.operator.text ?? "")
        } ?? false
    }

    /// WebSocket handshakes and one-time passwords prescribe SHA-1; entity tags are compared, not trusted.
    private func isProtocolDemand(_ node: some ExprSyntaxProtocol, in file: SourceModel) -> Bool {
        if file.name.contains("WebSocket") { return true }
        let surroundings = file.text.lines(
            max(1, file.text.line(at: node.range.lowerBound) - 2), file.text.line(at: node.range.upperBound) + 2
        ).joined().lowercased()
        return ["etag", "websocket", "258eafa5", "totp", "hotp", "cachekey", "cache key"].contains {
            surroundings.contains($0)
        }
            || ExprSyntax(node).path().contains("HMAC")
    }
}
