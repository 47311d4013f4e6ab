import SwiftSyntax

/// A call of a function, method, initializer or macro.
struct Call {
    let node: ExprSyntax
    let scope: Scope
    /// The names along the callee: `["db", "execute"]`, `["", "verify"]` for `.verify()`, `["Logger", "init"]`.
    let path: [String]
    let arguments: [Argument]
    let trailingClosures: [ClosureExprSyntax]

    struct Argument {
        let label: String?
        let value: Expression
    }

    /// The last name of the callee; for `Type.init(...)` the type's.
    var name: String { namesType ? path[path.count - 2] : path.last ?? "" }

    /// Whether the callee is `Type.init`; `.init` alone does not say which type.
    private var namesType: Bool { path.last == "init" && path.count > 1 && path[path.count - 2] != "" }

    /// The callee's names before ``name``.
    var basePath: ArraySlice<String> { path.dropLast(namesType ? 2 : 1) }

    /// The name right before ``name``; `nil` for a free function or initializer, empty for a leading dot.
    var base: String? { basePath.last }

    /// The expression that a method is called on.
    var receiver: ExprSyntax? {
        node.as(FunctionCallExprSyntax.self)?.calledExpression.unwrapped.as(MemberAccessExprSyntax.self)?.base
    }

    /// The value of the first argument with this label.
    func argument(_ label: String) -> Expression? { arguments.first { $0.label == label }?.value }

    /// The value of the argument with any of these labels.
    ///
    /// An array, because a set written at the call would be built for each call of a file.
    func argument(anyOf labels: [String]) -> Expression? {
        arguments.first { labels.contains($0.label ?? "") }?.value
    }

    /// The first argument when it has no label.
    var unlabelled: Expression? { arguments.first.flatMap { $0.label == nil ? $0.value : nil } }

    /// The byte offsets from the callee to the closing parenthesis, without trailing closures, and without the chain
    /// before when that starts on an earlier line.
    func range(in text: SourceText) -> Range<Int> {
        guard let call = node.as(FunctionCallExprSyntax.self) else { return node.range }
        let callee = call.calledExpression
        let whole = callee.range
        let end = (call.rightParen?.range ?? whole).upperBound
        guard let name = callee.unwrapped.as(MemberAccessExprSyntax.self)?.declName.range,
            text.line(at: name.lowerBound) != text.line(at: whole.lowerBound)
        else { return whole.lowerBound..<end }
        return name.lowerBound..<end
    }

    func has(_ labels: String...) -> Bool { labels.allSatisfy { label in arguments.contains { $0.label == label } } }

    /// The last name of an argument such as `.none` or `CertificateVerification.none`.
    func memberName(_ label: String) -> String? { argument(label)?.single?.path(limit: 1).last }
}

/// `target = value` or `target += value`.
struct Assignment {
    let node: SequenceExprSyntax
    let target: ExprSyntax
    let isCompound: Bool
    let value: Expression

    var scope: Scope { value.scope }
    /// The names along the target: `["configuration", "certificateVerification"]`.
    var path: [String] { target.path() }
    /// The last name of a value such as `.none` or `CertificateVerification.none`.
    var memberName: String? { value.single?.path(limit: 1).last }
}

/// A string literal, with what many rules ask of it.
struct StringLiteral {
    let node: StringLiteralExprSyntax
    let scope: Scope
    /// The text when nothing is interpolated.
    let text: String?

    init(_ node: StringLiteralExprSyntax, in scope: Scope) {
        self.node = node
        self.scope = scope
        text = node.literalText
    }

    var isInterpolated: Bool { text == nil }
}

/// An unfolded operator sequence, with its operands and operators.
struct OperatorSequence {
    let node: SequenceExprSyntax
    let scope: Scope
    let elements: [ExprSyntax]
}

/// A member, a name, a literal or a node of another kind together with where it stands.
struct Placed<Node> {
    let node: Node
    let scope: Scope
}
