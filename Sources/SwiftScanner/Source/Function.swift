import SwiftSyntax

/// A function of the file: its parameters and what it returns.
struct Function {
    let node: FunctionDeclSyntax
    /// The scope that its parameters are in.
    let scope: Scope
    /// What stands after each `return`, or its one expression.
    let results: [Expression]

    var name: String { node.name.text }

    /// Whether nothing outside of the file can call it.
    var isPrivate: Bool {
        node.modifiers.contains { ["private", "fileprivate"].contains($0.name.text) }
            || scope.parent?.enclosingFunction != nil
    }

    /// Which expression each parameter stands for in a call with these arguments.
    ///
    /// Parameters that are left to their defaults have none.
    func bound(to arguments: [Call.Argument]) -> [ObjectIdentifier: Expression] {
        var rest = arguments[...]
        var bound: [ObjectIdentifier: Expression] = [:]
        for parameter in node.signature.parameterClause.parameters {
            let label = parameter.firstName.text == "_" ? nil : parameter.firstName.text
            guard let argument = rest.first, argument.label == label else { continue }
            rest = rest.dropFirst()
            let name = (parameter.secondName ?? parameter.firstName).text
            guard let binding = scope.bindings[name]?.first else { continue }
            bound[ObjectIdentifier(binding)] = argument.value
        }
        return bound
    }
}

extension SourceModel {
    /// The function that a call by this path means: one of this file, when only one has the name.
    ///
    /// `path` is as ``SwiftSyntax/ExprSyntax/path(limit:)`` gives it for the callee: free, on `self`, or on a type.
    func function(calledBy path: [String]) -> Function? {
        guard let name = path.last, let found = functionsByName[name], found.count == 1, let only = found.first else {
            return nil
        }
        switch path.count {
        case 1: return only
        case 2 where ["self", "Self"].contains(path[0]) || !scopes(ofType: path[0]).isEmpty: return only
        default: return nil
        }
    }
}
