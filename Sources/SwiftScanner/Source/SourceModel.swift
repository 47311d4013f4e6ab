import SwiftSyntax

/// What rules see of one file: everything of interest, found in one walk and indexed by name.
final class SourceModel {
    let name: String
    let text: SourceText
    let tree: SourceFileSyntax
    let fileScope: Scope
    var imports: Set<String> = []

    private(set) var calls: [Call] = []
    private var callsByName: [String: [Int]] = [:]
    private var members: [Placed<MemberAccessExprSyntax>] = []
    private var names: [Placed<DeclReferenceExprSyntax>] = []
    var assignments: [Assignment] = []
    var strings: [StringLiteral] = []
    var dictionaryElements: [Placed<DictionaryElementSyntax>] = []
    private(set) var functions: [Function] = []
    private(set) var functionsByName: [String: [Function]] = [:]
    private(set) var closures: [Placed<ClosureExprSyntax>] = []
    private var closureScopes: [SyntaxIdentifier: Scope] = [:]
    var tries: [Placed<TryExprSyntax>] = []
    var forceUnwraps: [Placed<ForceUnwrapExprSyntax>] = []
    var casts: [Placed<UnresolvedAsExprSyntax>] = []
    var regexes: [Placed<RegexLiteralExprSyntax>] = []
    var sequences: [OperatorSequence] = []
    var memberTypes: [Placed<MemberTypeSyntax>] = []
    var attributes: [Placed<AttributeSyntax>] = []
    var inheritances: [Placed<InheritanceClauseSyntax>] = []
    var modifiers: [Placed<DeclModifierSyntax>] = []
    var bindings: [Binding] = []
    private(set) var scopes: [Scope] = []
    private var typeScopes: [String: [Scope]] = [:]
    private var wordsByScope: [ObjectIdentifier: Set<String>] = [:]

    init(name: String, text: SourceText, tree: SourceFileSyntax, fileScope: Scope) {
        self.name = name
        self.text = text
        self.tree = tree
        self.fileScope = fileScope
        scopes = [fileScope]
    }

    /// Whether the file is a test: what is hard-coded or forced there is seldom a defect.
    lazy var isTestCode: Bool = {
        let folders = name.split(separator: "/").dropLast()
        return imports.contains("XCTest") || imports.contains("Testing")
            || folders.contains { Self.testFolders.contains($0) || $0.hasSuffix("Tests") }
    }()

    private static let testFolders: Set<Substring> = ["Tests", "Fixtures", "TestSupport", "Benchmarks", "Snippets"]

    /// What is tested of names, by name.
    private(set) lazy var comparisons: [String: [Comparison]] = Comparison.all(in: self)

    /// How many steps following values may take in one file; what is left is decided by nobody.
    static let maximumSteps = 4_000_000
    private(set) var steps = 0
    /// Whether values had to be left unknown because the file would take too long.
    var isExhausted: Bool { steps > Self.maximumSteps }

    /// Counts a step, and tells whether there may be more.
    func spend(_ count: Int = 1) -> Bool {
        steps += count
        return !isExhausted
    }

    /// The texts of the tokens in a scope, kept because rules ask for them at every call in it.
    func words(in scope: Scope) -> Set<String> {
        if let known = wordsByScope[ObjectIdentifier(scope)] { return known }
        let words = Set(scope.node.tokens(viewMode: .sourceAccurate).map(\.text))
        wordsByScope[ObjectIdentifier(scope)] = words
        return words
    }

    func add(_ call: Call) {
        callsByName[call.name, default: []].append(calls.count)
        calls.append(call)
    }

    func add(_ member: MemberAccessExprSyntax, in scope: Scope) {
        members.append(Placed(node: member, scope: scope))
    }

    func add(_ reference: DeclReferenceExprSyntax, in scope: Scope) {
        names.append(Placed(node: reference, scope: scope))
    }

    // Sorted by name when a rule asks for the first time: most files hold nothing that a rule looks for by these.
    private lazy var membersByName = Dictionary(grouping: members) { $0.node.declName.baseName.text }
    private(set) lazy var references = Dictionary(grouping: names) { $0.node.baseName.text }

