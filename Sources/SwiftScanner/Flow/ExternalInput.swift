import SwiftSyntax

/// Knows where text from outside comes into a Swift program.
enum ExternalInput {
    /// What a path of names reads from, in words, when that is outside input.
    static func origin(of path: [String]) -> String? {
        guard let last = path.last else { return nil }
        let base = path.dropLast().last ?? ""
        switch last {
        case "readLine()": return "standard input"
        case "arguments" where base == "CommandLine" || base == "processInfo": return "the command line"
        case "get()", "require()", "getCatchAll()":
            if base == "parameters" { return "a request's path" }
            if requestParts.contains(base) { return "a request" }
        case "[]":
            if base == "arguments", path.contains("CommandLine") || path.contains("processInfo") {
                return "the command line"
            }
            if base == "parameters" || requestParts.contains(base) { return "a request" }
        case "decode()":
            if base == "content" || base == "query" || isRequest(base) { return "a request's body" }
        case "queryItems", "queryParameters", "percentEncodedQuery": return "a URL's query"
        case "string", "strings", "url", "urls":
            if base == "general" { return "the pasteboard" }
        case "standardInput": return "standard input"
        case "text", "stringValue":
            let field = base.lowercased()
            if field.hasSuffix("field") || field.hasSuffix("textview") || field.hasSuffix("searchbar") {
                return "a text field"
            }
        case "absoluteString", "path", "host", "query", "fragment", "lastPathComponent", "pathComponents":
            if base == "url" && path.count >= 3 && isRequest(path[path.count - 3]) { return "a request's URL" }
        default: break
        }
        return nil
    }

    /// Property wrappers of ArgumentParser, whose values are what was typed after the command.
    static let argumentWrappers: Set<String> = ["Option", "Argument"]
    /// Property wrappers of SwiftUI and Combine, whose initial value says nothing of the later ones.
    static let stateWrappers: Set<String> = [
        "State", "Binding", "AppStorage", "SceneStorage", "Published", "FocusedBinding",
    ]

    /// Members of a request that are not what the client sent.
    static let ownParts: Set<String> = [
        "db", "logger", "application", "eventLoop", "client", "view", "services", "id", "method", "password", "cache",
        "allocator", "channel", "redis", "fluent", "storage", "byteBufferAllocator", "jwt", "fileio", "mongo", "queue",
        "auth", "peerAddress", "remoteAddress", "version", "route", "hasSession", "baseURL", "application()",
        "endpointPath", "coreContext",
    ]

    private static let requestParts: Set<String> = [
        "query", "queryParameters", "headers", "cookies", "queryItems", "form",
    ]

    static func isRequest(_ name: String) -> Bool { name == "req" || name == "request" }

    /// What low-level code imports, whose requests are not those of clients.
    private static let systemModules: Set<String> = ["CSystem", "SystemPackage", "Network", "NIOPosix", "SwiftSyntax"]

    /// Whether a parameter of this name and type is a request that a client sent.
    static func isRequest(name: String, type: String?, imports: Set<String>) -> Bool {
        let serverModules: Set<String> = [
            "Vapor", "Hummingbird", "HummingbirdCore", "HummingbirdRouter", "NIOHTTP1", "FlyingFox", "Kitura",
            "Swifter",
        ]
        if let type {
            let requestTypes: Set<String> = [
                "Request", "HBRequest", "Vapor.Request", "Hummingbird.Request", "HTTPRequest", "RouterRequest",
                "HTTPServerRequest", "WKScriptMessage", "HttpRequest", "Input.Request",
            ]
            let bare = type.split(separator: " ").last.map(String.init) ?? type
            return requestTypes.contains(bare.trimmingSuffix("?"))
                && (bare != "HTTPRequest" || !imports.isDisjoint(with: serverModules))
                && (!imports.isDisjoint(with: serverModules) || imports.isDisjoint(with: systemModules))
        }
        return isRequest(name) && (name == "req" || imports.isEmpty || !imports.isDisjoint(with: serverModules))
    }
}

extension String {
    func trimmingSuffix(_ suffix: Character) -> String { last == suffix ? String(dropLast()) : self }
}
