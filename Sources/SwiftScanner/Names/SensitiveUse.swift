import SwiftSyntax

/// Finds secrets by name inside an expression, looking through conversions and `let`s.
enum SensitiveUse {
    /// The name of a secret that is (a part of) the value of `expression`.
    static func name(in expression: Expression, of file: SourceModel, atLeast kind: SensitiveName.Kind = .secret)
        -> String?
    {
        name(amongOperands: expression.elements, expression.scope, file, kind, depth: 0)
    }

    /// A secret by its name; a bare `token` only where it is a text, since the tokens of parsers are not.
    static func text(in expression: Expression, of file: SourceModel) -> String? {
        if let name = name(in: expression, of: file) { return name }
        guard let name = name(in: expression, of: file, atLeast: .vague) else { return nil }
        let binding = file.binding(named: name, from: expression.scope, before: expression.range.lowerBound)
        return ["String", "String?", "Data"].contains(binding?.typeName) ? name : nil
    }

    /// Operands of `+` and `??` and the branches of a ternary are values; those of comparisons are not.
    private static func name(
        amongOperands elements: [ExprSyntax], _ scope: Scope, _ file: SourceModel, _ kind: SensitiveName.Kind,
        depth: Int
    ) -> String? {
        let start = elements.firstIndex { $0.is(UnresolvedTernaryExprSyntax.self) } ?? 0
        let operands = elements[start...]
        let symbols = operands.compactMap { $0.as(BinaryOperatorExprSyntax.self)?.operator.text }
        if symbols.contains(where: ["==", "!=", "&&", "||", "<", ">", "===", "!=="].contains) { return nil }
        return operands.lazy.compactMap { element -> String? in
            let value = element.as(UnresolvedTernaryExprSyntax.self)?.thenExpression ?? element
            return name(in: value, scope, file, kind, depth: depth + 1)
        }.first
    }

    /// Members that are still the secret; `credentials.username` is not.
    private static let sameText: Set<String> = [
        "utf8", "data", "description", "debugDescription", "rawValue", "value", "string", "text", "stringValue",
        "wrappedValue", "dataRepresentation", "baseAddress", "utf8String", "unsafelyUnwrapped", "utf8CString", "bytes",
        "projectedValue",
    ]

    /// Functions that turn a secret into something that may be shown or kept.
    private static let hiding: Set<String> = [
        "hash", "encrypt", "seal", "redacted", "masked", "mask", "redact", "sha256", "sha512", "Bcrypt", "hmac",
        "authenticationCode", "isEmpty", "prefix", "suffix", "isValid", "validate", "verify", "contains", "encrypted",
        "obfuscate", "digest", "hashed", "scrub", "type", "count", "HMAC", "hasPrefix", "sanitize", "String(repeating",
    ]

    /// Functions that fetch what is kept under a name.
    private static let lookUps: Set<String> = ["value", "string", "object", "get", "first", "data", "header"]

