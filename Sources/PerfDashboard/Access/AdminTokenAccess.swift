import Crypto
import Foundation
import HTTPTypes
public import Hummingbird

/// The policy for a service without users of its own: one token, given as a bearer header or on a sign-in page.
///
/// Without a token the dashboard is closed: nothing opens it until the host sets one.
///
/// Wrong tokens are limited to ten a minute for each client address when the router's context is a
/// `RemoteAddressRequestContext`, and to ten a minute over all clients otherwise. Sessions already open and sign-in
/// links are not held up by it. Sign-outs and links are known to one process; the sessions' signature is derived from
/// the token, so that they outlive a restart and end when the token changes.
public struct AdminTokenAccess: AccessPolicy {
    /// Where the sign-in page stands.
    public var signInPath: String? { DashboardPath.signIn }

    /// How long a session lasts, in seconds.
    public let sessionLifetime: Int

    let token: AdminToken?
    private let otherwise: (any AccessPolicy)?
    let limiter: AttemptLimiter
    private let sessionKey: SymmetricKey
    private let codes = OneTimeCodes()
    private let signedOut = SignedOutSessions()
    static let cookieName = "pitwall_session"

    /// Opens the dashboard to whoever holds the token; `nil` closes it.
    ///
    /// - Parameters:
    ///   - token: The token, from ``AdminToken/init(_:)``.
    ///   - sessionLifetime: Seconds until a session ends, at least 60; 12 hours when not said.
    ///   - otherwise: The host's own rule, asked when the token does not open: a host whose users are signed in but
    ///     are not admins says so here.
    public init(
        token: AdminToken?, sessionLifetime: Int = 12 * 3600, otherwise: (any AccessPolicy)? = nil
    ) {
        self.init(token: token, sessionLifetime: sessionLifetime, otherwise: otherwise, limiter: AttemptLimiter())
    }

    init(
        token: AdminToken?, sessionLifetime: Int = 12 * 3600, otherwise: (any AccessPolicy)? = nil,
        limiter: AttemptLimiter
    ) {
        self.token = token
        self.otherwise = otherwise
        self.sessionLifetime = max(60, sessionLifetime)
        self.limiter = limiter
        sessionKey = token?.key(for: "pitwall dashboard session v1") ?? SymmetricKey(size: .bits256)
    }

    /// `.admin` with a session or the token, `.anonymous` otherwise.
    ///
    /// - Throws: When the client has sent too many wrong tokens; the dashboard then answers 429.
    public func access(of request: Request, context: some RequestContext) async throws -> Access {
        if token != nil {
            if session(of: request) != nil { return .admin }
            if let bearer = request.bearerToken, try accepts(bearer, from: context.clientAddress) { return .admin }
        }
        return try await otherwise?.access(of: request, context: context) ?? .anonymous
    }

    /// A path that signs in whoever opens it first, within 15 minutes, for printing on the operator's terminal.
    ///
    /// `nil` when no token is set: what is closed has no back door.
    ///
    /// - Parameter window: What the page shows at first; a service that has just started has most to show in a short one.
    public func oneTimeSignInPath(opening window: PerfWindow = .day) -> String? {
        guard token != nil else { return nil }
        let next = window == .day ? nil : PageOptions(window: window).href
        return DashboardPath.link(DashboardPath.signIn, [("code", codes.issue()), ("next", next)])
    }

    /// Whether no token opens the dashboard, because none is set.
    var isClosed: Bool { token == nil }

    /// Compares a token and counts a wrong one.
    ///
    /// - Throws: ``TooManyAttempts`` when the address has to wait, whether or not this token is right.
    func accepts(_ candidate: String, from address: String) throws(TooManyAttempts) -> Bool {
        if let wait = limiter.begin(from: address) { throw TooManyAttempts(wait: wait) }
        guard let token, token.matches(candidate) else { return false }
        limiter.succeed(from: address)
        return true
    }

    func redeem(code: String) -> Bool {
        token != nil && codes.redeem(code)
    }

    /// The cookie that opens a session.
    func newSessionCookie(for request: Request) -> Cookie {
        let session = Session(issued: Self.now, lifetime: Int64(sessionLifetime))
        return cookie(session.cookie(key: sessionKey), maxAge: sessionLifetime, for: request)
    }

    /// Ends the request's session and gives the cookie that makes the browser forget it.
    func endSession(of request: Request) -> Cookie {
        if let session = session(of: request) { signedOut.end(session, now: Self.now) }
        return cookie("", maxAge: 0, for: request)
    }

    private func session(of request: Request) -> Session? {
        guard let cookie = request.cookies[Self.cookieName]?.value,
            let session = Session(cookie: cookie, key: sessionKey, now: Self.now), !signedOut.contains(session)
        else { return nil }
        return session
    }

    /// `Lax`, so that a link in a chat or a report opens the dashboard of whoever is signed in; nothing but signing
    /// out changes anything, and that is a POST, which `Lax` keeps to this site.
    private func cookie(_ value: String, maxAge: Int, for request: Request) -> Cookie {
        Cookie(
            name: Self.cookieName, value: value, maxAge: maxAge, path: "/", secure: request.cameOverTLS,
            httpOnly: true, sameSite: .lax)
    }

    private static var now: Int64 { Int64(Date.now.timeIntervalSince1970) }
}

/// Too many wrong tokens came from one address.
struct TooManyAttempts: Error, CustomStringConvertible {
    let wait: Duration

    /// Whole seconds to wait, rounded up.
    var seconds: Int64 { wait.components.seconds + 1 }

    var description: String { "Too many wrong tokens: try again in \(seconds) seconds." }
}

extension Request {
    /// The token of an `Authorization: Bearer` header.
    var bearerToken: String? {
        guard let header = headers[.authorization], header.prefix(7).lowercased() == "bearer " else { return nil }
        return String(header.dropFirst(7).drop { $0 == " " })
    }

    /// Whether the browser's side of the connection is TLS, told by the server or by a proxy in front. A client that
    /// lies about it changes its own cookie only.
    var cameOverTLS: Bool {
        head.scheme == "https" || headers[.forwardedProto]?.lowercased() == "https"
    }
}

extension RequestContext {
    /// The peer's IP address, or one name for all when the context does not know it.
    var clientAddress: String {
        (self as? any RemoteAddressRequestContext)?.remoteAddress?.ipAddress ?? "unknown"
    }
}
