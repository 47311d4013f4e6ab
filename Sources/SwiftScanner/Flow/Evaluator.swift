import SwiftSyntax

/// Follows values backwards from where they are used: through `let`s, `var`s with their assignments, interpolation,
/// `+`, and the text functions of the standard library and Foundation, within a function and the file.
///
/// Bounded in depth and steps, so that a file costs time in proportion to its size; what lies beyond is unknown.
struct Evaluator {
    let file: SourceModel
    let danger: Danger
    var active: Set<ObjectIdentifier> = []
    /// For each function gone into, what its parameters stand for; the innermost last.
    var frames: [[ObjectIdentifier: Expression]] = []
    private var steps = 0

    private static let maximumDepth = 24
    private static let maximumSteps = 2000

    init(_ file: SourceModel, for danger: Danger) {
        self.file = file
        self.danger = danger
    }

    static func value(of expression: Expression, in file: SourceModel, for danger: Danger = .other) -> Value {
        var evaluator = Evaluator(file, for: danger)
        return evaluator.value(of: expression)
    }

    mutating func value(of expression: Expression, depth: Int = 0) -> Value {
        if expression.elements.count == 1 {
            return value(of: expression.elements[0], in: expression.scope, depth: depth)
        }
        return sequenceValue(of: expression.elements[...], in: expression.scope, depth: depth)
    }

    // MARK: Operators

    private mutating func sequenceValue(of elements: ArraySlice<ExprSyntax>, in scope: Scope, depth: Int) -> Value {
        guard let first = elements.first else { return Value(trust: .unknown, literal: nil, parts: [], origin: nil) }
        if let index = elements.firstIndex(where: { $0.is(UnresolvedTernaryExprSyntax.self) }),
            let ternary = elements[index].as(UnresolvedTernaryExprSyntax.self)
        {
            let yes = value(of: Expression(ternary.thenExpression, in: scope), depth: depth + 1)
            return yes.or(sequenceValue(of: elements[(index + 1)...], in: scope, depth: depth + 1))
        }
        let symbols = elements.compactMap { $0.as(BinaryOperatorExprSyntax.self)?.operator.text }
        if !Self.truthOperators.isDisjoint(with: symbols) { return .opaque(first, .harmless) }
        if let index = elements.firstIndex(where: { $0.as(BinaryOperatorExprSyntax.self)?.operator.text == "??" }) {
            let left = sequenceValue(of: elements[..<index], in: scope, depth: depth + 1)
            return left.or(sequenceValue(of: elements[(index + 1)...], in: scope, depth: depth + 1))
        }
        var result: Value?
        var index = elements.startIndex
        while index < elements.endIndex {
            let element = elements[index]
            if element.is(UnresolvedAsExprSyntax.self) || element.is(UnresolvedIsExprSyntax.self) {
                index += 2
                continue
            }
            if !element.is(BinaryOperatorExprSyntax.self) && !element.is(ArrowExprSyntax.self) {
                let next = value(of: element, in: scope, depth: depth + 1)
                result = result?.followed(by: next) ?? next
            }
            index += 1
        }
        guard var result else { return .opaque(first, .unknown) }
        if symbols.contains(where: { $0 != "+" }) {
            result.literal = Self.product(of: elements, symbols: symbols)
            return result.trusted(at: .harmless)
        }
        return result
    }

    private static let truthOperators: Set<String> = [
        "==", "!=", "<", ">", "<=", ">=", "&&", "||", "===", "!==", "~=", "...", "..<",
    ]

    /// `a * b` and `a << b` of integer literals.
    private static func product(of elements: ArraySlice<ExprSyntax>, symbols: [String]) -> Value.Literal? {
        guard elements.count == 3, let left = elements.first?.integer, let right = elements.last?.integer else {
            return nil
        }
        switch symbols.first {
        case "*": return .integer(left &* right)
        case "<<" where (0..<63).contains(right): return .integer(left << right)
        case "/" where right != 0: return .integer(left / right)
        case "|": return .integer(left | right)
        default: return nil
        }
    }

    // MARK: Single expressions

    mutating func value(of node: ExprSyntax, in scope: Scope, depth: Int) -> Value {
        let node = node.unwrapped
        steps += 1
        guard depth < Self.maximumDepth, steps < Self.maximumSteps, file.spend() else { return .opaque(node, .unknown) }
        switch node.kind {
        case .stringLiteralExpr, .simpleStringLiteralExpr: return textValue(of: node, in: scope, depth: depth)
        case .integerLiteralExpr:
            return node.integer.map { .literal(.integer($0)) } ?? .opaque(node, .constant)
        case .booleanLiteralExpr: return .literal(.boolean(node.trimmedText == "true"))
        case .nilLiteralExpr: return .literal(.null)
        case .floatLiteralExpr, .regexLiteralExpr, .keyPathExpr, .typeExpr: return .opaque(node, .constant)
        case .macroExpansionExpr:
            return .opaque(node, .constant)
        case .prefixOperatorExpr:
            guard let prefix = node.as(PrefixOperatorExprSyntax.self) else { break }
            let inner = value(of: prefix.expression, in: scope, depth: depth + 1)
            if prefix.operator.text == "-", let number = inner.integer { return .literal(.integer(-number)) }
            return prefix.operator.text == "!" ? .opaque(node, .harmless) : inner.trusted(at: .harmless)
        case .sequenceExpr: return value(of: Expression(node, in: scope), depth: depth + 1)
        case .arrayExpr:
            guard let array = node.as(ArrayExprSyntax.self) else { break }
            return collectionValue(array.elements.map(\.expression), in: scope, depth: depth)
        case .dictionaryExpr:
            guard let elements = node.as(DictionaryExprSyntax.self)?.content.as(DictionaryElementListSyntax.self) else {
                return .literal(.collection(count: 0))
            }
            return collectionValue(elements.map(\.value), in: scope, depth: depth)
        case .tupleExpr:
            guard let tuple = node.as(TupleExprSyntax.self) else { break }
            return collectionValue(tuple.elements.map(\.expression), in: scope, depth: depth)
        case .declReferenceExpr: return nameValue(of: node, in: scope, depth: depth)
        case .memberAccessExpr: return memberValue(of: node, in: scope, depth: depth)
        case .subscriptCallExpr: return subscriptValue(of: node, in: scope, depth: depth)
        case .functionCallExpr: return callValue(of: node, in: scope, depth: depth)
        case .ifExpr, .switchExpr: return branchValue(of: node, in: scope, depth: depth)
        case .closureExpr: return closureValue(of: node, in: scope, depth: depth)
        default: break
        }
        return .opaque(node, .unknown)
    }

