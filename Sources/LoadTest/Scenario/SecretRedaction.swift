import Foundation

/// Text of requests without the secrets in it: what is written into scenario files and results may be seen by anybody.
///
/// Secrets are known by the names they are given to (`token=…`, `"password": "…"`), and some by their form: users in
/// web addresses, JSON web tokens. Gaps of templates stay.
struct SecretRedaction {
    static let placeholder = "REDACTED"

    /// The text without secrets.
    private(set) var text: String
    /// What the secrets were given to, sorted; empty where there was none.
    var names: [String] { found.sorted() }
    private var found: Set<String> = []

    /// Looks into a request's path and query.
    init(path: String) {
        text = path
        guard path.contains(where: { "?;@".contains($0) }) || path.contains("eyJ") else { return }
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        text = redactPairs(parts[0], separators: "/;")
        if parts.count > 1 { text += "?" + redactPairs(parts[1], separators: "&;") }
        redactForms()
    }

    /// Looks into a request's body: JSON, a form, or a form in parts.
    init(body: String) {
        text = body
        if body.first(where: { !$0.isWhitespace }).map({ "{[".contains($0) }) ?? false {
            redactMembers()
        } else if body.contains("form-data") {
            redactParts()
        } else if body.contains("="), !body.contains(where: \.isWhitespace) {
            text = redactPairs(Substring(body), separators: "&")
        }
        redactForms()
    }

    // MARK: Names

    private static let wholeNames: Set = [
        "accesskey", "auth", "authorization", "bearer", "code", "csrf", "hmac", "jsessionid", "jwt", "key", "mfa",
        "otp",
        "pass", "phpsessid", "pin", "privatekey", "pwd", "samlresponse", "session", "sessionid", "sid", "sig", "totp",
    ]
    private static let partsOfNames = [
        "apikey", "assertion", "credential", "passphrase", "passwd", "password", "secret", "signature", "token",
        "verifier",
    ]
    /// Names of other things too: what is given to them is a secret when it is as long as keys and codes are.
    private static let doubtfulNames: Set = ["code", "key", "session", "pass"]
    private static let shortestKey = 12

    private static func isSecret(_ name: Substring, _ value: Substring) -> Bool {
        guard !value.isEmpty, !value.hasPrefix("{{"), value != placeholder else { return false }
        let name = (name.removingPercentEncoding ?? String(name)).lowercased().filter { $0.isLetter || $0.isNumber }
        if doubtfulNames.contains(name) { return value.utf8.count >= shortestKey }
        return wholeNames.contains(name) || partsOfNames.contains { name.contains($0) }
    }

    // MARK: Forms of text

    private mutating func redactPairs(_ text: Substring, separators: String) -> String {
        var result = ""
        var rest = text
        while true {
            let part = rest.prefix { !separators.contains($0) }
            result += redactPair(part)
            rest = rest.dropFirst(part.count)
            guard let separator = rest.popFirst() else { return result }
            result.append(separator)
        }
    }

    private mutating func redactPair(_ pair: Substring) -> String {
        guard let equals = pair.firstIndex(of: "=") else { return String(pair) }
        let (name, value) = (pair[..<equals], pair[pair.index(after: equals)...])
        if Self.isSecret(name, value) {
            found.insert(String(name))
            return "\(name)=\(Self.placeholder)"
        }
        // A web address as a value may have secrets of its own.
        guard value.contains("%"), let address = value.removingPercentEncoding, address.contains("/") else {
            return String(pair)
        }
        let inner = SecretRedaction(path: address)
        guard !inner.found.isEmpty else { return String(pair) }
        found.formUnion(inner.found)
        let plain = CharacterSet.urlQueryAllowed.subtracting(CharacterSet(charactersIn: "&=+;?"))
        return "\(name)=\(inner.text.addingPercentEncoding(withAllowedCharacters: plain) ?? Self.placeholder)"
    }

    /// Members of JSON objects.
    private mutating func redactMembers() {
        text = text.replacing(/"((?:[^"\\]|\\.)*)"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(-?[0-9][0-9.eE+-]*))/.byScalars) {
            match in
            let value = match.2 ?? match.3 ?? ""
            guard Self.isSecret(match.1, value) else { return String(match.0) }
            found.insert(String(match.1))
            return match.0.dropLast(value.count + (match.2 == nil ? 0 : 1))
                + (match.2 == nil ? "0" : Self.placeholder + "\"")
        }
    }

    /// Fields of multipart/form-data.
    private mutating func redactParts() {
        text = text.replacing(/(name="([^"]*)"[^\n]*\n(?:[^\r\n]+\r?\n)*\r?\n)([^\r\n]*)/.byScalars) { match in
            guard Self.isSecret(match.2, match.3) else { return String(match.0) }
            found.insert(String(match.2))
            return match.1 + Self.placeholder
        }
    }

    /// What is a secret wherever it stands.
    private mutating func redactForms() {
        if text.contains("://"), text.contains("@") {
            let before = text
            text = text.replacing(/:\/\/[^\/?#@\s"]+@/.byScalars, with: "://\(Self.placeholder)@")
            if text != before { found.insert("user in an address") }
        }
        if text.contains("eyJ") {
            let before = text
            text = text.replacing(/eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/.byScalars, with: Self.placeholder)
            if text != before { found.insert("JSON web token") }
        }
    }
}

extension Regex {
    /// Matches as other languages do: in Swift's characters, CR and LF are one.
    fileprivate var byScalars: Regex { matchingSemantics(.unicodeScalar) }
}
