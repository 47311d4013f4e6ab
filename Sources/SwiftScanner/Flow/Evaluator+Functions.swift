import SwiftSyntax

/// What functions of the same file return, with their parameters standing for the arguments of the call.
extension Evaluator {
    private static let maximumResults = 8

    /// `nil` when the function is not in this file, or returns nothing that could be followed.
    mutating func functionValue(of call: FunctionCallExprSyntax, in scope: Scope, depth: Int) -> Value? {
        guard let function = file.function(calledBy: call.calledExpression.path(limit: 3)) else { return nil }
        if HarmlessTypes.contains(function.node.signature.returnClause?.type.trimmedText) {
            return .opaque(ExprSyntax(call), .harmless)
        }
        guard !function.results.isEmpty, function.results.count <= Self.maximumResults,
            active.insert(ObjectIdentifier(function.scope)).inserted
        else { return nil }
        defer { active.remove(ObjectIdentifier(function.scope)) }
        let arguments = call.arguments.map {
            Call.Argument(label: $0.label?.text, value: Expression($0.expression, in: scope))
        }
        frames.append(function.bound(to: arguments))
        defer { frames.removeLast() }
        let values = function.results.map { value(of: $0, depth: depth + 1) }
        return values.dropFirst().reduce(values[0]) { $0.or($1) }
    }

    /// What all callers give for a parameter of a private function, when none of them can be outside of the file.
    ///
    /// Each gives a value of its own, so together they are no one literal.
    mutating func callersValue(of binding: Binding, depth: Int) -> Value? {
        guard let declaration = binding.scope.node.as(FunctionDeclSyntax.self),
            let function = file.functionsByName[declaration.name.text]?.first(where: { $0.scope === binding.scope }),
            function.isPrivate, file.functionsByName[function.name]?.count == 1,
            // The function may be handed on by its name too.
            file.references[function.name]?.allSatisfy({ $0.node.parent?.is(FunctionCallExprSyntax.self) == true })
                ?? true
        else { return nil }
        let calls = file.calls(named: function.name)
        guard !calls.isEmpty, calls.count <= Self.maximumResults,
            active.insert(ObjectIdentifier(function.scope)).inserted
        else { return nil }
        defer { active.remove(ObjectIdentifier(function.scope)) }
        var result: Value?
        for call in calls {
            guard let argument = function.bound(to: call.arguments)[ObjectIdentifier(binding)] else { return nil }
            let next = value(of: argument, depth: depth + 1)
            result = result?.or(next) ?? next
        }
        return result
    }

    /// What the caller gave for a parameter of a function that has been gone into.
    mutating func argumentValue(for binding: Binding, depth: Int) -> Value? {
        guard let level = frames.lastIndex(where: { $0[ObjectIdentifier(binding)] != nil }),
            let argument = frames[level][ObjectIdentifier(binding)]
        else { return nil }
        // The argument belongs to the caller, whose parameters are those of the frames before.
        let inner = frames[level...]
        frames.removeSubrange(level...)
        defer { frames += inner }
        return value(of: argument, depth: depth + 1)
    }
}
