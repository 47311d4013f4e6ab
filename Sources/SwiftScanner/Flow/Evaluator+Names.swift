import SwiftSyntax

/// What names stand for: locals, parameters, members and globals of the file, and the arguments of closures.
extension Evaluator {
    mutating func nameValue(of node: ExprSyntax, in scope: Scope, depth: Int) -> Value {
        guard let reference = node.as(DeclReferenceExprSyntax.self) else { return .opaque(node, .unknown) }
        let name = reference.baseName.text
        if name.hasPrefix("$"), name.dropFirst().allSatisfy(\.isNumber) {
            return closureArgument(of: node, in: scope, depth: depth)
        }
        let offset = node.position.utf8Offset
        if let binding = file.binding(named: name, from: scope, before: offset, except: active) {
            let result = value(of: binding, at: node, depth: depth)
            guard result.isOpen, let tests = file.comparisons[name], file.spend(tests.count) else { return result }
            return tests.contains { $0.admits(node, in: scope) } ? result.trusted(at: .harmless) : result
        }
        if name.first?.isUppercase == true { return .opaque(node, .fixed) }
        return .opaque(node, .unknown, origin: "`\(name)`, which is not defined in this file")
    }

    mutating func value(of binding: Binding, at node: ExprSyntax, depth: Int) -> Value {
        if HarmlessTypes.contains(binding.typeName) || danger == .sql && HarmlessTypes.bindsSQL(binding.typeName) {
            return known(binding, node, .harmless, depth)
        }
        active.insert(ObjectIdentifier(binding))
        defer { active.remove(ObjectIdentifier(binding)) }
        var result: Value
        switch binding.source {
        case .value(let expression): result = value(of: expression, depth: depth + 1)
        case .element(let expression):
            result = value(of: expression, depth: depth + 1)
            result.literal = nil
        case .shadow:
            let outer = file.binding(named: binding.name, from: binding.scope, before: binding.offset, except: active)
            result = outer.map { value(of: $0, at: node, depth: depth + 1) } ?? .opaque(node, .unknown)
        case .parameter, .closureParameter:
            return parameterValue(of: binding, at: node, depth: depth)
        case .none:
            result = binding.writes.isEmpty ? .opaque(node, .unknown, origin: "`\(binding.name)`") : .literal(.text(""))
            if !binding.writes.isEmpty { result.parts = [] }
        }
        let isLocal = binding.scope.kind != .type && binding.scope.kind != .file
        let use = node.position.utf8Offset
        for write in binding.writes where !isLocal || write.offset < use {
            let next = value(of: write.value, depth: depth + 1)
            result = write.extends ? result.followed(by: next) : result.or(next)
        }
        if !isLocal, !binding.isConstant, binding.attributes.contains(where: ExternalInput.argumentWrappers.contains) {
            return .opaque(node, .external, origin: "the command line")
        }
        if !isLocal, !binding.isConstant, binding.attributes.contains(where: ExternalInput.stateWrappers.contains) {
            return .opaque(node, .parameter, origin: "the property `\(binding.name)`")
        }
        if !isLocal, !binding.isConstant, binding.writes.isEmpty, result.trust < .unknown {
            // A stored `var` of a type may be set from another file.
            result.literal = binding.scope.kind == .file ? nil : result.literal
        }
        return result
    }

    private mutating func known(_ binding: Binding, _ node: ExprSyntax, _ trust: Value.Trust, _ depth: Int) -> Value {
        guard let expression = binding.value, binding.writes.isEmpty else { return .opaque(node, trust) }
        active.insert(ObjectIdentifier(binding))
        defer { active.remove(ObjectIdentifier(binding)) }
        return value(of: expression, depth: depth + 1).trusted(at: trust)
    }

    private mutating func parameterValue(of binding: Binding, at node: ExprSyntax, depth: Int) -> Value {
        if let argument = argumentValue(for: binding, depth: depth) { return argument }
        if ExternalInput.isRequest(name: binding.name, type: binding.typeName, imports: file.imports) {
            return .opaque(node, .external, origin: "the request `\(binding.name)`")
        }
        if case .closureParameter = binding.source, let closure = binding.scope.node.as(ClosureExprSyntax.self) {
            return element(for: closure, node, in: binding.scope, depth: depth)
        }
        return callersValue(of: binding, depth: depth)
            ?? .opaque(node, .parameter, origin: "the parameter `\(binding.name)`")
    }

    mutating func closureArgument(of node: ExprSyntax, in scope: Scope, depth: Int) -> Value {
        guard let inner = scope.chain.first(where: { $0.kind == .closure }),
            let closure = inner.node.as(ClosureExprSyntax.self)
        else { return .opaque(node, .unknown) }
        return element(for: closure, node, in: inner, depth: depth)
    }

    /// Methods whose closure gets the receiver, its elements, or its bytes.
    private static let handsOnReceiver: Set<String> = [
        "map", "flatMap", "compactMap", "forEach", "filter", "reduce", "sorted", "withCString", "withUTF8",
        "withUnsafeBytes", "withUnsafeBufferPointer", "withContiguousStorageIfAvailable",
    ]

    /// What a closure given to `map`, `filter` and the like gets: the elements of the receiver.
    private mutating func element(
        for closure: ClosureExprSyntax, _ node: ExprSyntax, in scope: Scope, depth: Int
    ) -> Value {
        guard let call = closure.parent?.as(FunctionCallExprSyntax.self),
            let member = call.calledExpression.unwrapped.as(MemberAccessExprSyntax.self),
            Self.handsOnReceiver.contains(member.declName.baseName.text),
            let base = member.base
        else { return .opaque(node, .unknown, origin: "a closure's argument") }
        var result = value(of: base, in: scope.parent ?? scope, depth: depth + 1)
        result.literal = nil
        return result
    }
}