    private static func name(
        in node: ExprSyntax, _ scope: Scope, _ file: SourceModel, _ kind: SensitiveName.Kind, depth: Int
    ) -> String? {
        guard depth < 8 else { return nil }
        let node = node.unwrapped
        switch node.kind {
        case .declReferenceExpr:
            guard let name = node.path(limit: 1).last else { return nil }
            let binding = file.binding(named: name, from: scope, before: node.range.lowerBound)
            if let receiver = receiver(handingItsBytesTo: name, binding, in: scope) {
                return self.name(in: receiver, scope, file, kind, depth: depth + 1)
            }
            if isSecret(name, kind), !HarmlessTypes.contains(binding?.typeName), !isBenignValue(binding) { return name }
            guard let binding, let value = binding.value, binding.offset < node.range.lowerBound,
                binding.scope.kind != .type, binding.scope.kind != .file
            else { return nil }
            let added = binding.writes.filter { $0.extends && $0.offset < node.range.lowerBound }.suffix(8)
            return ([value] + added.map(\.value)).lazy.compactMap {
                self.name(amongOperands: $0.elements, $0.scope, file, kind, depth: depth)
            }.first
        case .memberAccessExpr:
            guard let member = node.as(MemberAccessExprSyntax.self) else { return nil }
            let name = member.declName.baseName.text
            if hiding.contains(name) { return nil }
            guard let base = member.base else { return nil }
            // `Keys.password` is a key under which something is kept, not the thing.
            let owner = base.path(limit: 1).last ?? ""
            let isKey =
                ["Keys", "Key", "Constants", "DefaultsKeys", "StorageKeys", "CodingKeys", "Strings", "L10n"].contains(
                    owner)
                || owner.hasSuffix("Key") || owner.hasSuffix("Keys")
            if isSecret(name, kind), !isKey { return name }
            // A bare `token` says little, the `token` of an authorization much.
            if isSecret(name, .vague), isSecret(owner, .secret) { return name }
            if isFieldText(name, of: owner, kind) { return owner }
            guard !isKey, sameText.contains(name) else { return nil }
            return self.name(in: base, scope, file, kind, depth: depth + 1)
        case .functionCallExpr:
            guard let call = node.as(FunctionCallExprSyntax.self) else { return nil }
            let names = node.path(limit: 3).map { $0.replacing("()", with: "") }
            if names.contains(where: hiding.contains) { return nil }
            // "Authorization", or `.authorization` of the names of headers.
            let looked = call.arguments.first?.expression
            let constant = looked?.as(MemberAccessExprSyntax.self).flatMap { $0.base == nil ? $0.declName : nil }
            if let key = looked?.literalText ?? constant?.baseName.text, Self.lookUps.contains(names.last ?? ""),
                isSecret(key, kind)
            {
                return key
            }
            if let last = names.last, isSecret(last, kind), last.first?.isLowercase == true { return last + "()" }
            if let base = call.calledExpression.unwrapped.as(MemberAccessExprSyntax.self)?.base,
                let found = name(in: base, scope, file, kind, depth: depth + 1)
            {
                return found
            }
            return call.arguments.lazy.compactMap {
                name(in: $0.expression, scope, file, kind, depth: depth + 1)
            }.first
        case .stringLiteralExpr:
            guard let string = node.as(StringLiteralExprSyntax.self) else { return nil }
            for case .expressionSegment(let segment) in string.segments {
                guard let inner = segment.expressions.first?.expression else { continue }
                if let found = name(in: inner, scope, file, kind, depth: depth + 1) { return found }
            }
            return nil
        case .subscriptCallExpr:
            guard let access = node.as(SubscriptCallExprSyntax.self) else { return nil }
            let key = access.arguments.first?.expression
            if let key = key?.literalText ?? key?.path(limit: 1).last {
                // A bare `cookie` says little, the header of that name much.
                let isHeader = access.calledExpression.path(limit: 1).last?.lowercased().hasSuffix("headers") == true
                if isSecret(key, isHeader ? .vague : kind) { return key }
            }
            return name(in: access.calledExpression, scope, file, kind, depth: depth + 1)
        case .sequenceExpr:
            guard let sequence = node.as(SequenceExprSyntax.self) else { return nil }
            return name(amongOperands: Array(sequence.elements), scope, file, kind, depth: depth)
        case .arrayExpr:
            return node.as(ArrayExprSyntax.self)?.elements.lazy.compactMap {
                name(in: $0.expression, scope, file, kind, depth: depth + 1)
            }.first
        case .dictionaryExpr:
            guard let elements = node.as(DictionaryExprSyntax.self)?.content.as(DictionaryElementListSyntax.self) else {
                return nil
            }
            return elements.lazy.compactMap { name(in: $0.value, scope, file, kind, depth: depth + 1) }.first
        default: return nil
        }
    }

    /// What `bytes` stands for in `password.withUnsafeBytes { bytes in … }`, and `$0` there.
    private static func receiver(handingItsBytesTo name: String, _ binding: Binding?, in scope: Scope) -> ExprSyntax? {
        let closure: ClosureExprSyntax?
        if name == "$0" {
            closure = scope.chain.first { $0.kind == .closure }?.node.as(ClosureExprSyntax.self)
        } else if case .closureParameter = binding?.source {
            closure = binding?.scope.node.as(ClosureExprSyntax.self)
        } else {
            return nil
        }
        guard let call = closure?.parent?.as(FunctionCallExprSyntax.self),
            let member = call.calledExpression.unwrapped.as(MemberAccessExprSyntax.self),
            member.declName.baseName.text.hasPrefix("with")
        else { return nil }
        return member.base
    }

    private static func isSecret(_ name: String, _ kind: SensitiveName.Kind) -> Bool {
        SensitiveName.kind(of: name).map { $0 >= kind } == true
    }

    /// `let token = parse()` of a lexer is judged by name, but a constant text or number is no secret.
    private static func isBenignValue(_ binding: Binding?) -> Bool {
        guard let text = binding?.value?.single?.literalText else { return false }
        return text.isEmpty || SecretText.looksLikeName(text)
    }

    /// `passwordField.text` is a password, though the field is none.
    private static func isFieldText(_ member: String, of owner: String, _ kind: SensitiveName.Kind) -> Bool {
        guard member == "text" || member == "stringValue" else { return false }
        return ["TextField", "Field", "Input", "TextView"].contains { suffix in
            owner.hasSuffix(suffix) && isSecret(String(owner.dropLast(suffix.count)), kind)
        }
    }
}
