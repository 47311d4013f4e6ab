import Crypto
import Foundation

/// A signed-in admin, as the cookie carries it: `v1.<issued>.<expires>.<serial>.<code>`.
///
/// Times are whole seconds since 1970, the serial is 16 random bytes, the code an HMAC-SHA256 over all before it; both
/// are base64url without padding. Nothing is kept on the server, so a restart ends no session.
struct Session: Hashable {
    let issued: Int64
    let expires: Int64
    let serial: String

    init(issued: Int64, lifetime: Int64) {
        self.issued = issued
        self.expires = issued + lifetime
        self.serial = Data((0..<16).map { _ in UInt8.random(in: .min ... .max) }).base64URL
    }

    /// Reads a cookie; `nil` when the code is wrong, the form is another, or the time is up.
    init?(cookie: String, key: SymmetricKey, now: Int64) {
        let parts = cookie.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "v1", cookie.utf8.count <= 256,
            let code = Data(base64URL: String(parts[4])),
            let issued = Int64(parts[1]), let expires = Int64(parts[2]), now < expires
        else { return nil }
        let signed = parts[0..<4].joined(separator: ".")
        guard HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Data(signed.utf8), using: key)
        else { return nil }
        self.issued = issued
        self.expires = expires
        self.serial = String(parts[3])
    }

    /// The cookie's value.
    func cookie(key: SymmetricKey) -> String {
        let signed = "v1.\(issued).\(expires).\(serial)"
        let code = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: key)
        return "\(signed).\(Data(code).base64URL)"
    }
}

extension Data {
    /// Base64 with the URL alphabet and no padding (RFC 4648, section 5).
    var base64URL: String {
        base64EncodedString()
            .replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    init?(base64URL text: String) {
        let standard = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        self.init(base64Encoded: standard + String(repeating: "=", count: (4 - standard.count % 4) % 4))
    }
}
