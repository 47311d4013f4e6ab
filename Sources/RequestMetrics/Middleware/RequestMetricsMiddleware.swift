import HTTPTypes
public import Hummingbird

/// Records every request of a Hummingbird service, to the last byte of its response.
///
/// Add it first, so that it sees what all other middleware does:
///
/// ```swift
/// router.add(middleware: RequestMetricsMiddleware(recorder))
/// ```
///
/// - The route is the router's template; requests that match none share ``SeriesKey/unmatchedRoute``.
/// - An error that is thrown counts with the status its response will have.
/// - A client that leaves counts with the status it was sent, or with 499 when it left before there was one.
public struct RequestMetricsMiddleware<Context: RequestContext>: RouterMiddleware {
    private let recorder: RequestRecorder
    private let dashboard: DashboardRoutes

    /// Makes the middleware.
    ///
    /// - Parameters:
    ///   - recorder: what counts the requests.
    ///   - dashboardRoutes: routes that belong to the dashboard, with all below them; they are measured apart.
    public init(
        _ recorder: RequestRecorder, dashboardRoutes: [String] = ["/admin/perf", "/admin/perf.json", "/metrics"]
    ) {
        self.recorder = recorder
        dashboard = DashboardRoutes(dashboardRoutes)
    }

    /// Passes the request on, and records it when its response has ended.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let measurement = RequestMeasurement(recorder, method: request.method.rawValue)
        do {
            var response = try await next(request, context)
            measurement.route(context.endpointPath, dashboard)
            // The router drops the body that it generates a HEAD response from.
            if request.method == .head || response.body.isSentWithHead {
                measurement.end(status: response.status.code)
            } else {
                response.body = response.body.measured(by: measurement, status: response.status.code)
            }
            return response
        } catch {
            measurement.route(context.endpointPath, dashboard)
            measurement.end(status: Self.status(of: error))
            throw error
        }
    }

    /// The status with which an error that is thrown ends the request, as Hummingbird answers it.
    private static func status(of error: any Error) -> Int {
        if let error = error as? any HTTPResponseError { return error.status.code }
        // Hummingbird cancels a request when nobody is left to answer.
        return Task.isCancelled ? RequestMeasurement.clientLeft : HTTPResponse.Status.internalServerError.code
    }
}

/// Which routes are the dashboard's own.
struct DashboardRoutes: Sendable {
    private let routes: [(whole: String, below: String)]

    init(_ routes: [String]) {
        self.routes = routes.map { ($0, $0 + "/") }
    }

    func surface(of route: String) -> Surface {
        routes.contains { route == $0.whole || route.hasPrefix($0.below) } ? .dashboard : .service
    }
}