    private mutating func textValue(of node: ExprSyntax, in scope: Scope, depth: Int) -> Value {
        guard let string = node.as(StringLiteralExprSyntax.self) else { return .opaque(node, .constant) }
        var result = Value.literal(.text(""))
        result.parts = []
        for segment in string.segments {
            switch segment {
            case .stringSegment(let part):
                result = result.followed(by: .literal(.text(string.unescaped(part.content.text))))
            case .expressionSegment(let part):
                var value = Value.opaque(node, .unknown)
                if danger == .sql, Self.bindingLabels.contains(part.expressions.first?.label?.text ?? "") {
                    value = .opaque(node, .harmless)
                } else if let inner = part.expressions.first?.expression {
                    value = self.value(of: Expression(inner, in: scope), depth: depth + 1)
                    if let number = value.integer { value = .literal(.text(String(number))) }
                    if value.parts.isEmpty { value = .opaque(inner, value.trust, origin: value.origin) }
                    if value.text == nil {
                        // One part a value: the interpolation, not what it was made of, is what gets reported.
                        if !value.parts.contains(where: { if case .literal = $0 { true } else { false } }) {
                            value = .opaque(inner, value.trust, origin: value.origin ?? Self.words(for: inner))
                        }
                    }
                }
                result = result.followed(by: value)
            }
        }
        return result
    }

    /// Labels of interpolations that bind or quote, in SQLKit's `SQLQueryString` and the queries of PostgresPool.
    private static let bindingLabels: Set<String> = [
        "bind", "binds", "ident", "idents", "literal", "literals", "identifier",
    ]

    private mutating func collectionValue(_ elements: [ExprSyntax], in scope: Scope, depth: Int) -> Value {
        var result = Value.literal(.collection(count: elements.count))
        for element in elements.prefix(64) {
            let next = value(of: Expression(element, in: scope), depth: depth + 1)
            result = result.followed(by: next)
        }
        result.literal = result.trust <= .harmless ? .collection(count: elements.count) : nil
        return result
    }

    private mutating func branchValue(of node: ExprSyntax, in scope: Scope, depth: Int) -> Value {
        var branches: [CodeBlockItemListSyntax] = []
        if let choice = node.as(IfExprSyntax.self) {
            branches.append(choice.body.statements)
            switch choice.elseBody {
            case .codeBlock(let block): branches.append(block.statements)
            case .ifExpr(let next):
                return merge(branches, in: scope, depth).or(
                    branchValue(of: ExprSyntax(next), in: scope, depth: depth + 1))
            case nil: break
            }
        } else if let choice = node.as(SwitchExprSyntax.self) {
            for item in choice.cases {
                if case .switchCase(let branch) = item { branches.append(branch.statements) }
            }
        }
        return merge(branches, in: scope, depth)
    }

    private mutating func merge(_ branches: [CodeBlockItemListSyntax], in scope: Scope, _ depth: Int) -> Value {
        var result: Value?
        for branch in branches {
            guard branch.count == 1, case .expr(let expression) = branch.first?.item else { continue }
            let next = value(of: Expression(expression, in: scope), depth: depth + 1)
            result = result?.or(next) ?? next
        }
        return result ?? Value(trust: .unknown, literal: nil, parts: [], origin: nil)
    }

    /// The value of a closure is what it returns, when that is one expression.
    mutating func closureValue(of node: ExprSyntax, in scope: Scope, depth: Int) -> Value {
        guard let closure = node.as(ClosureExprSyntax.self), closure.statements.count == 1 else {
            return .opaque(node, .unknown)
        }
        let inner = file.scope(of: closure) ?? scope
        switch closure.statements.first?.item {
        case .expr(let expression): return value(of: Expression(expression, in: inner), depth: depth + 1)
        case .stmt(let statement):
            if let returned = statement.as(ReturnStmtSyntax.self)?.expression {
                return value(of: Expression(returned, in: inner), depth: depth + 1)
            }
        default: break
        }
        return .opaque(node, .unknown)
    }

    private static func words(for node: ExprSyntax) -> String { "`\(String(node.trimmedText.prefix(40)))`" }
}

extension ExprSyntax {
    /// The value of an integer literal of any base.
    var integer: Int? {
        guard let literal = unwrapped.as(IntegerLiteralExprSyntax.self) else { return nil }
        let digits = literal.literal.text.replacing("_", with: "")
        if digits.hasPrefix("0x") { return Int(digits.dropFirst(2), radix: 16) }
        if digits.hasPrefix("0o") { return Int(digits.dropFirst(2), radix: 8) }
        if digits.hasPrefix("0b") { return Int(digits.dropFirst(2), radix: 2) }
        return Int(digits)
    }
}
