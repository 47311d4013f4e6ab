import SwiftSyntax

/// A stretch of a source with names of its own.
///
/// Lives on the one thread that scans the file.
final class Scope {
    enum Kind { case file, type, function, closure, block }

    let kind: Kind
    let parent: Scope?
    /// The node that opened the scope.
    let node: Syntax
    /// The enclosing declarations joined by dots.
    let declaration: String
    /// The type's name for a type scope.
    let typeName: String?
    private(set) var bindings: [String: [Binding]] = [:]

    init(kind: Kind, node: Syntax, parent: Scope?, name: String? = nil) {
        self.kind = kind
        self.node = node
        self.parent = parent
        typeName = kind == .type ? name : nil
        switch (parent?.declaration, name) {
        case (let outer?, let name?): declaration = outer.isEmpty ? name : outer + "." + name
        case (let outer, let name): declaration = outer ?? name ?? ""
        }
    }

    /// The last binding of a name that starts before an offset, but for some.
    func binding(named name: String, before offset: Int, except: Set<ObjectIdentifier>) -> Binding? {
        // In the order of the source, so that the place can be searched for by halves.
        guard let all = bindings[name] else { return nil }
        var low = 0
        var high = all.count
        while low < high {
            let middle = (low + high) / 2
            if all[middle].offset < offset { low = middle + 1 } else { high = middle }
        }
        return all[..<low].last { !except.contains(ObjectIdentifier($0)) }
    }

    func add(_ binding: Binding) { bindings[binding.name, default: []].append(binding) }

    /// Ends the ring of scopes, names and values.
    func forgetBindings() { bindings = [:] }

    /// This scope and the ones around it, from the inside out.
    var chain: some Sequence<Scope> { sequence(first: self, next: \.parent) }

    /// The innermost function or closure around this scope.
    var enclosingFunction: Scope? { chain.first { $0.kind == .function || $0.kind == .closure } }

    /// The function around this scope, or the closure that handles a request: what belongs to one use of a value.
    var enclosingHandler: Scope? {
        chain.first { scope in
            scope.kind == .function
                || scope.kind == .closure && scope.bindings.keys.contains(where: ExternalInput.isRequest)
        } ?? enclosingFunction
    }

    /// The innermost type around this scope.
    var enclosingType: Scope? { chain.first { $0.kind == .type } }
}

/// A name and what is known of its value.
final class Binding {
    enum Source {
        case value(Expression)
        /// An element of, or something unwrapped from or matched against, this expression.
        case element(Expression)
        /// `if let name`: the outer thing of that name.
        case shadow
        case parameter
        case closureParameter
        /// Declared without a value, or with one that is computed.
        case none
    }

    let name: String
    let typeName: String?
    let source: Source
    let isConstant: Bool
    let node: Syntax
    let offset: Int
    unowned let scope: Scope
    private(set) var writes: [Write] = []

    /// A later assignment (`x = value`) or extension (`x += value`, `x.append(value)`).
    struct Write {
        let value: Expression
        let offset: Int
        let extends: Bool
    }

    init(
        name: String, typeName: String?, source: Source, isConstant: Bool, node: some SyntaxProtocol, scope: Scope
    ) {
        self.name = name
        self.typeName = typeName
        self.source = source
        self.isConstant = isConstant
        self.node = Syntax(node)
        offset = node.positionAfterSkippingLeadingTrivia.utf8Offset
        self.scope = scope
    }

    func add(_ write: Write) { writes.append(write) }

    /// The names of the attributes of the property, such as `Option`.
    var attributes: [String] {
        let declaration = sequence(first: node, next: \.parent).prefix(4).lazy
            .compactMap { $0.as(VariableDeclSyntax.self) }.first
        return declaration?.attributes.compactMap {
            $0.as(AttributeSyntax.self)?.attributeName.trimmedText
        } ?? []
    }

    /// The initial value, when there is one.
    var value: Expression? {
        if case .value(let expression) = source { expression } else { nil }
    }
}
