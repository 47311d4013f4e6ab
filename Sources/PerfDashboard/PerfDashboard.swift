import Foundation
import HTTPTypes
public import Hummingbird
public import Logging
public import RequestMetrics

/// `/admin/perf` on a Hummingbird router: pages, JSON, Prometheus and live updates over one store.
///
/// ```swift
/// let access = AdminTokenAccess(token: try AdminToken(adminToken))
/// PerfDashboard(store: store, recorder: recorder, access: access).addRoutes(to: router)
/// ```
/// Nothing has to run beside the server: queries are made when somebody looks, once for all who look at the same.
public struct PerfDashboard: Sendable {
    let reader: ReportReader
    let access: any AccessPolicy
    let metricsToken: AdminToken?
    let logger: Logger
    let pages: Pages

    /// Makes a dashboard.
    ///
    /// - Parameters:
    ///   - store: Where the counts are.
    ///   - recorder: Whose undrained counts are added, so that figures are up to the moment.
    ///   - access: Who may look.
    ///   - metricsToken: A bearer token that opens `/metrics` alone, beside `access`, for a scraper that should see no
    ///     more.
    ///   - pool: Tells how the service's pool of database connections is, for a section of its own. Called for every page
    ///     and scrape, so it should wait for nothing.
    ///   - updateInterval: How often open pages are updated; at least 50 ms, 5 s when not said.
    ///   - patience: How long a page waits for the store before it comes without figures; 2 s when not said.
    ///   - logger: Where a store that cannot be read is told of.
    public init(
        store: any MetricsStore,
        recorder: RequestRecorder,
        access: any AccessPolicy,
        metricsToken: AdminToken? = nil,
        pool: (@Sendable () -> PoolReport)? = nil,
        updateInterval: Duration = .seconds(5),
        patience: Duration = .seconds(2),
        logger: Logger = Logger(label: "pitwall.dashboard")
    ) {
        reader = ReportReader(store: store, recorder: recorder, pool: pool)
        self.access = access
        self.metricsToken = metricsToken
        self.logger = logger
        pages = Pages(
            reader: reader, logger: logger, updateInterval: updateInterval, patience: patience,
            canSignOut: access is AdminTokenAccess)
    }

    /// Adds `/admin/perf`, all below it, `/admin/perf.json` and `/metrics`.
    public func addRoutes<Context: RequestContext>(to router: some RouterMethods<Context>) {
        let open = router.group().add(middleware: SecurityHeaders<Context>())
        open.get("\(DashboardPath.assets)/{name}", use: Self.asset)
        if let access = access as? AdminTokenAccess {
            SignInRoutes(access: access).addRoutes(to: open)
        }

        let html = open.group().add(middleware: Guard<Context>(access: access, audience: .reader))
        html.get("\(DashboardPath.page)") { request, _ in try await pages.page(PageOptions(request)) }
        html.get("\(DashboardPath.route)") { request, _ in
            let options = try PageOptions(routeOf: request)
            guard options.route != nil else { return Response.redirect(to: options.href, type: .temporary) }
            return await pages.page(options)
        }

        let data = open.group().add(middleware: Guard<Context>(access: access, audience: .program))
        data.get("\(DashboardPath.json)") { request, _ in try await pages.json(PageOptions(request).scope) }
        data.get("\(DashboardPath.events)") { request, _ in try pages.events(PageOptions(routeOf: request)) }

        open.group().add(middleware: Guard<Context>(access: access, audience: .program, ownToken: metricsToken))
            .get("\(DashboardPath.metrics)") { _, _ in await pages.metrics() }
    }

    private static func asset(_ request: Request, _ context: some RequestContext) throws -> Response {
        guard let name = context.parameters.get("name"), let asset = Asset.byName[name] else {
            throw HTTPError(.notFound)
        }
        return Response(
            status: .ok,
            headers: [.contentType: asset.contentType, .cacheControl: "public, max-age=31536000, immutable"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: asset.body)))
    }
}
