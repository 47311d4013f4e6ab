import SwiftSyntax

/// Initialization vectors and nonces that are the same each time.
struct StaticNonce: Rule {
    let metadata = SwiftRule(
        id: "static-iv",
        title: "Fixed initialization vector or nonce",
        why: "With a repeated nonce GCM and ChaCha20-Poly1305 give away the difference of plaintexts and the "
            + "authentication key; CBC shows equal beginnings.",
        mend:
            "Leave the nonce out, so that CryptoKit draws one, or fill it with `SecRandomCopyBytes` for each message.",
        cwe: [329, 1204],
        severity: .high,
        examples: .init(
            wrong: [
                #"let nonce = try AES.GCM.Nonce(data: Data("123456789012".utf8))"#,
                #"let aes = try AES(key: key, blockMode: CBC(iv: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))"#,
                """
                let iv = [UInt8](repeating: 0, count: kCCBlockSizeAES128)
                CCCrypt(op, alg, options, key, 32, iv, bytes, n, &out, m, &moved)
                """,
                #"let aes = try AES(key: key, iv: "drowssapdrowssap")"#,
            ],
            right: [
                "let box = try AES.GCM.seal(data, using: key)",
                "let nonce = AES.GCM.Nonce()",
                """
                var iv = [UInt8](repeating: 0, count: 16)
                _ = SecRandomCopyBytes(kSecRandomDefault, iv.count, &iv)
                CCCrypt(op, alg, options, key, 32, iv, bytes, n, &out, m, &moved)
                """,
                "let aes = try AES(key: key, blockMode: CBC(iv: AES.randomIV(16)))",
            ]
        )
    )

    private static let labels = ["iv", "initializationVector", "initialVector", "withIV"]

    func check(_ file: SourceModel, _ report: inout Report) {
        let material = LiteralKeyMaterial(file: file)
        for call in file.calls(named: "Nonce") { check(call, call.argument("data"), material, &report) }
        for call in file.calls {
            if let iv = call.argument(anyOf: Self.labels) { check(call, iv, material, &report) }
        }
        for call in file.calls(named: "IV") { check(call, call.argument("ivBytes"), material, &report) }
        for call in file.calls(named: "seal", "encrypt", "makeEncryptor") {
            check(call, call.argument("nonce").map(Self.contents), material, &report)
        }
        for call in file.calls(named: "CCCrypt", "CCCryptorCreate", "CCCryptorCreateWithMode") {
            let index = ["CCCrypt": 5, "CCCryptorCreate": 5, "CCCryptorCreateWithMode": 4][call.name] ?? 5
            guard call.arguments.count > index else { continue }
            check(call, call.arguments[index].value, material, &report)
            checkMissing(call, call.arguments[index].value, file, &report)
        }
    }

    /// The data of `.init(data: …)`, whose type the label tells.
    private static func contents(of nonce: Expression) -> Expression {
        guard let call = nonce.single?.as(FunctionCallExprSyntax.self), ExprSyntax(call).path() == ["", "init()"],
            let data = call.arguments.first, data.label?.text == "data"
        else { return nonce }
        return Expression(data.expression, in: nonce.scope)
    }

    /// CommonCrypto takes no vector for one of zeros, unless the mode (ECB) has none.
    private func checkMissing(_ call: Call, _ vector: Expression, _ file: SourceModel, _ report: inout Report) {
        guard call.name == "CCCrypt", vector.single?.is(NilLiteralExprSyntax.self) == true,
            call.arguments.count > 2, !mentionsECB(call.arguments[2].value, file)
        else { return }
        report.add(call, "without a vector `CCCrypt` takes one of zeros", confidence: .medium)
    }

    private func mentionsECB(_ options: Expression, _ file: SourceModel) -> Bool {
        if options.text.contains("ECB") { return true }
        guard let name = options.single?.as(DeclReferenceExprSyntax.self)?.baseName.text else { return false }
        let binding = file.binding(named: name, from: options.scope, before: options.range.lowerBound)
        // What is not known may well name it.
        return binding?.value?.text.contains("ECB") ?? true
    }

    private func check(_ call: Call, _ nonce: Expression?, _ material: LiteralKeyMaterial, _ report: inout Report) {
        guard let nonce, let fixed = material.fixed(nonce) else { return }
        // The innermost call that takes the vector is the place: `AES(blockMode: CBC(iv:))` is one defect.
        report.add(
            call, "the vector given to `\(call.name)` is \(fixed.words)", confidence: fixed.confidence,
            secret: fixed.secret)
    }
}
