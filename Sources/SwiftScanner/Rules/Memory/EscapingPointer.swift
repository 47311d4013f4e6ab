import SwiftSyntax

/// Pointers used after the closure they are valid in.
struct EscapingPointer: Rule {
    let metadata = SwiftRule(
        id: "escaping-pointer",
        title: "Pointer outlives its closure",
        why: "The pointer of `withUnsafe…` is valid inside the closure only; afterwards the memory is somebody else's.",
        mend: "Do all the work inside the closure and return a value, not the pointer.",
        cwe: [825, 416],
        severity: .high,
        examples: .init(
            wrong: [
                "let pointer = array.withUnsafeBufferPointer { $0 }",
                "let base = data.withUnsafeBytes { $0.baseAddress }",
                "let p = text.withCString { pointer in return pointer }",
                "var saved: UnsafePointer<Int>?\narray.withUnsafeBufferPointer { saved = $0.baseAddress }",
                "let pointer = UnsafeMutablePointer(&value)",
            ],
            right: [
                "let sum = array.withUnsafeBufferPointer { $0.reduce(0, +) }",
                "let copy = data.withUnsafeBytes { Array($0) }",
                "let first = data.withUnsafeBytes { $0.load(as: UInt32.self) }",
            ]
        )
    )

    private static let functions: Set<String> = [
        "withUnsafePointer", "withUnsafeMutablePointer", "withUnsafeBytes", "withUnsafeMutableBytes",
        "withUnsafeBufferPointer",
        "withUnsafeMutableBufferPointer", "withCString", "withUTF8", "withContiguousStorageIfAvailable",
        "withUnsafeReadableBytes", "withUnsafeTemporaryAllocation", "withContiguousMutableStorageIfAvailable",
        "withUnsafeFileSystemRepresentation",
    ]

    func check(_ file: SourceModel, _ report: inout Report) {
        var parameters: [ObjectIdentifier: String] = [:]
        for call in file.calls(named: Self.functions) {
            guard
                let closure = call.trailingClosures.first
                    ?? call.arguments.last?.value.single?.as(ClosureExprSyntax.self),
                let scope = file.scope(of: closure)
            else { continue }
            let name = parameter(of: closure)
            if let result = result(of: closure), isPointer(result, name) {
                report.add(call, "the closure returns the pointer that is valid inside it only", confidence: .high)
            }
            parameters[ObjectIdentifier(scope)] = name
        }
        for assignment in file.assignments { check(assignment, parameters, &report) }
        for call in file.calls
        where [
            "UnsafePointer", "UnsafeMutablePointer", "UnsafeRawPointer", "UnsafeMutableRawPointer",
            "UnsafeBufferPointer",
        ].contains(call.name) {
            guard let argument = call.arguments.first, argument.value.elements.count == 1,
                argument.value.elements[0].is(InOutExprSyntax.self),
                isKept(call.node)
            else { continue }
            report.add(call, "a pointer made with `&` dangles as soon as the call returns", confidence: .high)
        }
    }

    /// Whether a value lives on after its statement: as a variable's, or as a function's result.
    private func isKept(_ node: some SyntaxProtocol) -> Bool {
        guard let parent = node.parent else { return false }
        return parent.is(InitializerClauseSyntax.self) || parent.is(ReturnStmtSyntax.self)
            || parent.is(CodeBlockItemSyntax.self)
    }

    /// A pointer put into a name from outside of the closure that it is valid in.
    private func check(_ assignment: Assignment, _ parameters: [ObjectIdentifier: String], _ report: inout Report) {
        guard let value = assignment.value.single, let target = assignment.target.path().first,
            assignment.target.is(DeclReferenceExprSyntax.self) || target == "self"
        else { return }
        for level in assignment.scope.chain {
            if level.bindings[target] != nil { return }
            guard let name = parameters[ObjectIdentifier(level)] else { continue }
            if isPointer(value, name) {
                report.add(
                    assignment.node, in: assignment.scope, "the pointer is kept beyond the closure it is valid in",
                    confidence: .medium)
            }
            return
        }
    }

    private func parameter(of closure: ClosureExprSyntax) -> String {
        switch closure.signature?.parameterClause {
        case .simpleInput(let names): names.first?.name.text ?? "$0"
        case .parameterClause(let clause):
            (clause.parameters.first?.secondName ?? clause.parameters.first?.firstName)?.text ?? "$0"
        case nil: "$0"
        }
    }

    private func result(of closure: ClosureExprSyntax) -> ExprSyntax? {
        switch closure.statements.last?.item {
        case .expr(let expression) where closure.statements.count == 1: expression
        case .stmt(let statement): statement.as(ReturnStmtSyntax.self)?.expression
        default: nil
        }
    }

    private static let samePointer: Set<String> = [
        "baseAddress", "bindMemory()", "assumingMemoryBound()", "unsafelyUnwrapped", "advanced()",
    ]

    /// The parameter itself, its base address, or a pointer made of it.
    private func isPointer(_ node: ExprSyntax, _ name: String) -> Bool {
        let node = node.unwrapped
        let path = node.path()
        if path == [name] || path == [name, "baseAddress"] { return true }
        // Bound to a type, and its base address, it is the same memory.
        if path.first == name, path.dropFirst().allSatisfy({ Self.samePointer.contains($0) }) { return true }
        guard let call = node.as(FunctionCallExprSyntax.self), let callee = path.last, callee.hasPrefix("Unsafe"),
            let argument = call.arguments.first
        else { return false }
        return isPointer(argument.expression, name)
    }
}
