import SwiftSyntax

/// Ciphers with short keys, short blocks or known breaks.
struct WeakCipher: Rule {
    let metadata = SwiftRule(
        id: "weak-cipher",
        title: "Broken cipher",
        why: "DES falls to trying all keys, RC4 to its biases, and 64-bit blocks (3DES, Blowfish, CAST, RC2) repeat "
            + "after some gigabytes.",
        mend: "Use AES.GCM or ChaChaPoly of CryptoKit or swift-crypto.",
        cwe: [327],
        severity: .high,
        examples: .init(
            wrong: [
                "CCCrypt(CCOperation(kCCEncrypt), CCAlgorithm(kCCAlgorithmDES), options, key, 8, iv, p, n, &o, m, &c)",
                "let algorithm = CCAlgorithm(kCCAlgorithm3DES)",
                "let cipher = try Blowfish(key: key, blockMode: CBC(iv: iv), padding: .pkcs7)",
                "EVP_EncryptInit_ex(context, EVP_rc4(), nil, key, nil)",
            ],
            right: [
                "CCCrypt(op, CCAlgorithm(kCCAlgorithmAES), options, key, 32, iv, p, n, &o, m, &c)",
                "let box = try AES.GCM.seal(data, using: key)",
            ]
        )
    )

    private static let constants: [String: String] = [
        "kCCAlgorithmDES": "DES", "kCCAlgorithm3DES": "3DES", "kCCAlgorithmRC4": "RC4", "kCCAlgorithmRC2": "RC2",
        "kCCAlgorithmCAST": "CAST", "kCCAlgorithmBlowfish": "Blowfish",
    ]
    private static let openSSL: Set<String> = [
        "EVP_des_cbc", "EVP_des_ecb", "EVP_des_ede3_cbc", "EVP_des_ede3_ecb", "EVP_rc4", "EVP_rc2_cbc", "EVP_bf_cbc",
        "EVP_cast5_cbc", "DES_ecb_encrypt", "DES_ncbc_encrypt", "RC4",
    ]

    var words: [String] {
        ["algorithm", "cipher", "cryptor", "EVP_", "DES_", "DES(", "RC4", "Blowfish", "Rabbit", "rsaEncryption"]
    }

    func check(_ file: SourceModel, _ report: inout Report) {
        for (name, cipher) in Self.constants.sorted(by: { $0.key < $1.key }) {
            for reference in file.references[name] ?? [] {
                report.add(reference.node, in: reference.scope, "\(cipher) is a broken cipher", confidence: .high)
            }
        }
        for member in file.members(named: "rsaEncryptionRaw", "rsaEncryptionPKCS1") {
            report.add(
                member.node, in: member.scope,
                "`.\(member.node.declName.baseName.text)` pads in a way that gives the plaintext away",
                severity: .medium,
                confidence: .high
            )
        }
        for call in file.calls(named: Self.openSSL) {
            report.add(call, "`\(call.name)` is a broken cipher", confidence: .high)
        }
        for call in file.calls(named: "Blowfish", "DES", "TripleDES", "RC4", "Rabbit")
        where call.has("key") || call.has("password") {
            report.add(call, "\(call.name) is a broken cipher", confidence: .high)
        }
        for member in file.members(
            named: "des", "tripleDES", "des3", "rc4", "blowfish", "cast", "rc2", "DES", "TripleDES")
        where isAlgorithm(member.node.base?.path().last, in: member.node.parent?.parent?.trimmedText ?? "") {
            report.add(
                member.node, in: member.scope, "\(member.node.declName.baseName.text) is a broken cipher",
                confidence: .medium
            )
        }
    }

    private func isAlgorithm(_ base: String?, in surroundings: String) -> Bool {
        if let base {
            return ["Algorithm", "CCAlgorithm", "Cipher", "SymmetricCipher", "CryptoAlgorithm", "CipherAlgorithm"]
                .contains(base)
        }
        return ["algorithm:", "cipher:", "Cryptor("].contains { surroundings.prefix(200).contains($0) }
    }
}
