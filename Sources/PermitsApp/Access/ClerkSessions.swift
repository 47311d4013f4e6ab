import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import PerfDashboard

/// Sign-in for the demo's second role: clerks are known, but are not admins.
///
/// The cookie is signed with a key of this process, so that a restart ends the sessions.
struct ClerkSessions: Sendable {
    private static let cookieName = "permits_clerk"
    private static let lifetime = 8 * 3_600

    private let key = SymmetricKey(size: .bits256)

    /// Clerks are signed in; everybody else is anonymous. Who is an admin, the token decides.
    var access: ContextAccess<PermitsContext> {
        ContextAccess { request, _ in isClerk(request) ? .signedIn : .anonymous }
    }

    func isClerk(_ request: Request, now: Date = .now) -> Bool {
        guard let parts = request.cookies[Self.cookieName]?.value.split(separator: "."), parts.count == 2,
            let expiry = Int(parts[0]), expiry > Int(now.timeIntervalSince1970),
            let code = Data(base64Encoded: String(parts[1]))
        else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Data("clerk.\(expiry)".utf8), using: key)
    }

    func newCookie(now: Date = .now) -> Cookie {
        let expiry = Int(now.timeIntervalSince1970) + Self.lifetime
        let code = HMAC<SHA256>.authenticationCode(for: Data("clerk.\(expiry)".utf8), using: key)
        return Cookie(
            name: Self.cookieName, value: "\(expiry).\(Data(code).base64EncodedString())", maxAge: Self.lifetime,
            path: "/", httpOnly: true, sameSite: .strict)
    }

    func addRoutes<Context: RequestContext>(to router: some RouterMethods<Context>, site: Site) {
        router.get("/clerk") { _, _ in try site.page("sign-in", ["title": "Sign in"]) }
        router.post("/clerk") { _, _ in
            var response = Response(status: .seeOther, headers: [.location: "/"])
            response.setCookie(newCookie())
            return response
        }
    }
}
