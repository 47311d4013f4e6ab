import SwiftSyntax

/// A test of what a name holds: whether it is one of a few, or made of plain characters only.
///
/// `guard allowed.contains(name) else { … }`, `if name == "asc" { … }`, `known.contains(name) ? name : "id"`.
struct Comparison {
    let node: ExprSyntax
    let scope: Scope
    /// Whether the test holds where the name is *not* what is wanted.
    let isNegated: Bool

    /// How functions begin that throw or say no for what must not be used.
    private static let validators = ["isValid", "isSafe", "isAllowed", "validate"]

    /// The tests in a file by the name they are about.
    static func all(in file: SourceModel) -> [String: [Comparison]] {
        var all: [String: [Comparison]] = [:]
        func add(_ name: String?, _ node: ExprSyntax, _ scope: Scope, isNegated: Bool = false) {
            guard let name else { return }
            all[name, default: []].append(Comparison(node: node, scope: scope, isNegated: isNegated))
        }
        for call in file.calls(named: "contains") where call.arguments.count == 1 {
            let name = call.unlabelled?.single?.path(limit: 2).first
            if call.receiver?.path(limit: 1).last != name { add(name, call.node, call.scope) }
        }
        for call in file.calls(named: "allSatisfy", "wholeMatch") { add(call.path.first, call.node, call.scope) }
        for call in file.calls {
            guard validators.contains(where: call.name.hasPrefix) else { continue }
            add(call.path.first, call.node, call.scope)
            for argument in call.arguments { add(argument.value.single?.path(limit: 1).last, call.node, call.scope) }
        }
        for sequence in file.sequences {
            let elements = sequence.elements
            for index in elements.indices.dropFirst().dropLast() {
                guard let symbol = elements[index].as(BinaryOperatorExprSyntax.self)?.operator.text,
                    symbol == "==" || symbol == "!=", elements[index + 1].literalText != nil,
                    let name = elements[index - 1].as(DeclReferenceExprSyntax.self)?.baseName.text
                else { continue }
                add(name, ExprSyntax(sequence.node), sequence.scope, isNegated: symbol == "!=")
            }
        }
        return all
    }

    /// Whether a use can only be reached with a value that the test let through.
    func admits(_ use: ExprSyntax, in scope: Scope) -> Bool {
        self.scope.enclosingHandler === scope.enclosingHandler && leads(to: use)
    }

    /// Whether the test stands in the condition of a `guard`, `if` or ternary that the use is behind.
    private func leads(to use: ExprSyntax) -> Bool {
        var isNegated = isNegated
        var node = Syntax(self.node)
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
                return self.node.parent?.is(TryExprSyntax.self) == true
                    && use.range.lowerBound >= self.node.range.upperBound
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
