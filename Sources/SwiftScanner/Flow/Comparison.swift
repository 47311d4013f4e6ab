import SwiftSyntax

/// Finds out whether a name has been compared with fixed values, or tested character by character, before it is used:
/// `guard allowed.contains(name) else { … }`, `if name == "asc" { … }`, `known.contains(name) ? name : "id"`.
struct Comparison {
    let file: SourceModel

    /// Whether a use of `name` can only be reached with a value that a comparison let through.
    func admits(_ name: String, at use: ExprSyntax, in scope: Scope) -> Bool {
        tests(of: name).contains { test in
            test.scope.enclosingHandler === scope.enclosingHandler && leads(from: test.node, to: use)
        }
    }

    /// The calls and comparisons that say of the name whether it is one of a few.
    private func tests(of name: String) -> [Placed<ExprSyntax>] {
        let membership = file.calls(named: "contains").filter { call in
            call.arguments.count == 1 && call.unlabelled?.single?.path(limit: 2).first == name
                && call.receiver?.path(limit: 1).last != name
        }
        let forms = file.calls(named: "allSatisfy", "wholeMatch").filter { $0.receiver?.path().first == name }
        let validators = file.calls.filter { call in
            ["isvalid", "issafe", "isallowed", "validate"].contains(where: call.name.lowercased().hasPrefix)
                && (call.receiver?.path().first == name
                    || call.arguments.contains { $0.value.single?.path(limit: 1).last == name })
        }
        let equalities = file.sequences.filter { Self.compares($0.node, name) }
        return (membership + forms + validators).map { Placed(node: $0.node, scope: $0.scope) }
            + equalities.map { Placed(node: ExprSyntax($0.node), scope: $0.scope) }
    }

    /// `name == "literal"`, possibly several joined by `||`.
    private static func compares(_ sequence: SequenceExprSyntax, _ name: String) -> Bool {
        let elements = Array(sequence.elements)
        return elements.indices.dropFirst().dropLast().contains { index in
            elements[index].as(BinaryOperatorExprSyntax.self)?.operator.text == "=="
                && elements[index - 1].path() == [name] && elements[index + 1].literalText != nil
        }
    }

    /// Whether the test stands in the condition of a `guard`, `if` or ternary that the use is behind.
    private func leads(from test: ExprSyntax, to use: ExprSyntax) -> Bool {
        var isNegated = false
        var node = Syntax(test)
        while let parent = node.parent {
            if parent.as(PrefixOperatorExprSyntax.self)?.operator.text == "!" { isNegated.toggle() }
            if let statement = parent.as(GuardStmtSyntax.self) {
                return !isNegated && node.id != Syntax(statement.body).id
                    && use.range.lowerBound >= statement.range.upperBound
            }
            if let loop = parent.parent?.as(ForStmtSyntax.self), parent.is(WhereClauseSyntax.self) {
                return !isNegated && loop.body.range.contains(use.range.lowerBound)
            }
            if let choice = parent.as(IfExprSyntax.self), node.id != Syntax(choice.body).id {
                let inside = choice.body.range.contains(use.range.lowerBound)
                return isNegated
                    ? !inside && Self.leaves(choice) && use.range.lowerBound >= choice.range.upperBound : inside
            }
            if let list = parent.as(ExprListSyntax.self), let chosen = Self.ternary(in: list, after: node) {
                return !isNegated && chosen.range.contains(use.range.lowerBound)
            }
            // A call whose result nobody asks about tests by throwing.
            if parent.is(CodeBlockItemSyntax.self) {
                return test.parent?.is(TryExprSyntax.self) == true && use.range.lowerBound >= test.range.upperBound
            }
            node = parent
        }
        return false
    }

    /// What a ternary gives when the condition before it holds.
    private static func ternary(in list: ExprListSyntax, after condition: Syntax) -> ExprSyntax? {
        list.lazy.compactMap { $0.as(UnresolvedTernaryExprSyntax.self) }
            .first { $0.range.lowerBound > condition.range.lowerBound }?.thenExpression
    }

    private static func leaves(_ choice: IfExprSyntax) -> Bool {
        guard choice.elseBody == nil, let last = choice.body.statements.last?.item else { return false }
        switch last {
        case .stmt(let statement):
            return statement.is(ReturnStmtSyntax.self) || statement.is(ThrowStmtSyntax.self)
                || statement.is(ContinueStmtSyntax.self) || statement.is(BreakStmtSyntax.self)
        default: return false
        }
    }
}
