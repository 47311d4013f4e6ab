import HTTPTypes
import Hummingbird
import Logging

/// Shows what went wrong as a page; details of a failure go to the log, not to the visitor.
struct ErrorPages<Context: RequestContext>: RouterMiddleware {
    let site: Site

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError {
            return try page(for: error.status, message: error.body)
        } catch let error as any HTTPResponseError {
            return try error.response(from: request, context: context)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            context.logger.error("A request failed.", metadata: ["error": "\(error)"])
            return try page(for: .internalServerError, message: nil)
        }
    }

    private func page(for status: HTTPResponse.Status, message: String?) throws -> Response {
        let (heading, fallback) =
            switch status {
            case .notFound: ("Not found", "There is no page at this address.")
            case .forbidden: ("Not yours to see", "You are signed in, but this takes an admin.")
            case .internalServerError: ("Our mistake", "Something went wrong here; it was written to the log.")
            default: ("\(status.code) \(status.reasonPhrase)", "The request could not be answered.")
            }
        return try site.page(
            "error", ["title": heading, "heading": heading, "message": message ?? fallback], status: status)
    }
}
