import SwiftSyntax

/// Walks a tree once and fills a ``SourceModel``.
final class SourceIndexer: SyntaxVisitor {
    private let model: SourceModel
    private var scope: Scope
    /// Left-nested chains (`a.b.c()`) recurse here though not in the parser.
    private var chainDepth = 0
    private let maximumChain: Int
    /// What the functions around the node that is visited return, as far as they have been walked.
    private var results: [[Expression]] = []

    /// Lends the model of a tree for the time of the closure.
    static func withModel<Result>(
        of tree: SourceFileSyntax, name: String, text: SourceText, maximumChain: Int,
        _ body: (SourceModel) -> Result
    ) -> Result {
        let scope = Scope(kind: .file, node: Syntax(tree), parent: nil)
        let model = SourceModel(name: name, text: text, tree: tree, fileScope: scope)
        let indexer = SourceIndexer(model: model, scope: scope, maximumChain: maximumChain)
        indexer.walk(tree)
        model.connectWrites()
        // The values of names know their scopes, and scopes their names: such a ring would never be freed, nor the tree.
        defer { for scope in model.scopes { scope.forgetBindings() } }
        return body(model)
    }

    private init(model: SourceModel, scope: Scope, maximumChain: Int) {
        self.model = model
        self.scope = scope
        self.maximumChain = maximumChain
        super.init(viewMode: .sourceAccurate)
    }

    // MARK: Scopes

    private func enter(_ kind: Scope.Kind, _ node: some SyntaxProtocol, name: String? = nil) {
        scope = Scope(kind: kind, node: Syntax(node), parent: scope, name: name)
        model.add(scope)
        if kind == .type, let name { model.add(typeScope: scope, named: name) }
    }

    private func leave() { scope = scope.parent ?? scope }

    private func enterType(_ node: some SyntaxProtocol, _ name: String) -> SyntaxVisitorContinueKind {
        enter(.type, node, name: name)
        return .visitChildren
    }

    override func visit(_ node: ClassDeclSyntax) -> SyntaxVisitorContinueKind { enterType(node, node.name.text) }
    override func visitPost(_ node: ClassDeclSyntax) { leave() }
    override func visit(_ node: StructDeclSyntax) -> SyntaxVisitorContinueKind { enterType(node, node.name.text) }
    override func visitPost(_ node: StructDeclSyntax) { leave() }
    override func visit(_ node: EnumDeclSyntax) -> SyntaxVisitorContinueKind { enterType(node, node.name.text) }
    override func visitPost(_ node: EnumDeclSyntax) { leave() }
    override func visit(_ node: ActorDeclSyntax) -> SyntaxVisitorContinueKind { enterType(node, node.name.text) }
    override func visitPost(_ node: ActorDeclSyntax) { leave() }
    override func visit(_ node: ProtocolDeclSyntax) -> SyntaxVisitorContinueKind { enterType(node, node.name.text) }
    override func visitPost(_ node: ProtocolDeclSyntax) { leave() }
    override func visit(_ node: ExtensionDeclSyntax) -> SyntaxVisitorContinueKind {
        enterType(node, node.extendedType.trimmedText)
    }
    override func visitPost(_ node: ExtensionDeclSyntax) { leave() }

    override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind {
        let labels = node.signature.parameterClause.parameters.map { $0.firstName.text + ":" }
        enter(.function, node, name: "\(node.name.text)(\(labels.joined()))")
        addParameters(node.signature.parameterClause)
        results.append([])
        return .visitChildren
    }
    override func visitPost(_ node: FunctionDeclSyntax) {
        var returned = results.popLast() ?? []
        if let items = node.body?.statements, items.count == 1, case .expr(let only) = items.first?.item {
            returned.append(Expression(only, in: scope))
        }
        model.add(Function(node: node, scope: scope, results: returned))
        leave()
    }

    override func visit(_ node: ReturnStmtSyntax) -> SyntaxVisitorContinueKind {
        if let value = node.expression, scope.enclosingFunction?.kind == .function, !results.isEmpty {
            results[results.count - 1].append(Expression(value, in: scope))
        }
        return .visitChildren
    }

