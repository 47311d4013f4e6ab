/// Cryptographic keys written in the source.
struct HardCodedKey: Rule {
    let metadata = SwiftRule(
        id: "hard-coded-key",
        title: "Cryptographic key in the source",
        why: "Whoever has the source or the binary has the key, and it cannot be changed without a release.",
        mend: "Make keys with `SymmetricKey(size:)` and keep them in the Keychain, or read them from a secret store.",
        cwe: [321, 798],
        severity: .high,
        examples: .init(
            wrong: [
                #"let key = SymmetricKey(data: "0123456789abcdef".data(using: .utf8)!)"#,
                #"let aes = try AES(key: "passwordpassword", iv: iv)"#,
                """
                let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
                let key = SymmetricKey(data: bytes)
                """,
                #"await keys.add(hmac: "a very secret text", digestAlgorithm: .sha256)"#,
            ],
            right: [
                "let key = SymmetricKey(size: .bits256)",
                "let key = SymmetricKey(data: try keychain.read())",
                #"let key = SymmetricKey(data: Data(Environment.get("KEY")!.utf8))"#,
                #"let object = NSCache(key: "users")"#,
            ]
        )
    )

    private static let ciphers: Set<String> = [
        "AES", "ChaCha20", "Blowfish", "HMAC", "Rabbit", "CMAC", "Poly1305", "XChaCha20",
    ]

    func check(_ file: SourceModel, _ report: inout Report) {
        let material = LiteralKeyMaterial(file: file)
        for call in file.calls(named: "SymmetricKey") {
            check(call, call.argument(anyOf: ["data", "base64", "bytes"]), material, &report)
        }
        for call in file.calls(named: Self.ciphers) { check(call, call.argument("key"), material, &report) }
        for call in file.calls(named: "CCCrypt", "CCCryptorCreate", "CCCryptorCreateWithMode", "CCHmac") {
            let index = ["CCCrypt": 3, "CCCryptorCreate": 3, "CCCryptorCreateWithMode": 5, "CCHmac": 1][call.name] ?? 3
            if call.arguments.count > index { check(call, call.arguments[index].value, material, &report) }
        }
        for call in file.calls(named: "hs256", "hs384", "hs512") {
            check(call, call.argument("key"), material, &report)
        }
        for call in file.calls(named: "add", "addHMAC") {
            check(
                call,
                call.argument(anyOf: ["hmac", "key"]).flatMap { call.has("hmac") || call.name == "addHMAC" ? $0 : nil },
                material, &report)
        }
        for call in file.calls(named: "PrivateKey") {
            check(
                call, call.argument(anyOf: ["rawRepresentation", "pemRepresentation", "derRepresentation", "pem"]),
                material, &report)
        }
        for call in file.calls(
            named: "JWTSigner", "HS256", "HS512", "deriveKey", "encrypt", "decrypt", "setKey", "setPassphrase",
            "usePassphrase", "RNCryptor")
        {
            check(
                call,
                call.argument(anyOf: [
                    "key", "usingKey", "withKey", "encryptionKey", "hmacKey", "inputKeyMaterial", "password",
                    "withPassword",
                ]), material, &report)
        }
        for call in file.calls(named: "usePassphrase") { check(call, call.unlabelled, material, &report) }
        for call in file.calls(named: "Configuration") {
            check(call, call.argument("encryptionKey"), material, &report)
        }
        for assignment in file.assignments where assignment.path.last == "encryptionKey" {
            guard let fixed = material.fixed(assignment.value) else { continue }
            report.add(
                assignment.node, in: assignment.scope, "the key is \(fixed.words)", confidence: fixed.confidence,
                secret: fixed.secret)
        }
    }

    private func check(_ call: Call, _ key: Expression?, _ material: LiteralKeyMaterial, _ report: inout Report) {
        guard let key, let fixed = material.fixed(key) else { return }
        report.add(
            call, "the key given to `\(call.name)` is \(fixed.words)", confidence: fixed.confidence,
            secret: fixed.secret)
    }
}
