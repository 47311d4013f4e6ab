public import Hummingbird

/// What a request may do on the dashboard.
public enum Access: Sendable, Hashable {
    /// Nobody is signed in: JSON answers 401, pages lead to the sign-in page.
    case anonymous
    /// Somebody is signed in who is not an admin: everything answers 403.
    case signedIn
    /// An admin: everything is open.
    case admin
}

/// The host's rule for who may see the dashboard.
///
/// A host with users of its own supplies ``ContextAccess``; a host without any takes ``AdminTokenAccess``.
public protocol AccessPolicy: Sendable {
    /// Says what the request may do.
    ///
    /// - Throws: Whatever the host's look-up throws; the dashboard then answers 403, never the page.
    func access(of request: Request, context: some RequestContext) async throws -> Access

    /// Where an anonymous reader is sent to sign in, as a path on this host.
    ///
    /// `nil` shows a page that says that signing in is needed.
    var signInPath: String? { get }
}

/// A policy that asks the host's own request context, for services that already know their users.
///
/// ```swift
/// PerfDashboard(store: store, recorder: recorder, access: ContextAccess(signInPath: "/login") {
///     (request, context: AppContext) in
///     guard let user = context.user else { return .anonymous }
///     return user.isAdmin ? .admin : .signedIn
/// })
/// ```
/// On a router with another context type every request counts as anonymous, so that a mistake closes the dashboard.
public struct ContextAccess<Context: RequestContext>: AccessPolicy {
    /// The host's own sign-in page.
    public let signInPath: String?
    private let decide: @Sendable (Request, Context) async throws -> Access

    /// Wraps the host's rule.
    ///
    /// - Parameters:
    ///   - signInPath: The host's own sign-in page.
    ///   - decide: Called for every request to the dashboard.
    public init(
        signInPath: String? = nil,
        decide: @escaping @Sendable (Request, Context) async throws -> Access
    ) {
        self.signInPath = signInPath
        self.decide = decide
    }

    /// Asks the host's rule; `.anonymous` on a router with another context type.
    public func access(of request: Request, context: some RequestContext) async throws -> Access {
        guard let context = context as? Context else { return .anonymous }
        return try await decide(request, context)
    }
}
