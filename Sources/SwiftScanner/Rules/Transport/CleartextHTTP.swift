import SwiftSyntax

/// Addresses of unencrypted protocols, and App Transport Security switched off.
struct CleartextHTTP: Rule {
    let metadata = SwiftRule(
        id: "cleartext-http",
        title: "Unencrypted connection",
        why: "Whoever is on the way reads and changes what goes over http, ws, ftp or telnet.",
        mend: "Use https or wss.",
        cwe: [319],
        severity: .medium,
        examples: .init(
            wrong: [
                #"let url = URL(string: "http://api.shop.com/login")!"#,
                #"let request = HTTPClientRequest(url: "http://\(host)/users")"#,
                #"let task = session.webSocketTask(with: URL(string: "ws://chat.shop.com")!)"#,
                #"components.scheme = "http""#,
                #"let base = "http://" + host"#,
            ],
            right: [
                #"let url = URL(string: "https://api.shop.com/login")!"#,
                #"let url = URL(string: "http://localhost:8080/health")!"#,
                #"let namespace = "http://www.w3.org/2000/svg""#,
                #"let isPlain = text.hasPrefix("http://")"#,
                #"let url = URL(string: "http://127.0.0.1:\(port)")!"#,
            ]
        )
    )

    private static let schemes = ["http://", "ws://", "ftp://", "telnet://"]

    /// Names on this machine, reserved names, and names that are identifiers rather than addresses.
    private static let benignHosts: [String] = [
        "localhost", "127.", "0.0.0.0", "[::1]", "[::", "::1", "10.0.2.2", "host.docker.internal", "www.w3.org",
        "w3.org",
        "schemas.", "xmlns.", "ns.adobe.com", "purl.org", "www.sitemaps.org", "www.apple.com/DTDs", "xml.org",
        "xml.apache.org",
        "json-schema.org", "www.opengis.net", "docs.oasis-open.org", "test.", "www.topografix.com", "www.gribuser.ru",
        "crl.", "ocsp.", "www.google.com/schemas",
        "itunes.apple.com/dtds", "www.itunes.com/dtds", "search.yahoo.com/mrss", "ogp.me", "unix", "[fe80", "192.168.",
        "169.254.169.254", "swagger.io/v2/schema", "www.idpf.org", "www.loc.gov", "schema.org", "tempuri.org",
        "a9.com", "base.google.com/ns", "creativecommons.org/ns", "backend.userland.com", "soap.", "dublincore.org",
        "openid.net", "specs.openid.net", "java.sun.com", "relaxng.org",
    ]

    /// Names of documentation (RFC 2606): nobody's, but what stands there is meant to be filled in and is copied.
    private static let documentationHosts: Set<String> = [
        "example.com", "example.org", "example.net", "www.example.com", "www.example.org", "www.example.net",
    ]

    func check(_ file: SourceModel, _ report: inout Report) {
        for string in file.strings { check(string, file, &report) }
        for assignment in file.assignments where assignment.path.last == "scheme" && isAddress(assignment, file) {
            if let text = assignment.value.single?.literalText, text == "http" || text == "ws" {
                report.add(assignment.node, in: assignment.scope, "the scheme is set to \(text)", confidence: .medium)
            }
        }
        for call in file.calls where ["URLComponents", "Endpoint", "URI", "HTTPURLBuilder"].contains(call.name) {
            let scheme = call.argument("scheme")?.single
            if scheme?.literalText == "http" || scheme?.path() == ["", "http"] {
                report.add(call, "the scheme is set to http", confidence: .medium)
            }
        }
        for call in file.calls(named: "NWConnection") {
            let port = call.argument("port").flatMap { $0.single?.integer ?? Evaluator.value(of: $0, in: file).integer }
            if let port, [21, 23, 25, 80, 110, 143].contains(port), call.memberName("using") == "tcp" {
                report.add(call, "port \(port) is spoken to without TLS", confidence: .medium)
            }
        }
        for element in file.dictionaryElements {
            guard
                ["NSAllowsArbitraryLoads", "NSExceptionAllowsInsecureHTTPLoads", "NSAllowsArbitraryLoadsInWebContent"]
                    .contains(element.node.key.literalText ?? ""),
                Evaluator.value(of: Expression(element.node.value, in: element.scope), in: file).boolean == true
            else { continue }
            report.add(
                element.node, in: element.scope, "App Transport Security is switched off", severity: .high,
                confidence: .high)
        }
    }

