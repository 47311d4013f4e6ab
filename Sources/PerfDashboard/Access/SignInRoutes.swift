import Foundation
import HTTPTypes
import Hummingbird

/// The sign-in page that comes with ``AdminTokenAccess``, the one-time link, and signing out.
struct SignInRoutes: Sendable {
    let access: AdminTokenAccess

    private static let largestForm = 8 * 1024

    func addRoutes(to router: some RouterMethods) {
        router.get("\(DashboardPath.signIn)", use: show)
        router.post("\(DashboardPath.signIn)", use: signIn)
        router.post("\(DashboardPath.signOut)", use: signOut)
    }

    private func show(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let next = Self.localPath(request.uri.queryParameters.get("next"))
        guard access.token != nil else { return Self.closed }
        guard let code = request.uri.queryParameters.get("code") else {
            return .html(MessagePage.signIn(next: next, problem: nil))
        }
        guard access.redeem(code: code) else {
            let problem = "This sign-in link was used already or is too old. Sign in with the token instead."
            return .html(MessagePage.signIn(next: next, problem: problem), status: .unauthorized)
        }
        return enter(next, request)
    }

    private func signIn(_ request: Request, _ context: some RequestContext) async throws -> Response {
        guard access.token != nil else { return Self.closed }
        let form = try await Self.form(of: request)
        let next = Self.localPath(form["next"])
        do {
            if try access.accepts(form["token"] ?? "", from: context.clientAddress) { return enter(next, request) }
        } catch let error {
            return .html(MessagePage.signIn(next: next, problem: "\(error)"), status: .tooManyRequests)
                .adding(.retryAfter, "\(error.seconds)")
        }
        return .html(MessagePage.signIn(next: next, problem: "That is not the admin token."), status: .unauthorized)
    }

    private func signOut(_ request: Request, _ context: some RequestContext) async throws -> Response {
        Response(
            status: .seeOther,
            headers: [.location: DashboardPath.signIn, .setCookie: access.endSession(of: request).description])
    }

    private func enter(_ next: String, _ request: Request) -> Response {
        Response(
            status: .seeOther,
            headers: [.location: next, .setCookie: access.newSessionCookie(for: request).description])
    }

    /// Where to go after signing in: a path of the dashboard, never another host's page.
    static func localPath(_ path: String?) -> String {
        guard let path,
            path == DashboardPath.page || path.hasPrefix(DashboardPath.page + "?")
                || path.hasPrefix(DashboardPath.page + "/"), !path.hasPrefix(DashboardPath.signIn),
            path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return DashboardPath.page }
        return path
    }

    private static func form(of request: Request) async throws -> [String: String] {
        let body = try await request.body.collect(upTo: largestForm)
        do {
            return try URLEncodedFormDecoder().decode([String: String].self, from: String(buffer: body))
        } catch {
            throw HTTPError(.badRequest, message: "The form cannot be read.")
        }
    }

    private static let closed = Response.html(
        MessagePage.html(heading: "The dashboard is closed", text: closedText), status: .forbidden)

    static let closedText =
        "No admin token is set. Set ADMIN_TOKEN to the output of `openssl rand -hex 16` and start the service again."
}
