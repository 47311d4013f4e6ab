import Hummingbird
import RequestMetrics

/// What a page's address asks for. Few values each, so that few versions of a page are ever rendered.
struct PageOptions: Hashable {
    var window: PerfWindow = .day
    var ranking: PerfReport.Ranking = .average
    /// Whether the table of volume shows every route.
    var allRows = false
    /// The one route the page is about; nil for all.
    var route: MetricsQuery.Route?
    /// The one instance of a fleet that the page is about; nil for all.
    var instance: String?

    init(window: PerfWindow = .day, route: MetricsQuery.Route? = nil) {
        self.window = window
        self.route = route
    }

    /// Reads the query of an address.
    ///
    /// - Throws: ``PerfWindowError``; anything else that is not understood is left at its default.
    init(_ request: Request) throws(PerfWindowError) {
        let query = request.uri.queryParameters
        if let name = query.get("window") { window = try PerfWindow(parsing: name) }
        ranking = query.get("sort").flatMap(PerfReport.Ranking.init) ?? .average
        allRows = query.get("rows") == "all"
        instance = query.get("instance").flatMap { $0.isEmpty || $0.utf8.count > Self.longestInstance ? nil : $0 }
    }

    /// A host's name, a process id and a random part are shorter.
    private static let longestInstance = 200

    /// The report that the page shows.
    var scope: ReportScope { ReportScope(window: window, instance: instance) }

    /// As ``init(_:)``, with the route of a route's page.
    init(routeOf request: Request) throws(PerfWindowError) {
        try self.init(request)
        let query = request.uri.queryParameters
        if let path = query.get("path") { route = MetricsQuery.Route(path, method: query.get("method") ?? "GET") }
    }

    /// The page with these options.
    var href: String { DashboardPath.link(route == nil ? DashboardPath.page : DashboardPath.route, query) }

    /// The stream of its updates.
    var eventsHref: String { DashboardPath.link(DashboardPath.events, query) }

    func with(_ change: (inout PageOptions) -> Void) -> PageOptions {
        var options = self
        change(&options)
        return options
    }

    private var query: [(String, String?)] {
        [
            ("method", route?.method), ("path", route?.route), ("window", window.rawValue),
            ("sort", ranking == .average ? nil : ranking.rawValue), ("rows", allRows ? "all" : nil),
            ("instance", instance),
        ]
    }
}
