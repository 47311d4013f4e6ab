/// Salts that are the same for everybody.
struct StaticSalt: Rule {
    let metadata = SwiftRule(
        id: "static-salt",
        title: "Fixed salt",
        why:
            "One salt for all means one table for all: equal passwords give equal keys, and one guess tests every user.",
        mend: "Draw at least 16 random bytes for each password and keep them beside the result.",
        cwe: [760, 759],
        severity: .medium,
        examples: .init(
            wrong: [
                #"let key = try PKCS5.PBKDF2(password: password, salt: Array("salt".utf8), iterations: 600_000).calculate()"#,
                #"let key = HKDF<SHA256>.deriveKey(inputKeyMaterial: secret, salt: Data("fixed".utf8), info: info, outputByteCount: 32)"#,
                """
                let salt: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
                CCKeyDerivationPBKDF(algorithm, password, count, salt, salt.count, prf, 600_000, &key, 32)
                """,
            ],
            right: [
                "let key = try PKCS5.PBKDF2(password: password, salt: user.salt, iterations: 600_000).calculate()",
                "let salt = AES.randomIV(16)\nlet key = try Scrypt(password: password, salt: salt, dkLen: 32, N: 16384, r: 8, p: 1)",
            ]
        )
    )

    var words: [String] { ["salt", "pbkdf"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        let material = LiteralKeyMaterial(file: file)
        for call in file.calls {
            guard let salt = call.argument(anyOf: ["salt", "sharedSalt", "withSalt", "saltData"]) else { continue }
            check(
                call, salt, material, &report,
                isDerivation: ["HKDF", "hkdfDerivedSymmetricKey", "extract"].contains {
                    call.path.joined().contains($0)
                })
        }
        for call in file.calls(named: "CCKeyDerivationPBKDF") where call.arguments.count > 3 {
            check(call, call.arguments[3].value, material, &report, isDerivation: false)
        }
    }

    private func check(
        _ call: Call, _ salt: Expression, _ material: LiteralKeyMaterial, _ report: inout Report, isDerivation: Bool
    ) {
        guard let fixed = material.fixed(salt) else { return }
        // HKDF of strong key material may have a fixed salt (RFC 5869, 3.1).
        report.add(
            call, "the salt given to `\(call.name)` is \(fixed.words)", severity: isDerivation ? .low : .medium,
            confidence: fixed.confidence, secret: fixed.secret
        )
    }
}
