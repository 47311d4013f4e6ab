import SwiftSyntax

/// Addresses chosen by a request: redirects and requests of our own.
struct RequestForgery: Rule {
    let metadata = SwiftRule(
        id: "request-forgery",
        title: "Address chosen from outside",
        why: "A server that fetches what a request names reaches into its own network (SSRF).",
        mend: "Choose the host from a fixed list; let the request give a key, never an address.",
        cwe: [918],
        severity: .high,
        examples: .init(
            wrong: [
                #"""
                app.get("fetch") { req in
                    let target: String = try req.query.get(at: "url")
                    return try await req.client.get(URI(string: target))
                }
                """#,
                #"""
                func proxy(_ request: Request, context: Context) async throws -> Response {
                    let host = request.uri.queryParameters["host"] ?? ""
                    let answer = try await client.execute(HTTPClientRequest(url: "https://\(host)/status"), timeout: .seconds(5))
                    return Response(status: .ok)
                }
                """#,
            ],
            right: [
                #"""
                func proxy(_ request: Request, context: Context) async throws -> Response {
                    let id = try context.parameters.require("id", as: Int.self)
                    _ = try await client.execute(HTTPClientRequest(url: "https://api.shop.com/items/\(id)"), timeout: .seconds(5))
                    return Response(status: .ok)
                }
                """#,
                #"""
                app.get("search") { req in
                    let term = req.query["q"] ?? ""
                    return try await req.client.get("https://api.shop.com/search?q=\(term)")
                }
                """#,
            ]
        )
    )

    private static let clients: Set<String> = [
        "get", "post", "put", "patch", "delete", "send", "execute", "HTTPClientRequest", "Request", "URLRequest",
        "data", "dataTask", "download", "downloadTask", "URI", "upload", "webSocketTask", "connect",
    ]

    func check(_ file: SourceModel, _ report: inout Report) {
        for call in file.calls(named: Self.clients) where isClient(call) {
            guard
                let address = call.argument(anyOf: ["url", "string", "with", "from", "for", "uri"]) ?? call.unlabelled
            else { continue }
            let value = Evaluator.value(of: address, in: file, for: .url)
            guard value.trust == .external,
                value.origin?.contains("request") == true || value.origin?.contains("URL") == true, choosesHost(value),
                !report.covers(call.node.range), !isReported(address, file, report)
            else { continue }
            report.add(
                call, "the address given to `\(call.name)` is chosen by \(value.origin ?? "outside input")",
                confidence: .medium)
        }
    }

    /// Whether the address is a request whose making has been reported.
    private func isReported(_ address: Expression, _ file: SourceModel, _ report: Report) -> Bool {
        guard let name = address.single?.as(DeclReferenceExprSyntax.self)?.baseName.text,
            let value = file.binding(named: name, from: address.scope, before: address.range.lowerBound)?.value
        else { return false }
        return report.covers(value.range)
    }

    private func isClient(_ call: Call) -> Bool {
        if call.name.first?.isUppercase == true { return call.base == nil || call.path.count <= 3 }
        let base = (call.base ?? "").lowercased()
        return ["client", "httpclient", "session", "shared", "urlsession", "af", "http"].contains { base.hasSuffix($0) }
    }

    /// Whether the value stands before the path, so that it decides who is asked.
    private func choosesHost(_ value: Value) -> Bool {
        var before = ""
        for part in value.parts {
            switch part {
            case .literal(let text): before += text
            case .value(_, let trust, _):
                if trust == .external {
                    let rest =
                        before.contains("://")
                        ? before.split(separator: "://", maxSplits: 1).last.map(String.init) ?? "" : before
                    return before.hasSuffix("://") || !rest.contains("/") && !before.hasPrefix("/")
                }
                before += "\u{FFFC}"
            }
        }
        return false
    }
}