    func add(_ closure: ClosureExprSyntax, opening scope: Scope) {
        closures.append(Placed(node: closure, scope: scope))
        closureScopes[closure.id] = scope
    }

    func add(_ function: Function) {
        functions.append(function)
        functionsByName[function.name, default: []].append(function)
    }

    /// The scope that a closure opens.
    func scope(of closure: ClosureExprSyntax) -> Scope? { closureScopes[closure.id] }

    func add(_ scope: Scope) { scopes.append(scope) }

    func add(typeScope: Scope, named name: String) { typeScopes[name, default: []].append(typeScope) }

    func calls(named names: String...) -> [Call] { calls(named: names) }

    /// Calls whose last name (or type, for initializers) is one of `names`, in the order of the source.
    func calls(named names: some Sequence<String>) -> [Call] {
        names.flatMap { callsByName[$0] ?? [] }.sorted().map { calls[$0] }
    }

    func members(named names: String...) -> [Placed<MemberAccessExprSyntax>] {
        names.flatMap { membersByName[$0] ?? [] }
    }

    /// The scopes of the declaration and extensions of a type of this file.
    func scopes(ofType name: String) -> [Scope] { typeScopes[name] ?? [] }

    /// Finds what `name` means at `offset` in `scope`: the nearest earlier local, else a member, else a global.
    ///
    /// `except` are the bindings whose own value is being looked at, as in `let name = name.trimmed`.
    func binding(
        named name: String, from scope: Scope, before offset: Int, except: Set<ObjectIdentifier> = []
    ) -> Binding? {
        for level in scope.chain {
            switch level.kind {
            case .function, .closure, .block:
                if let found = level.binding(named: name, before: offset, except: except) { return found }
            case .type:
                if let found = member(named: name, of: level) { return found }
            case .file:
                return level.bindings[name]?.first { !except.contains(ObjectIdentifier($0)) }
            }
        }
        return nil
    }

    /// Finds a property in the scopes of a type.
    func member(named name: String, of type: Scope) -> Binding? {
        if let found = type.bindings[name]?.first { return found }
        guard let typeName = type.typeName else { return nil }
        return member(named: name, ofType: typeName)
    }

    func member(named name: String, ofType typeName: String) -> Binding? {
        scopes(ofType: typeName).lazy.compactMap { $0.bindings[name]?.first }.first
    }

    /// Tells each binding of its later assignments; called once when all bindings are known.
    func connectWrites() {
        for assignment in assignments {
            write(assignment.value, to: assignment.target, extends: assignment.isCompound)
        }
        for call in calls(named: "append", "appendInterpolation", "insert", "appendLiteral") {
            guard let receiver = call.receiver, let argument = call.arguments.first else { continue }
            write(argument.value, to: receiver, extends: true)
        }
        // A function of the file that changes a text may put its other arguments into it.
        for call in calls where function(calledBy: call.path) != nil {
            for changed in call.arguments {
                guard let target = changed.value.elements.first?.as(InOutExprSyntax.self)?.expression else { continue }
                for other in call.arguments where other.value.elements.first?.is(InOutExprSyntax.self) != true {
                    write(other.value, to: target, extends: true)
                }
            }
        }
    }

    private func write(_ value: Expression, to target: ExprSyntax, extends: Bool) {
        let path = target.path()
        let offset = target.position.utf8Offset
        let found: Binding?
        if path.count == 1 {
            found = binding(named: path[0], from: value.scope, before: offset)
        } else if path.count == 2, path[0] == "self", let type = value.scope.enclosingType {
            found = member(named: path[1], of: type)
        } else if path.count == 2, path[1] == "[]" {
            found = binding(named: path[0], from: value.scope, before: offset)
            found?.add(.init(value: value, offset: offset, extends: true))
            return
        } else {
            found = nil
        }
        found?.add(.init(value: value, offset: offset, extends: extends))
    }
}
