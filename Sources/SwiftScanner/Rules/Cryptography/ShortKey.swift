import SwiftSyntax

/// Keys too short for their algorithm.
struct ShortKey: Rule {
    let metadata = SwiftRule(
        id: "short-key",
        title: "Key too short",
        why: "RSA of 1024 bits is within reach of factoring, symmetric keys under 128 bits of trying all.",
        mend: "RSA of at least 2048 bits (better P-256 or Curve25519), symmetric keys of 256 bits.",
        cwe: [326],
        severity: .medium,
        examples: .init(
            wrong: [
                "let attributes: [CFString: Any] = [kSecAttrKeyType: kSecAttrKeyTypeRSA, kSecAttrKeySizeInBits: 1024]",
                "let key = SymmetricKey(size: .init(bitCount: 64))",
                "let key = try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1024))",
                "let key: _RSA.Signing.PrivateKey = try .init(keySize: .init(bitCount: 1024))",
            ],
            right: [
                "let attributes: [CFString: Any] = [kSecAttrKeyType: kSecAttrKeyTypeRSA, kSecAttrKeySizeInBits: 4096]",
                "let attributes: [CFString: Any] = [kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom, kSecAttrKeySizeInBits: 256]",
                "let key = SymmetricKey(size: .bits256)",
            ]
        )
    )

    var words: [String] { ["keySize", "bitCount", "rsa"] }

    func check(_ file: SourceModel, _ report: inout Report) {
        for element in file.dictionaryElements
        where element.node.key.trimmedText.hasPrefix("kSecAttrKeySizeInBits") {
            check(element.node, Expression(element.node.value, in: element.scope), in: element.scope, &report, file)
        }
        for assignment in file.assignments where assignment.target.trimmedText.contains("kSecAttrKeySizeInBits") {
            check(assignment.node, assignment.value, in: assignment.scope, &report, file)
        }
        for call in file.calls {
            for label in ["size", "keySize", "unsafeKeySize"] {
                guard let size = call.argument(label)?.single?.as(FunctionCallExprSyntax.self),
                    size.arguments.first?.label?.text == "bitCount", let bits = size.arguments.first?.expression.integer
                else { continue }
                let isSymmetric = call.name == "SymmetricKey"
                if bits < (isSymmetric ? 128 : 2048), isSymmetric || makesRSA(call) {
                    report.add(call, "\(bits) bits are too few", confidence: .high)
                }
            }
        }
        for call in file.calls(named: "RSA", "generateRSAKeyPair", "RSA_generate_key_ex") {
            let isC = call.name == "RSA_generate_key_ex" && call.arguments.count > 1
            let size = isC ? call.arguments[1].value : call.argument(anyOf: ["keySize", "bits", "size"])
            if let bits = size.flatMap({ Evaluator.value(of: $0, in: file).integer }), bits < 2048 {
                report.add(call, "\(bits) bits are too few", confidence: .high)
            }
        }
    }

    /// Whether a call names RSA, or is an `.init` where the written type of a result or variable does.
    private func makesRSA(_ call: Call) -> Bool {
        if call.path.contains(where: { $0.contains("RSA") }) { return true }
        guard call.path == ["", "init"] else { return false }
        var ancestor = call.node.parent
        for _ in 0..<12 {
            guard let here = ancestor else { return false }
            if let binding = here.as(PatternBindingSyntax.self) {
                if let type = binding.typeAnnotation?.type { return type.trimmedText.contains("RSA") }
                if binding.initializer != nil { return false }
            } else if let function = here.as(FunctionDeclSyntax.self) {
                return function.signature.returnClause?.type.trimmedText.contains("RSA") == true
            }
            ancestor = here.parent
        }
        return false
    }

    /// Under 512 bits it is the size of a curve: those are judged by 224.
    private func check(
        _ node: some SyntaxProtocol, _ size: Expression, in scope: Scope, _ report: inout Report, _ file: SourceModel
    ) {
        var text = size
        if let cast = size.elements.first, size.elements.count > 1 { text = Expression(cast, in: scope) }
        guard let bits = Evaluator.value(of: text, in: file).integer else { return }
        if bits < 224 || (512..<2048).contains(bits) && bits != 521 {
            report.add(node, in: scope, "\(bits) bits are too few", confidence: .high)
        }
    }
}