    /// A scheme of an address to go to, not of a request that came in.
    private func isAddress(_ assignment: Assignment, _ file: SourceModel) -> Bool {
        guard let owner = assignment.path.dropLast().last, !owner.lowercased().hasSuffix("request") else {
            return false
        }
        let binding = file.binding(named: owner, from: assignment.scope, before: assignment.node.range.lowerBound)
        let made = (binding?.typeName ?? "") + (binding?.value?.text ?? "")
        return made.isEmpty || made.contains("Components") || made.contains("URL")
    }

    private func check(_ string: StringLiteral, _ file: SourceModel, _ report: inout Report) {
        guard case .stringSegment(let first)? = string.node.segments.first else { return }
        let text = first.content.text
        guard let scheme = Self.schemes.first(where: { text.hasPrefix($0) }) else { return }
        let rest = text.dropFirst(scheme.count)
        let isWhole = string.node.segments.count == 1
        if isComparison(string.node) || Self.benignHosts.contains(where: { rest.hasPrefix($0) }) { return }
        if rest.contains(" ") && !rest.hasPrefix("\\") && rest.split(separator: " ").count > 2 { return }
        var host = String(rest.prefix { !"/:?#".contains($0) })
        if host.isEmpty, !isWhole { host = interpolatedHost(string, file) ?? "" }
        if Self.benignHosts.contains(where: { host.hasPrefix($0) })
            || [".local", ".test", ".localhost", ".invalid", ".internal"].contains(where: host.hasSuffix)
        {
            return
        }
        guard var confidence = confidence(string, isWhole: isWhole, host: host) else { return }
        if Self.documentationHosts.contains(host) {
            guard confidence == .high else { return }
            confidence = .low
        } else if host.hasSuffix(".example") {
            confidence = .low
        }
        report.add(
            string.node, in: string.scope, "an address starts with \(scheme)",
            severity: confidence == .low ? .low : .medium, confidence: confidence)
    }

    private func interpolatedHost(_ string: StringLiteral, _ file: SourceModel) -> String? {
        var evaluator = Evaluator(file, for: .other)
        let value = evaluator.value(of: Expression(string.node, in: string.scope))
        return value.text.map { String($0.drop { $0 != "/" }.dropFirst(2).prefix { !"/:?#".contains($0) }) }
    }

    /// `hasPrefix("http://")`, `== "http://"`, `replacingOccurrences(of: "http://", with: "https://")`.
    private func isComparison(_ node: StringLiteralExprSyntax) -> Bool {
        guard let parent = node.parent else { return false }
        if let argument = parent.as(LabeledExprSyntax.self) {
            let call = argument.parent?.parent?.as(FunctionCallExprSyntax.self)
            let name = call.flatMap { $0.calledExpression.path(limit: 1).last } ?? ""
            return [
                "hasPrefix", "starts", "contains", "range", "firstRange", "components", "split", "replacingOccurrences",
                "replacing", "XCTAssertEqual", "trimmingPrefix", "#expect", "hasSuffix", "elementsEqual",
            ].contains(name)
        }
        if parent.is(ExpressionPatternSyntax.self) { return true }
        guard let elements = parent.as(ExprListSyntax.self) else { return false }
        return elements.contains {
            ["==", "!=", "~="].contains($0.as(BinaryOperatorExprSyntax.self)?.operator.text ?? "")
        }
    }

    /// A bare `http://` is only the beginning of an address when something is added; in prose it is nothing.
    private func confidence(_ string: StringContext, isWhole: Bool, host: String) -> SwiftConfidence? {
        let node = string.node
        var ancestor: Syntax? = Syntax(node)
        for _ in 0..<6 {
            guard let here = ancestor?.parent else { break }
            if let call = here.as(FunctionCallExprSyntax.self) {
                let name = call.calledExpression.path(limit: 2)
                if !Set([
                    "URL", "NSURL", "URLRequest", "HTTPClientRequest", "URLComponents", "URI", "webSocketTask",
                    "WebSocket", "dataTask", "request", "get", "post", "download", "execute", "put", "fetch", "AF",
                ]).isDisjoint(with: name) {
                    return .high
                }
                return isWhole && host.isEmpty ? nil : .low
            }
            if here.is(CodeBlockItemSyntax.self) { break }
            ancestor = here
        }
        if host.isEmpty && isWhole { return Syntax(node).parent?.is(ExprListSyntax.self) == true ? .medium : nil }
        return .medium
    }

    private typealias StringContext = StringLiteral
}