    override func visit(_ node: InitializerDeclSyntax) -> SyntaxVisitorContinueKind {
        let labels = node.signature.parameterClause.parameters.map { $0.firstName.text + ":" }
        enter(.function, node, name: "init(\(labels.joined()))")
        addParameters(node.signature.parameterClause)
        return .visitChildren
    }
    override func visitPost(_ node: InitializerDeclSyntax) { leave() }

    override func visit(_ node: DeinitializerDeclSyntax) -> SyntaxVisitorContinueKind {
        enter(.function, node, name: "deinit")
        return .visitChildren
    }
    override func visitPost(_ node: DeinitializerDeclSyntax) { leave() }

    override func visit(_ node: SubscriptDeclSyntax) -> SyntaxVisitorContinueKind {
        enter(.function, node, name: "subscript")
        addParameters(node.parameterClause)
        return .visitChildren
    }
    override func visitPost(_ node: SubscriptDeclSyntax) { leave() }

    override func visit(_ node: AccessorBlockSyntax) -> SyntaxVisitorContinueKind {
        let property = node.parent?.as(PatternBindingSyntax.self)?.pattern.trimmedText
        enter(.function, node, name: property)
        return .visitChildren
    }
    override func visitPost(_ node: AccessorBlockSyntax) { leave() }

    override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind {
        enter(.closure, node)
        model.add(node, opening: scope)
        switch node.signature?.parameterClause {
        case .simpleInput(let parameters):
            for parameter in parameters { add(parameter.name.text, nil, .closureParameter, parameter) }
        case .parameterClause(let clause):
            for parameter in clause.parameters {
                let name = parameter.secondName ?? parameter.firstName
                add(name.text, parameter.type, .closureParameter, parameter)
            }
        case nil: break
        }
        return .visitChildren
    }
    override func visitPost(_ node: ClosureExprSyntax) { leave() }

    private func enterBlock(_ node: some SyntaxProtocol) -> SyntaxVisitorContinueKind {
        enter(.block, node)
        return .visitChildren
    }

    override func visit(_ node: CodeBlockSyntax) -> SyntaxVisitorContinueKind { enterBlock(node) }
    override func visitPost(_ node: CodeBlockSyntax) { leave() }
    override func visit(_ node: IfExprSyntax) -> SyntaxVisitorContinueKind { enterBlock(node) }
    override func visitPost(_ node: IfExprSyntax) { leave() }
    override func visit(_ node: WhileStmtSyntax) -> SyntaxVisitorContinueKind { enterBlock(node) }
    override func visitPost(_ node: WhileStmtSyntax) { leave() }
    override func visit(_ node: SwitchCaseSyntax) -> SyntaxVisitorContinueKind { enterBlock(node) }
    override func visitPost(_ node: SwitchCaseSyntax) { leave() }

    override func visit(_ node: ForStmtSyntax) -> SyntaxVisitorContinueKind {
        let outer = scope
        enter(.block, node)
        addNames(of: node.pattern, .element(Expression(node.sequence, in: outer)), isConstant: true)
        return .visitChildren
    }
    override func visitPost(_ node: ForStmtSyntax) { leave() }

    // MARK: Names

    private func add(
        _ name: String, _ type: TypeSyntax?, _ source: Binding.Source, _ node: some SyntaxProtocol,
        isConstant: Bool = true
    ) {
        let binding = Binding(
            name: name, typeName: type?.trimmedText, source: source, isConstant: isConstant, node: node,
            scope: scope
        )
        scope.add(binding)
        model.bindings.append(binding)
    }

    private func addParameters(_ clause: FunctionParameterClauseSyntax) {
        for parameter in clause.parameters {
            let name = (parameter.secondName ?? parameter.firstName).text
            add(name, parameter.type, .parameter, parameter)
        }
    }

    /// Adds each name that a pattern binds.
    private func addNames(
        of pattern: PatternSyntax, _ source: Binding.Source, type: TypeSyntax? = nil, isConstant: Bool
    ) {
        if let name = pattern.as(IdentifierPatternSyntax.self) {
            add(name.identifier.text, type, source, name, isConstant: isConstant)
        } else if let tuple = pattern.as(TuplePatternSyntax.self) {
            let parts = Self.element(of: source)
            for element in tuple.elements { addNames(of: element.pattern, parts, isConstant: isConstant) }
        } else if let inner = pattern.as(ValueBindingPatternSyntax.self) {
            addNames(of: inner.pattern, source, isConstant: isConstant)
        }
    }

