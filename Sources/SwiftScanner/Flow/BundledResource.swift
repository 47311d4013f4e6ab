import SwiftSyntax

extension SourceModel {
    /// Whether an expression names something of the program's bundle, itself or through names of the file.
    ///
    /// What is in there was put there when the program was built, and nobody else changes it.
    func isBundled(_ node: ExprSyntax, in scope: Scope, depth: Int = 0) -> Bool {
        guard depth < 4, spend() else { return false }
        return node.tokens(viewMode: .sourceAccurate).prefix(60).contains { token in
            guard case .identifier(let name) = token.tokenKind,
                token.parent?.is(DeclReferenceExprSyntax.self) == true
            else { return false }
            if name == "Bundle" { return token.nextToken(viewMode: .sourceAccurate)?.tokenKind == .period }
            let value: Expression? =
                switch binding(named: name, from: scope, before: node.range.lowerBound)?.source {
                case .value(let value), .element(let value): value
                default: nil
                }
            return value.map { value in
                value.elements.contains { isBundled($0, in: value.scope, depth: depth + 1) }
            } ?? false
        }
    }
}
