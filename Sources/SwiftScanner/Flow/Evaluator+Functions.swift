import SwiftSyntax

/// What functions of the same file return, with their parameters standing for the arguments of the call.
extension Evaluator {
    private static let maximumResults = 8

    /// `nil` when the function is not in this file, or returns nothing that could be followed.
    mutating func functionValue(of call: FunctionCallExprSyntax, in scope: Scope, depth: Int) -> Value? {
        guard let function = file.function(calledBy: call.calledExpression.path(limit: 3)) else { return nil }
        if HarmlessTypes.contains(function.node.signature.returnClause?.type.trimmedDescription) {
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
