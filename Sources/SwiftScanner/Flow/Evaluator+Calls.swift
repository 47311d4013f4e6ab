import SwiftSyntax

/// What calls give: conversions and text functions hand on what they are given, sanitizers make it harmless.
extension Evaluator {
    mutating func callValue(of node: ExprSyntax, in scope: Scope, depth: Int) -> Value {
        guard let call = node.as(FunctionCallExprSyntax.self) else { return .opaque(node, .unknown) }
        let path = node.path()
        let callee = path.last.map { String($0.dropLast(2)) } ?? ""
        let name = callee == "init" && path.count > 1 ? path[path.count - 2] : callee
        if let origin = ExternalInput.origin(of: path) {
            return .opaque(node, asksForHarmlessType(call.arguments) ? .harmless : .external, origin: origin)
        }
        if danger.sanitizers.contains(name) || path.contains(where: { danger.sanitizers.contains($0) }) {
            return .opaque(node, .harmless)
        }
        if let result = functionValue(of: call, in: scope, depth: depth) { return result }
        if HarmlessTypes.names.contains(name) || Self.harmlessCalls.contains(name) { return .opaque(node, .harmless) }
        let receiver = call.calledExpression.unwrapped.as(MemberAccessExprSyntax.self)?.base
        let arguments = call.arguments.map { Expression($0.expression, in: scope) }
        if Self.conversions.contains(name) || call.calledExpression.is(ArrayExprSyntax.self),
            let first = arguments.first
        {
            let text = value(of: first, depth: depth + 1)
            guard call.arguments.first?.label?.text == "format" || call.arguments.first?.label?.text == "repeating"
            else {
                let label = call.arguments.first?.label?.text ?? ""
                if label.hasPrefix("contentsOf"), first.elements.contains(where: { file.isBundled($0, in: scope) }) {
                    return .opaque(node, .fixed)
                }
                return label == "contentsOf" ? .opaque(node, max(text.trust, .unknown)) : text
            }
            return arguments.dropFirst().reduce(text) { $0.followed(by: value(of: $1, depth: depth + 1)) }
        }
        if name.hasPrefix("replacing"), let receiver,
            let inserted = call.arguments.first(where: { $0.label?.text == "with" })
        {
            // `'` to `'\\''`: quoting for a shell, as it is done by hand.
            if danger == .shell, call.arguments.first?.expression.literalText == "'",
                ["'\\''", "'\"'\"'"].contains(inserted.expression.literalText)
            {
                return .opaque(node, .harmless)
            }
            // A quote of names doubled, as SQLite's documentation has it; values ought to be bound all the same.
            if danger == .sql, call.arguments.first?.expression.literalText == "\"",
                inserted.expression.literalText == "\"\""
            {
                return .opaque(node, .harmless)
            }
            let base = value(of: receiver, in: scope, depth: depth + 1)
            return base.followed(by: value(of: Expression(inserted.expression, in: scope), depth: depth + 1))
        }
        if keepsPlainCharactersOnly(call, name) { return .opaque(node, .harmless) }
        if Self.sameTextCalls.contains(name), let receiver {
            return value(of: receiver, in: scope, depth: depth + 1)
        }
        if Self.extendingCalls.contains(name), let receiver {
            let base = value(of: receiver, in: scope, depth: depth + 1)
            return arguments.reduce(base) { $0.followed(by: value(of: $1, depth: depth + 1)) }
        }
        if Self.maps.contains(name), let closure = call.trailingClosure {
            let result = closureValue(of: ExprSyntax(closure), in: scope, depth: depth + 1)
            return result
        }
        if Self.maps.contains(name), let receiver, arguments.first?.single?.path().first == "String" {
            // `ids.map(String.init)` gives the texts of what it goes over.
            return value(of: receiver, in: scope, depth: depth + 1)
        }
        return unknownCall(node, name: name, receiver: receiver, arguments: arguments, in: scope, depth: depth)
    }

    /// `components(separatedBy: .alphanumerics.inverted)` and `filter { $0.isLetter || $0.isNumber }` let nothing
    /// through that means something elsewhere.
    private func keepsPlainCharactersOnly(_ call: FunctionCallExprSyntax, _ name: String) -> Bool {
        switch name {
        case "components":
            call.arguments.first?.expression.trimmedText.hasSuffix("alphanumerics.inverted") == true
        case "filter":
            (call.trailingClosure.map(ExprSyntax.init) ?? call.arguments.first?.expression)?
                .tokens(viewMode: .sourceAccurate).contains {
                    ["isLetter", "isNumber", "isHexDigit", "isWholeNumber"].contains($0.text)
                } == true
        default: false
        }
    }

    /// A function that is not known hands on outside input; from anything else it may make anything.
    private mutating func unknownCall(
        _ node: ExprSyntax, name: String, receiver: ExprSyntax?, arguments: [Expression], in scope: Scope, depth: Int
    ) -> Value {
        var result = Value.opaque(node, .unknown, origin: "the result of `\(name)`")
        if let receiver {
            let base = value(of: receiver, in: scope, depth: depth + 1)
            if base.trust == .external, !isRequest(receiver.unwrapped, in: scope) || name != "" {
                result = .opaque(node, .external, origin: base.origin)
            }
        }
        // Text that goes in may come out again; whether something comes out at all is not chosen by it.
        for argument in danger == .other ? [] : arguments.prefix(8) {
            let next = value(of: argument, depth: depth + 1)
            if next.trust == .external { result = .opaque(node, next.trust, origin: next.origin) }
        }
        return result
    }

    private static let maps: Set<String> = ["map", "compactMap", "flatMap"]

    private static let harmlessCalls: Set<String> = [
        "hash", "hashValue", "MemoryLayout", "distance", "index", "firstIndex", "abs", "min", "max", "hasPrefix",
        "hasSuffix", "contains", "base64EncodedString", "hexEncodedString", "bitPattern",
    ]

    private static let conversions: Set<String> = [
        "String", "Substring", "NSString", "Data", "Array", "NSMutableString", "StaticString", "Optional", "ByteBuffer",
        "ContiguousArray", "Set", "NSData", "URL", "FilePath", "SystemPackage.FilePath", "NSMutableAttributedString",
        "StringLiteralType", "HTTPClientRequest", "URLRequest", "URI", "NSURL", "NSURLRequest", "SQLQueryString",
        "SQLRaw", "SQL",
    ]

    private static let sameTextCalls: Set<String> = [
        "lowercased", "uppercased", "trimmingCharacters", "data", "replacingOccurrences", "prefix", "suffix",
        "dropFirst",
        "dropLast", "split", "components", "padding", "reversed", "trimmingPrefix", "standardized", "cString",
        "withCString", "joined", "sorted", "filter", "shuffled", "removingPercentEncoding", "replacing", "path",
        "unsafelyUnwrapped", "trimming",
    ]

    private static let extendingCalls: Set<String> = [
        "appending", "appendingPathComponent", "appendingFormat", "appendingPathExtension", "adding",
        "strippingAndAppending", "pushing", "callAsFunction",
    ]
}
