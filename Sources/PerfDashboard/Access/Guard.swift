import HTTPTypes
import Hummingbird
import Logging

/// Lets admins pass and answers everybody else.
struct Guard<Context: RequestContext>: RouterMiddleware {
    /// Who reads the answer.
    enum Audience {
        /// A person: is led to the sign-in page.
        case reader
        /// A program: is told in JSON.
        case program
    }

    let access: any AccessPolicy
    let audience: Audience
    /// A bearer token that opens what this guard stands before, beside the policy.
    var ownToken: AdminToken?
    /// Limits guesses at `ownToken`, whatever the policy does with them afterwards.
    let limiter = AttemptLimiter()

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if let ownToken, let bearer = request.bearerToken {
            if let wait = limiter.begin(from: context.clientAddress) {
                return Self.tooMany(TooManyAttempts(wait: wait), audience)
            }
            if ownToken.matches(bearer) {
                limiter.succeed(from: context.clientAddress)
                return try await answer(request, context, next)
            }
        }
        let granted: Access
        do {
            granted = try await access.access(of: request, context: context)
        } catch let error as TooManyAttempts {
            return Self.tooMany(error, audience)
        } catch {
            context.logger.error("The dashboard's access policy failed", metadata: ["error": "\(error)"])
            return Self.refusal(.forbidden, audience, "Closed", "It could not be told whether you may see this page.")
        }
        if ownToken != nil, granted == .admin, request.bearerToken != nil {
            limiter.succeed(from: context.clientAddress)
        }
        switch granted {
        case .admin: return try await answer(request, context, next)
        case .signedIn:
            return Self.refusal(.forbidden, audience, "Admins only", "You are signed in, but not as an admin.")
        case .anonymous: return anonymous(request)
        }
    }

    /// The answer to one who may look, or what was wrong with the question.
    private func answer(
        _ request: Request, _ context: Context, _ next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as PerfWindowError {
            return Self.refusal(.badRequest, audience, "No such window", "\(error)")
        }
    }

    private func anonymous(_ request: Request) -> Response {
        let wantsPage = audience == .reader && request.headers[.authorization] == nil
        if wantsPage, let path = access.signInPath {
            let next = request.uri.string.isEmpty ? DashboardPath.page : request.uri.string
            let location = path == DashboardPath.signIn ? DashboardPath.link(path, [("next", next)]) : path
            let page = MessagePage.html(
                heading: "Sign in", text: "This page is for admins.", link: (location, "Go to the sign-in page"))
            return .html(page, status: .seeOther).adding(.location, location)
        }
        let isClosed = (access as? AdminTokenAccess)?.isClosed ?? false
        return Self.refusal(
            .unauthorized, wantsPage ? .reader : .program, "Sign in",
            isClosed
                ? SignInRoutes.closedText : "Admins only: sign in, or send the admin token as a bearer token."
        ).adding(.wwwAuthenticate, "Bearer realm=\"pitwall\"")
    }

    private static func tooMany(_ error: TooManyAttempts, _ audience: Audience) -> Response {
        refusal(.tooManyRequests, audience, "Too many attempts", "\(error)")
            .adding(.retryAfter, "\(error.seconds)")
    }

    private static func refusal(
        _ status: HTTPResponse.Status, _ audience: Audience, _ heading: String, _ text: String
    ) -> Response {
        switch audience {
        case .reader: .html(MessagePage.html(heading: heading, text: text), status: status)
        case .program: .json(["error": text], status: status)
        }
    }
}
