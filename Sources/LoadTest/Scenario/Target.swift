import Foundation

/// Where requests go: a web address, and optionally the unix socket that stands in for its host and port.
public struct Target: Sendable, Hashable {
    /// Whether the connection is encrypted (`https`).
    public let isSecure: Bool
    /// A name, an IPv4 address, or an IPv6 address without brackets.
    public let host: String
    /// The TCP port.
    public let port: Int
    /// What every path begins with: empty, or a slash and more, without a slash at the end.
    public let basePath: String
    /// The path of a unix socket to connect to instead of the host.
    public let unixSocket: String?

    /// Reads a web address.
    ///
    /// - Parameters:
    ///   - url: `http://` or `https://`, a host, and optionally a port and a path. IPv6 addresses in brackets.
    ///   - unixSocket: The path of a unix socket to connect to; the address then only gives `Host` and path.
    /// - Throws: ``TargetError`` for anything else, including a query, a fragment or a user and password.
    public init(_ url: String, unixSocket: String? = nil) throws(TargetError) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased() else {
            throw TargetError(url: url, problem: "it is not a web address")
        }
        guard scheme == "http" || scheme == "https" else {
            throw TargetError(url: url, problem: "its scheme is \(scheme), not http or https")
        }
        guard let host = parts.host, !host.isEmpty else { throw TargetError(url: url, problem: "it names no host") }
        guard parts.user == nil, parts.password == nil else {
            throw TargetError(
                url: url.replacing(/\/\/[^@]*@/, with: "//…@"),
                problem: "it holds a user or password; use --bearer-env or --header")
        }
        guard parts.query == nil, parts.fragment == nil else {
            throw TargetError(url: url, problem: "it has a query or fragment, which belong into a scenario's path")
        }
        if let port = parts.port, !(1...65_535).contains(port) {
            throw TargetError(url: url, problem: "port \(port) is not between 1 and 65535")
        }
        isSecure = scheme == "https"
        self.host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? (isSecure ? 443 : 80)
        var path = parts.percentEncodedPath
        while path.hasSuffix("/") { path.removeLast() }
        basePath = path
        self.unixSocket = unixSocket
    }

    /// The value of the `Host` header: the port is left out where it is the scheme's own.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// The address as text.
    public var url: String { "\(isSecure ? "https" : "http")://\(authority)\(basePath)" }

    /// Whether the target is on this machine by its very name, so that pushing it can harm nobody else.
    public var isLoopback: Bool {
        if unixSocket != nil { return true }
        let name = host.lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") || name == "::1" { return true }
        let numbers = name.split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
        return numbers.count == 4 && numbers[0] == 127 && name.split(separator: ".").count == 4
    }
}

/// A web address that cannot be pushed.
public struct TargetError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The address as given.
    public let url: String
    /// What is wrong with it.
    public let problem: String

    /// The problem in a sentence, with the value at fault and how to mend it.
    public var description: String { "\"\(url)\" cannot be loaded: \(problem). Example: --url http://127.0.0.1:8080" }
}
