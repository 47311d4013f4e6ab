import SwiftSyntax

/// Block ciphers in ECB mode.
struct ElectronicCodebook: Rule {
    let metadata = SwiftRule(
        id: "ecb-mode",
        title: "Cipher in ECB mode",
        why:
            "ECB encrypts equal blocks to equal blocks: the structure of the plaintext shows, and blocks can be moved.",
        mend: "Use an authenticated mode with a fresh nonce: AES.GCM or ChaChaPoly.",
        cwe: [327],
        severity: .high,
        examples: .init(
            wrong: [
                "let options = CCOptions(kCCOptionPKCS7Padding | kCCOptionECBMode)",
                "let aes = try AES(key: key, blockMode: ECB())",
                "let cipher = Cipher(algorithm: .aes, mode: .ecb)",
                "EVP_EncryptInit_ex(context, EVP_aes_256_ecb(), nil, key, nil)",
            ],
            right: [
                "let options = CCOptions(kCCOptionPKCS7Padding)",
                "let aes = try AES(key: key, blockMode: GCM(iv: iv))",
            ]
        )
    )

    var words: [String] { ["ecb"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for name in ["kCCOptionECBMode", "kCCModeECB"] {
            for reference in file.references[name] ?? [] {
                report.add(reference.node, in: reference.scope, "`\(name)` selects ECB mode", confidence: .high)
            }
        }
        for call in file.calls where call.name == "ECB" || call.name.hasPrefix("EVP_") && call.name.hasSuffix("_ecb") {
            report.add(call, "`\(call.name)` selects ECB mode", confidence: .high)
        }
        for member in file.members(named: "ecb", "ECB", "ecbMode", "ECBMode") {
            guard
                member.node.base == nil
                    || ["BlockMode", "Mode", "Options", "CipherMode", "Option"].contains(member.node.base?.path().last)
            else { continue }
            if member.node.parent?.is(FunctionCallExprSyntax.self) == true, file.calls(named: "ECB").isEmpty == false {
                continue
            }
            report.add(
                member.node, in: member.scope, "`.\(member.node.declName.baseName.text)` selects ECB mode",
                confidence: .medium)
        }
    }
}
