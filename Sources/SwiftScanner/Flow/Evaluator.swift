import SwiftSyntax

/// Follows values backwards from where they are used: through `let`s, `var`s with their assignments, interpolation,
/// `+`, and the text functions of the standard library and Foundation, within a function and the file.
///
/// Bounded in depth and steps, so that a file costs time in proportion to its size; what lies beyond is unknown.
struct Evaluator {
    let file: SourceModel
    let danger: Danger
    private var active: Set<ObjectIdentifier> = []
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
        guard depth < Self.maximumDepth, steps < Self.maximumSteps else { return .opaque(node, .unknown) }
        switch node.kind {
        case .stringLiteralExpr, .simpleStringLiteralExpr: return textValue(of: node, in: scope, depth: depth)
        case .integerLiteralExpr:
            return node.integer.map { .literal(.integer($0)) } ?? .opaque(node, .constant)
        case .booleanLiteralExpr: return .literal(.boolean(node.trimmedDescription == "true"))
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

    /// Labels of interpolations that bind or quote, in SQLKit's `SQLQueryString`.
    private static let bindingLabels: Set<String> = ["bind", "binds", "ident", "idents", "literal", "literals"]

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

    // MARK: Names

    private mutating func nameValue(of node: ExprSyntax, in scope: Scope, depth: Int) -> Value {
        guard let reference = node.as(DeclReferenceExprSyntax.self) else { return .opaque(node, .unknown) }
        let name = reference.baseName.text
        if name.hasPrefix("$"), name.dropFirst().allSatisfy(\.isNumber) {
            return closureArgument(of: node, in: scope, depth: depth)
        }
        let offset = node.position.utf8Offset
        if let binding = file.binding(named: name, from: scope, before: offset, except: active) {
            return value(of: binding, at: node, depth: depth)
        }
        if name.first?.isUppercase == true { return .opaque(node, .fixed) }
        return .opaque(node, .unknown, origin: "`\(name)`, which is not defined in this file")
    }

    private mutating func value(of binding: Binding, at node: ExprSyntax, depth: Int) -> Value {
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
        if ExternalInput.isRequest(name: binding.name, type: binding.typeName, imports: file.imports) {
            return .opaque(node, .external, origin: "the request `\(binding.name)`")
        }
        if case .closureParameter = binding.source, let closure = binding.scope.node.as(ClosureExprSyntax.self) {
            return element(for: closure, node, in: binding.scope, depth: depth)
        }
        return .opaque(node, .parameter, origin: "the parameter `\(binding.name)`")
    }

    private mutating func closureArgument(of node: ExprSyntax, in scope: Scope, depth: Int) -> Value {
        guard let inner = scope.chain.first(where: { $0.kind == .closure }),
            let closure = inner.node.as(ClosureExprSyntax.self)
        else { return .opaque(node, .unknown) }
        return element(for: closure, node, in: inner, depth: depth)
    }

    /// What a closure given to `map`, `filter` and the like gets: the elements of the receiver.
    private mutating func element(
        for closure: ClosureExprSyntax, _ node: ExprSyntax, in scope: Scope, depth: Int
    ) -> Value {
        guard let call = closure.parent?.as(FunctionCallExprSyntax.self),
            let member = call.calledExpression.unwrapped.as(MemberAccessExprSyntax.self),
            ["map", "flatMap", "compactMap", "forEach", "filter", "reduce", "sorted"].contains(
                member.declName.baseName.text),
            let base = member.base
        else { return .opaque(node, .unknown, origin: "a closure's argument") }
        var result = value(of: base, in: scope.parent ?? scope, depth: depth + 1)
        result.literal = nil
        return result
    }

    // MARK: Members

    private mutating func memberValue(of node: ExprSyntax, in scope: Scope, depth: Int) -> Value {
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

    private mutating func subscriptValue(of node: ExprSyntax, in scope: Scope, depth: Int) -> Value {
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
            let text = argument.expression.trimmedDescription
            return text.hasSuffix(".self") && HarmlessTypes.contains(String(text.dropLast(5)))
        }
    }

    private static func words(for node: ExprSyntax) -> String { "`\(String(node.trimmedDescription.prefix(40)))`" }
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
