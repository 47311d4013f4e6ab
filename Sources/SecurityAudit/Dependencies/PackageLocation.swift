import Foundation

/// A package's address in SwiftPM's canonical form, in which two addresses of one repository are equal.
///
/// Without case, scheme, user, port, query, fragment, `.git` and trailing slashes; `git@host:owner/name` becomes
/// `host/owner/name`, `/~/` the user's folder. A path of this machine keeps its leading slash. See
/// `CanonicalPackageLocation` in SwiftPM's PackageModel.
struct PackageLocation: Hashable, Sendable, CustomStringConvertible {
    let description: String

    init(_ address: String) {
        var text = Substring(address.precomposedStringWithCanonicalMapping.lowercased())
        var scheme: Substring?
        if let separator = text.firstRange(of: "://") {
            scheme = text[..<separator.lowerBound]
            text = text[separator.upperBound...]
        }
        let authority = text.prefix { $0 != "/" }
        if let at = authority.lastIndex(of: "@") {
            let user = authority[..<at].prefix { $0 != ":" }
            text = text[text.index(after: at)...]
            if let tilde = text.firstRange(of: "/~/") {
                text = text[..<tilde.lowerBound] + "/~\(user)/" + text[tilde.upperBound...]
            }
        }
        text = Self.withoutPort(text)
        text = text.prefix { $0 != "#" && $0 != "?" }
        var path = String(text)
        if scheme == nil || scheme == "ssh", let colon = path.prefix(while: { $0 != "/" }).firstIndex(of: ":") {
            path.replaceSubrange(colon...colon, with: "/")
        }
        var parts = path.split(separator: "/").map { String($0).removingPercentEncoding ?? String($0) }
        if let last = parts.last, last.hasSuffix(".git") { parts[parts.count - 1] = String(last.dropLast(4)) }
        description = (scheme == "file" || address.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }

    /// An address as written, but for the user of a web address, who may be a token.
    static func shown(_ address: String) -> String {
        guard var parts = URLComponents(string: address), ["http", "https"].contains(parts.scheme?.lowercased()),
            parts.user != nil || parts.password != nil
        else { return address }
        parts.user = nil
        parts.password = nil
        return parts.string ?? PackageLocation(address).description
    }

    /// The last part, by which SwiftPM identifies a package.
    var identity: String { description.split(separator: "/").last.map(String.init) ?? "" }

    /// The address with the host's usual name, where this one is another that the same forge answers by.
    ///
    /// SwiftPM takes `www.github.com`, `github.com.` and `ssh.github.com:443` for hosts of their own, so that what
    /// is equal in this form only is probably one repository, not surely.
    var underUsualHost: PackageLocation {
        guard !description.hasPrefix("/"), let slash = description.firstIndex(of: "/") else { return self }
        var host = description[..<slash]
        while host.hasSuffix(".") { host.removeLast() }
        for other in ["www.", "ssh.", "altssh."] where host.hasPrefix(other) {
            // `ssh.com` is a host itself.
            let rest = host.dropFirst(other.count)
            if rest.contains(".") { host = rest }
        }
        return PackageLocation(canonical: host + description[slash...])
    }

    private init(canonical: some StringProtocol) { description = String(canonical) }

    private static func withoutPort(_ text: Substring) -> Substring {
        let host = text.prefix { $0 != "/" }
        guard let colon = host.firstIndex(of: ":") else { return text }
        let port = host[host.index(after: colon)...]
        guard !port.isEmpty, port.allSatisfy(\.isNumber) else { return text }
        return text[..<colon] + text[host.endIndex...]
    }
}
