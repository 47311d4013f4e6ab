import SwiftSyntax

/// Password-based key derivation that is too cheap.
struct FewIterations: Rule {
    /// CodeQL's threshold; OWASP asks 600,000 of SHA-256 and 210,000 of SHA-512.
    private static let minimumRounds = 120_000
    private static let minimumBcryptCost = 10
    private static let minimumScryptCost = 1 << 14

    let metadata = SwiftRule(
        id: "few-iterations",
        title: "Key derivation with too few iterations",
        why: "The iterations are the price of one guess: at some thousand rounds a graphics card tries millions of "
            + "passwords a second.",
        mend: "PBKDF2: at least 600,000 rounds of SHA-256 or 210,000 of SHA-512; bcrypt: cost 12; scrypt: N of 2^17.",
        cwe: [916],
        severity: .medium,
        examples: .init(
            wrong: [
                "let key = try PKCS5.PBKDF2(password: password, salt: salt, iterations: 4096, variant: .sha2(.sha256)).calculate()",
                "CCKeyDerivationPBKDF(algorithm, password, count, salt, salt.count, prf, 1000, &key, 32)",
                "let key = try KDF.Insecure.PBKDF2.deriveKey(from: data, salt: salt, using: .sha256, outputByteCount: 32, unsafeUncheckedRounds: 1000)",
                "let digest = try Bcrypt.hash(password, cost: 4)",
                "let rounds: UInt32 = 10_000\nCCKeyDerivationPBKDF(algorithm, password, count, salt, salt.count, prf, rounds, &key, 32)",
            ],
            right: [
                "let key = try PKCS5.PBKDF2(password: password, salt: salt, iterations: 600_000).calculate()",
                "let digest = try Bcrypt.hash(password, cost: 12)",
                "let animation = Animation(iterations: 3)",
            ]
        )
    )

    private static let labels: [String] = ["iterations", "rounds", "unsafeUncheckedRounds", "iterationCount"]

    var words: [String] { ["iterations", "rounds", "iterationCount", "pbkdf", "bcrypt", "scrypt"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls {
            if let rounds = call.argument(anyOf: Self.labels), isDerivation(call) {
                check(call, rounds, at: Self.minimumRounds, "rounds", file, &report)
            } else if call.name == "PBKDF2", !call.has("iterations"), call.has("salt"), call.path.contains("PKCS5") {
                report.add(call, "the default of 4096 rounds is too few", confidence: .high)
            }
        }
        for call in file.calls(named: "CCKeyDerivationPBKDF", "PKCS5_PBKDF2_HMAC", "CCKeyDerivationPBKDFSwift") {
            let index = call.name == "PKCS5_PBKDF2_HMAC" ? 4 : 6
            if call.arguments.count > index {
                check(call, call.arguments[index].value, at: Self.minimumRounds, "rounds", file, &report)
            }
        }
        for call in file.calls(named: "hash")
        where ["Bcrypt", "BCrypt", "BCryptDigest", "bcrypt"].contains(call.base?.replacing("()", with: "") ?? "") {
            if let cost = call.argument("cost") {
                check(call, cost, at: Self.minimumBcryptCost, "as bcrypt's cost", file, &report)
            }
        }
        for call in file.calls(named: "Scrypt", "deriveKey") where call.name == "Scrypt" || call.path.contains("Scrypt")
        {
            if let cost = call.argument(anyOf: ["N", "rounds"]) {
                check(call, cost, at: Self.minimumScryptCost, "as scrypt's N", file, &report)
            }
        }
    }

    private func isDerivation(_ call: Call) -> Bool {
        if call.path.contains("Scrypt") { return false }
        return call.path.contains { name in
            let name = name.lowercased()
            return name.contains("pbkdf") || name.contains("derivekey") || name.contains("keyderivation")
                || name == "kdf"
        }
    }

    private func check(
        _ call: Call, _ rounds: Expression, at minimum: Int, _ what: String, _ file: SourceModel, _ report: inout Report
    ) {
        guard let number = number(rounds, file), number < minimum else { return }
        report.add(call, "\(number) \(what) are too few, the minimum is \(minimum)", confidence: .high)
    }

    /// Looks through `UInt32(10_000)` too.
    private func number(_ expression: Expression, _ file: SourceModel) -> Int? {
        if let number = Evaluator.value(of: expression, in: file).integer { return number }
        if let call = expression.single?.as(FunctionCallExprSyntax.self), call.arguments.count == 1,
            let inner = call.arguments.first
        {
            return Evaluator.value(of: Expression(inner.expression, in: expression.scope), in: file).integer
        }
        return nil
    }
}
