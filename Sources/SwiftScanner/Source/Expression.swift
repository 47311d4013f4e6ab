import SwiftSyntax

/// An expression where it stands.
///
/// Unfolded operator sequences are held as their elements, so that a part of one (the right side of an assignment) is
/// an expression too.
struct Expression {
    let scope: Scope
    private let content: Content

    /// One node is held without an array: each argument of each call is an expression, and few are looked at.
    private enum Content {
        case node(ExprSyntax)
        case elements([ExprSyntax])
    }

    init(_ node: some ExprSyntaxProtocol, in scope: Scope) {
        content = .node(ExprSyntax(node))
        self.scope = scope
    }

    init(elements: some Collection<ExprSyntax>, in scope: Scope) {
        content = .elements(Array(elements))
        self.scope = scope
    }

    /// The operands and operators of a sequence, or the one node.
    var elements: [ExprSyntax] {
        switch content {
        case .elements(let elements): elements
        case .node(let node): node.as(SequenceExprSyntax.self).map { Array($0.elements) } ?? [node]
        }
    }

    /// The expression when it is not an operator sequence, without `try`, `await`, parentheses, `!`, `?` and `&`.
    var single: ExprSyntax? {
        switch content {
        case .elements(let elements): elements.count == 1 ? elements[0].unwrapped : nil
        case .node(let node): node.kind == .sequenceExpr ? nil : node.unwrapped
        }
    }

    /// The byte offsets from the first token to the last.
    var range: Range<Int> {
        guard let first = elements.first, let last = elements.last else { return 0..<0 }
        return first.range.lowerBound..<last.range.upperBound
    }

    /// The source without its layout at the ends.
    var text: String { elements.map(\.trimmedText).joined(separator: " ") }
}

extension SyntaxProtocol {
    /// The byte offsets of the node without the trivia around it.
    var range: Range<Int> {
        positionAfterSkippingLeadingTrivia
            .utf8Offset..<max(
                endPositionBeforeTrailingTrivia.utf8Offset,
                positionAfterSkippingLeadingTrivia.utf8Offset
            )
    }

    /// The source of the node without the trivia around it: as `trimmedDescription`, which builds a new tree for it.
    var trimmedText: String {
        let whole = description
        let start = leadingTriviaLength.utf8Length
        let end = whole.utf8.count - trailingTriviaLength.utf8Length
        guard start > 0 || end < whole.utf8.count else { return whole }
        guard start < end else { return "" }
        return String(decoding: whole.utf8.prefix(end).dropFirst(start), as: UTF8.self)
    }
}

extension ExprSyntax {
    /// The expression inside `try`, `await`, `unsafe`, single parentheses, `!`, `?` and `&`: the same value.
    var unwrapped: ExprSyntax {
        var node = self
        while let inner = node.wrapped { node = inner }
        return node
    }

    private var wrapped: ExprSyntax? {
        switch kind {
        case .tryExpr: return self.as(TryExprSyntax.self)?.expression
        case .awaitExpr: return self.as(AwaitExprSyntax.self)?.expression
        case .unsafeExpr: return self.as(UnsafeExprSyntax.self)?.expression
        case .forceUnwrapExpr: return self.as(ForceUnwrapExprSyntax.self)?.expression
        case .optionalChainingExpr: return self.as(OptionalChainingExprSyntax.self)?.expression
        case .inOutExpr: return self.as(InOutExprSyntax.self)?.expression
        case .genericSpecializationExpr: return self.as(GenericSpecializationExprSyntax.self)?.expression
        case .tupleExpr:
            guard let tuple = self.as(TupleExprSyntax.self), tuple.elements.count == 1 else { return nil }
            return tuple.elements.first?.expression
        default: return nil
        }
    }

    /// The names along a chain of members and calls, outermost last.
    ///
    /// `try req.query()?["x"].value` gives `["req", "query()", "[]", "value"]`. A leading dot gives an empty first
    /// name. At most `limit` names, counted from the end, so that a chain of any length costs the same.
    func path(limit: Int = 12) -> [String] {
        var names: [String] = []
        var node = unwrapped
        while names.count < limit {
            if let member = node.as(MemberAccessExprSyntax.self) {
                names.append(member.declName.baseName.text)
                guard let base = member.base else {
                    names.append("")
                    break
                }
                node = base.unwrapped
            } else if let reference = node.as(DeclReferenceExprSyntax.self) {
                names.append(reference.baseName.text)
                break
            } else if let call = node.as(FunctionCallExprSyntax.self) {
                let callee = call.calledExpression.unwrapped
                if let member = callee.as(MemberAccessExprSyntax.self) {
                    names.append(member.declName.baseName.text + "()")
                    guard let base = member.base else {
                        names.append("")
                        break
                    }
                    node = base.unwrapped
                } else if let reference = callee.as(DeclReferenceExprSyntax.self) {
                    names.append(reference.baseName.text + "()")
                    break
                } else {
                    break
                }
            } else if let `subscript` = node.as(SubscriptCallExprSyntax.self) {
                names.append("[]")
                node = `subscript`.calledExpression.unwrapped
            } else if node.is(SuperExprSyntax.self) {
                names.append("super")
                break
            } else if let string = node.as(StringLiteralExprSyntax.self), string.segments.count == 1 {
                names.append("\"\"")
                break
            } else {
                break
            }
        }
        return names.reversed()
    }

    /// The text of a string literal without interpolation; `nil` for anything else.
    var literalText: String? {
        guard let string = unwrapped.as(StringLiteralExprSyntax.self) else { return nil }
        return string.literalText
    }
}

extension StringLiteralExprSyntax {
    /// The text between the quotes when nothing is interpolated, with the escapes that matter to rules undone.
    var literalText: String? {
        var text = ""
        for segment in segments {
            guard case .stringSegment(let part) = segment else { return nil }
            text += part.content.text
        }
        return unescaped(text)
    }

    /// Undoes escapes other than of line breaks inside multi-line literals; raw strings are left as they are.
    func unescaped(_ text: String) -> String {
        guard openingPounds == nil, text.contains("\\") else { return text }
        var result = ""
        var escaped = false
        for character in text {
            if escaped {
                escaped = false
                switch character {
                case "n": result.append("\n")
                case "t": result.append("\t")
                case "r": result.append("\r")
                case "0": result.append("\0")
                case "\n": break
                default: result.append(character)
                }
            } else if character == "\\" {
                escaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}
