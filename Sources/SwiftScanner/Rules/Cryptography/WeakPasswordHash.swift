/// A password digested with a fast hash.
struct WeakPasswordHash: Rule {
    let metadata = SwiftRule(
        id: "weak-password-hash",
        title: "Password digested with a fast hash",
        why:
            "A general hash takes nanoseconds: a leaked table of digests is guessed through at billions of passwords a "
            + "second, salted or not.",
        mend: "Use a password hash: Argon2id, scrypt, bcrypt, or PBKDF2 with at least 600,000 rounds of SHA-256.",
        cwe: [916, 327],
        severity: .high,
        examples: .init(
            wrong: [
                "let digest = SHA256.hash(data: Data(password.utf8))",
                "let stored = Insecure.MD5.hash(data: user.password.data(using: .utf8)!)",
                "let digest = password.sha256()",
                """
                func store(password: String) {
                    let bytes = Data(password.utf8)
                    save(SHA512.hash(data: bytes))
                }
                """,
            ],
            right: [
                "let digest = try Bcrypt.hash(password)",
                "let digest = SHA256.hash(data: document)",
                "let key = SHA256.hash(data: Data(passwordResetURL.utf8))",
            ]
        )
    )

    private static let functions: Set<String> = [
        "CC_MD5", "CC_SHA1", "CC_SHA256", "CC_SHA384", "CC_SHA512", "CC_SHA224",
    ]
    private static let digests: Set<String> = ["SHA256", "SHA384", "SHA512", "MD5", "SHA1", "SHA2", "SHA3", "Digest"]
    private static let methods: Set<String> = ["md5", "sha1", "sha256", "sha384", "sha512", "sha224", "sha3"]

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: "hash", "update") where isDigest(call, in: file) {
            if let data = call.argument(anyOf: ["data", "bufferPointer", ""]) { check(call, data, file, &report) }
        }
        for call in file.calls(named: Self.functions) {
            if let data = call.arguments.first?.value { check(call, data, file, &report) }
        }
        for call in file.calls(named: Self.methods) {
            if let receiver = call.receiver {
                check(call, call.unlabelled ?? Expression(receiver, in: call.scope), file, &report)
            }
        }
    }

    private func isDigest(_ call: Call, in file: SourceModel) -> Bool {
        guard let base = call.base else { return false }
        if Self.digests.contains(base) { return true }
        guard let binding = file.binding(named: base, from: call.scope, before: call.node.range.upperBound) else {
            return false
        }
        return binding.value?.single?.path().contains { Self.digests.contains($0.replacing("()", with: "")) } == true
    }

    private func check(_ call: Call, _ data: Expression, _ file: SourceModel, _ report: inout Report) {
        guard let name = SensitiveUse.name(in: data, of: file, atLeast: .password) else { return }
        report.add(call, "the password `\(name)` is digested with a fast hash", confidence: .medium)
    }
}