    private static func element(of source: Binding.Source) -> Binding.Source {
        if case .value(let expression) = source { .element(expression) } else { source }
    }

    override func visit(_ node: VariableDeclSyntax) -> SyntaxVisitorContinueKind {
        let isConstant = node.bindingSpecifier.tokenKind == .keyword(.let)
        for binding in node.bindings {
            var source = Binding.Source.none
            if let value = binding.initializer?.value {
                source = .value(Expression(value, in: scope))
            } else if let value = Self.returnedValue(of: binding.accessorBlock) {
                source = .value(Expression(value, in: scope))
            }
            addNames(of: binding.pattern, source, type: binding.typeAnnotation?.type, isConstant: isConstant)
        }
        return .visitChildren
    }

    /// The value of a computed property that is one expression.
    private static func returnedValue(of accessors: AccessorBlockSyntax?) -> ExprSyntax? {
        guard case .getter(let items) = accessors?.accessors, items.count == 1 else { return nil }
        switch items.first?.item {
        case .expr(let expression): return expression
        case .stmt(let statement): return statement.as(ReturnStmtSyntax.self)?.expression
        default: return nil
        }
    }

    override func visit(_ node: OptionalBindingConditionSyntax) -> SyntaxVisitorContinueKind {
        let source = node.initializer.map { Binding.Source.value(Expression($0.value, in: scope)) } ?? .shadow
        let isConstant = node.bindingSpecifier.tokenKind == .keyword(.let)
        addNames(of: node.pattern, source, type: node.typeAnnotation?.type, isConstant: isConstant)
        return .visitChildren
    }

    override func visit(_ node: ValueBindingPatternSyntax) -> SyntaxVisitorContinueKind {
        guard let (subject, scope) = matchedSubject(of: node) else { return .visitChildren }
        for token in node.pattern.tokens(viewMode: .sourceAccurate) {
            if case .identifier(let name) = token.tokenKind, token.previousToken(viewMode: .sourceAccurate)?.text != "."
            {
                add(name, nil, .element(Expression(subject, in: scope)), token)
            }
        }
        return .visitChildren
    }

    /// The expression that a `case let` pattern is matched against.
    private func matchedSubject(of node: ValueBindingPatternSyntax) -> (ExprSyntax, Scope)? {
        var ancestor = node.parent
        for _ in 0..<8 {
            guard let here = ancestor else { return nil }
            if let condition = here.as(MatchingPatternConditionSyntax.self) {
                return (condition.initializer.value, scope)
            }
            if let match = here.as(SwitchExprSyntax.self) { return (match.subject, scope.parent ?? scope) }
            ancestor = here.parent
        }
        return nil
    }

    override func visit(_ node: EnumCaseElementSyntax) -> SyntaxVisitorContinueKind {
        if let value = node.rawValue?.value {
            add(node.name.text, nil, .value(Expression(value, in: scope)), node)
        }
        return .visitChildren
    }

    // MARK: What rules look at

    private func enterChain() -> SyntaxVisitorContinueKind {
        chainDepth += 1
        return chainDepth > maximumChain ? .skipChildren : .visitChildren
    }

    override func visit(_ node: FunctionCallExprSyntax) -> SyntaxVisitorContinueKind {
        var closures = node.additionalTrailingClosures.map(\.closure)
        if let first = node.trailingClosure { closures.insert(first, at: 0) }
        let path = CLibrary.unprefixed(node.calledExpression.path())
        model.add(call(ExprSyntax(node), path, node.arguments, closures))
        return enterChain()
    }
    override func visitPost(_ node: FunctionCallExprSyntax) { chainDepth -= 1 }

    override func visit(_ node: MacroExpansionExprSyntax) -> SyntaxVisitorContinueKind {
        model.add(call(ExprSyntax(node), ["#" + node.macroName.text], node.arguments, []))
        return .visitChildren
    }

    private func call(
        _ node: ExprSyntax, _ path: [String], _ arguments: LabeledExprListSyntax, _ closures: [ClosureExprSyntax]
    ) -> Call {
        let arguments = arguments.map {
            Call.Argument(label: $0.label?.text, value: Expression($0.expression, in: scope))
        }
        return Call(node: node, scope: scope, path: path, arguments: arguments, trailingClosures: closures)
    }

