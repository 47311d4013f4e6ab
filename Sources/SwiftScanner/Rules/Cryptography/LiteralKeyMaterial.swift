import SwiftSyntax

/// What the rules for keys, nonces and salts share: whether a value is fixed in the source.
struct LiteralKeyMaterial {
    let file: SourceModel

    struct Fixed {
        let confidence: SwiftConfidence
        /// The text itself, to be redacted.
        let secret: String?
        let words: String
    }

    /// Says how `expression` is fixed; `nil` when it is not, or nothing is known.
    func fixed(_ expression: Expression, depth: Int = 0) -> Fixed? {
        guard depth < 8 else { return nil }
        if expression.elements.count > 1 {
            let value = Evaluator.value(of: expression, in: file)
            return value.trust == .constant && value.literal != nil
                ? Fixed(confidence: .high, secret: value.text, words: "a literal") : nil
        }
        guard let node = expression.single else { return nil }
        if let string = node.as(StringLiteralExprSyntax.self) {
            guard let text = string.literalText else { return nil }
            return text.isEmpty
                ? nil : Fixed(confidence: .high, secret: text, words: "the text literal \(Redactor.redacted(text))")
        }
        if let array = node.as(ArrayExprSyntax.self) {
            guard !array.elements.isEmpty, array.elements.allSatisfy({ $0.expression.integer != nil }) else {
                return nil
            }
            return Fixed(
                confidence: .high, secret: array.trimmedText,
                words: "\(array.elements.count) bytes in the source")
        }
        if let call = node.as(FunctionCallExprSyntax.self) { return fixed(call, expression.scope, depth) }
        if let member = node.as(MemberAccessExprSyntax.self) { return fixed(member, expression.scope, depth) }
        if let name = node.as(DeclReferenceExprSyntax.self)?.baseName.text {
            return file.binding(named: name, from: expression.scope, before: node.range.lowerBound)
                .flatMap { fixed($0, depth) }
        }
        return nil
    }

    private func fixed(_ binding: Binding, _ depth: Int) -> Fixed? {
        // A buffer of zeros that is filled afterwards is no constant.
        guard let value = binding.value, binding.writes.isEmpty else { return nil }
        if !binding.isConstant, isFilled(binding) { return nil }
        return fixed(value, depth: depth + 1)
    }

    /// Whether a variable is passed with `&` or asked for its mutable bytes.
    private func isFilled(_ binding: Binding) -> Bool {
        (file.references[binding.name] ?? []).contains { use in
            if use.node.parent?.is(InOutExprSyntax.self) == true { return true }
            let member = use.node.parent?.as(MemberAccessExprSyntax.self)?.declName.baseName.text ?? ""
            return member.hasPrefix("withUnsafeMutable")
        }
    }

    private func fixed(_ member: MemberAccessExprSyntax, _ scope: Scope, _ depth: Int) -> Fixed? {
        guard let base = member.base else { return nil }
        let name = member.declName.baseName.text
        if ["utf8", "bytes", "data", "utf8CString", "unicodeScalars"].contains(name) {
            return fixed(Expression(base, in: scope), depth: depth + 1)
        }
        let path = base.path()
        guard path.count == 1 else { return nil }
        let binding =
            path[0] == "self" || path[0] == "Self"
            ? scope.enclosingType.flatMap { file.member(named: name, of: $0) }
            : file.member(named: name, ofType: path[0])
        return binding.flatMap { fixed($0, depth) }
    }

    private static let conversions: Set<String> = [
        "Data", "Array", "String", "SymmetricKey", "NSData", "ByteBuffer", "ContiguousArray", "UInt8", "Salt",
        "HMACKey", "StaticString", "Key", "SecretBytes",
    ]

    private func fixed(_ call: FunctionCallExprSyntax, _ scope: Scope, _ depth: Int) -> Fixed? {
        let path = ExprSyntax(call).path().map { $0.replacing("()", with: "") }
        let name = path.last == "init" && path.count > 1 ? path[path.count - 2] : path.last ?? ""
        let receiver = call.calledExpression.unwrapped.as(MemberAccessExprSyntax.self)?.base
        if ["data", "utf8", "bytes", "prefix", "suffix", "dropFirst", "lowercased", "cString"].contains(name),
            let receiver
        {
            return fixed(Expression(receiver, in: scope), depth: depth + 1)
        }
        if name == "hash", let data = call.arguments.first, data.label?.text == "data" {
            return fixed(Expression(data.expression, in: scope), depth: depth + 1)
        }
        guard Self.conversions.contains(name) || call.calledExpression.is(ArrayExprSyntax.self) else { return nil }
        guard let first = call.arguments.first else { return nil }
        switch first.label?.text {
        case "repeating":
            let isLiteral = first.expression.integer != nil || first.expression.literalText != nil
            return isLiteral ? Fixed(confidence: .high, secret: nil, words: "one repeated value") : nil
        case "count": return Fixed(confidence: .medium, secret: nil, words: "zeros")
        case "size", "contentsOf", "contentsOfFile": return nil
        default: return fixed(Expression(first.expression, in: scope), depth: depth + 1)
        }
    }
}
