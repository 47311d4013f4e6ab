import SwiftSyntax

/// What members and subscripts give.
extension Evaluator {
    mutating func memberValue(of node: ExprSyntax, in scope: Scope, depth: Int) -> Value {
        guard let member = node.as(MemberAccessExprSyntax.self) else { return .opaque(node, .unknown) }
        let name = member.declName.baseName.text
        if danger.sanitizers.contains(name) || Self.harmlessMembers.contains(name) { return .opaque(node, .harmless) }
        guard let base = member.base?.unwrapped else { return .opaque(node, .constant) }
        let path = node.path()
        if let origin = ExternalInput.origin(of: path) { return .opaque(node, .external, origin: origin) }
        if path.count == 2 {
            let owner = path[0]
            let found =
                owner == "self" || owner == "Self"
                ? scope.enclosingType.flatMap { file.member(named: name, of: $0) }
                : file.member(named: name, ofType: owner)
            if let found, !active.contains(ObjectIdentifier(found)) {
                return value(of: found, at: node, depth: depth)
            }
            if owner == "self" || owner == "Self" {
                return .opaque(node, owner == "Self" ? .fixed : .unknown, origin: "the property `\(name)`")
            }
            if owner.first?.isUppercase == true { return .opaque(node, .fixed) }
        }
        if name == "rawValue" { return value(of: base, in: scope, depth: depth + 1).trusted(at: .fixed) }
        if path.first?.first?.isUppercase == true, !path.contains(where: { $0.hasSuffix("()") || $0 == "[]" }) {
            return .opaque(node, .fixed)
        }
        var result = value(of: base, in: scope, depth: depth + 1)
        if result.trust == .external, ExternalInput.ownParts.contains(name), isRequest(base, in: scope) {
            return .opaque(node, .unknown)
        }
        if Self.sameText.contains(name) { return result }
        result.literal = nil
        if result.trust <= .harmless { return .opaque(node, result.trust == .constant ? .fixed : .harmless) }
        return .opaque(node, result.trust, origin: result.origin)
    }

    func isRequest(_ base: ExprSyntax, in scope: Scope) -> Bool {
        let path = base.path(limit: 2)
        return path.count == 1
            && (ExternalInput.isRequest(path[0])
                || file.binding(named: path[0], from: scope, before: base.position.utf8Offset).map {
                    ExternalInput.isRequest(name: $0.name, type: $0.typeName, imports: file.imports)
                } == true)
    }

    /// Members that are numbers or identifiers whatever they are taken from.
    private static let harmlessMembers: Set<String> = [
        "count", "isEmpty", "hashValue", "timeIntervalSince1970", "startIndex", "endIndex", "uuidString", "byteCount",
        "statusCode", "utf16Count", "processIdentifier", "contentSize",
    ]

    /// Members that give the same text in another dress.
    private static let sameText: Set<String> = [
        "utf8", "utf16", "unicodeScalars", "description", "data", "bytes", "capitalized", "localizedLowercase",
        "utf8String", "localizedUppercase", "debugDescription", "first", "last", "absoluteString", "utf8CString",
        "fileSystemRepresentation", "lazy",
    ]

    mutating func subscriptValue(of node: ExprSyntax, in scope: Scope, depth: Int) -> Value {
        guard let access = node.as(SubscriptCallExprSyntax.self) else { return .opaque(node, .unknown) }
        let path = node.path()
        if let origin = ExternalInput.origin(of: path) {
            return .opaque(node, asksForHarmlessType(access.arguments) ? .harmless : .external, origin: origin)
        }
        if path.dropLast().last == "environment" { return .opaque(node, .unknown, origin: "the environment") }
        let base = value(of: access.calledExpression, in: scope, depth: depth + 1)
        return base.trust <= .fixed
            ? .opaque(node, max(base.trust, .harmless)) : .opaque(node, base.trust, origin: base.origin)
    }

    /// Whether a request's value is asked for as a number or the like: `get("id", as: Int.self)`.
    func asksForHarmlessType(_ arguments: LabeledExprListSyntax) -> Bool {
        arguments.contains { argument in
            let text = argument.expression.trimmedText
            return text.hasSuffix(".self") && HarmlessTypes.contains(String(text.dropLast(5)))
        }
    }
}