    override func visit(_ node: MemberAccessExprSyntax) -> SyntaxVisitorContinueKind {
        model.add(node, in: scope)
        // The member's own name is no reference, so that only the base is walked.
        if enterChain() == .visitChildren, let base = node.base { walk(base) }
        return .skipChildren
    }
    override func visitPost(_ node: MemberAccessExprSyntax) { chainDepth -= 1 }

    override func visit(_ node: SubscriptCallExprSyntax) -> SyntaxVisitorContinueKind { enterChain() }
    override func visitPost(_ node: SubscriptCallExprSyntax) { chainDepth -= 1 }

    override func visit(_ node: ForceUnwrapExprSyntax) -> SyntaxVisitorContinueKind {
        model.forceUnwraps.append(Placed(node: node, scope: scope))
        return enterChain()
    }
    override func visitPost(_ node: ForceUnwrapExprSyntax) { chainDepth -= 1 }

    override func visit(_ node: DeclReferenceExprSyntax) -> SyntaxVisitorContinueKind {
        model.add(node, in: scope)
        return .skipChildren
    }

    override func visit(_ node: SequenceExprSyntax) -> SyntaxVisitorContinueKind {
        let elements = Array(node.elements)
        model.sequences.append(OperatorSequence(node: node, scope: scope, elements: elements))
        guard elements.count >= 3 else { return .visitChildren }
        let compound = elements[1].as(BinaryOperatorExprSyntax.self)?.operator.text == "+="
        if compound || elements[1].is(AssignmentExprSyntax.self) {
            let value = Expression(elements: elements[2...], in: scope)
            model.assignments.append(
                Assignment(node: node, target: elements[0], isCompound: compound, value: value)
            )
        }
        return .visitChildren
    }

    override func visit(_ node: StringLiteralExprSyntax) -> SyntaxVisitorContinueKind {
        let string = StringLiteral(node, in: scope)
        model.strings.append(string)
        return string.isInterpolated ? .visitChildren : .skipChildren
    }

    override func visit(_ node: DictionaryElementSyntax) -> SyntaxVisitorContinueKind {
        model.dictionaryElements.append(Placed(node: node, scope: scope))
        return .visitChildren
    }

    override func visit(_ node: TryExprSyntax) -> SyntaxVisitorContinueKind {
        model.tries.append(Placed(node: node, scope: scope))
        return .visitChildren
    }

    override func visit(_ node: UnresolvedAsExprSyntax) -> SyntaxVisitorContinueKind {
        model.casts.append(Placed(node: node, scope: scope))
        return .visitChildren
    }

    override func visit(_ node: RegexLiteralExprSyntax) -> SyntaxVisitorContinueKind {
        model.regexes.append(Placed(node: node, scope: scope))
        return .skipChildren
    }

    override func visit(_ node: MemberTypeSyntax) -> SyntaxVisitorContinueKind {
        model.memberTypes.append(Placed(node: node, scope: scope))
        return .visitChildren
    }

    override func visit(_ node: AttributeSyntax) -> SyntaxVisitorContinueKind {
        model.attributes.append(Placed(node: node, scope: scope))
        return .visitChildren
    }

    override func visit(_ node: InheritanceClauseSyntax) -> SyntaxVisitorContinueKind {
        model.inheritances.append(Placed(node: node, scope: scope))
        return .visitChildren
    }

    override func visit(_ node: DeclModifierSyntax) -> SyntaxVisitorContinueKind {
        model.modifiers.append(Placed(node: node, scope: scope))
        return .skipChildren
    }

    override func visit(_ node: ImportDeclSyntax) -> SyntaxVisitorContinueKind {
        if let module = node.path.first?.name.text { model.imports.insert(module) }
        return .skipChildren
    }

    // MARK: What holds nothing but words

    override func visit(_ node: BinaryOperatorExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: BooleanLiteralExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: IdentifierPatternSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: IntegerLiteralExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: NilLiteralExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: StringSegmentSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: IdentifierTypeSyntax) -> SyntaxVisitorContinueKind {
        node.genericArgumentClause == nil ? .skipChildren : .visitChildren
    }
}
