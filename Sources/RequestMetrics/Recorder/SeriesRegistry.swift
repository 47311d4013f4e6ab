import Logging
import Synchronization

/// Hands out series by name, and keeps their number bounded.
final class SeriesRegistry: Sendable {
    private struct Content {
        var routes: Set<String> = []
        var series: [Series] = []
    }

    private let table: SeriesTable
    private let content = Mutex(Content())
    private let settings: RecorderSettings
    private let logger: Logger
    private let isFull = Atomic(false)

    /// No router's template is longer; what is, is no template.
    private static let longestRoute = 512

    /// Every method and status on both surfaces: what the overflow route may come to.
    private static let overflowSeries = 11 * 501 * 2

    init(settings: RecorderSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
        table = SeriesTable(limit: settings.maximumSeries + settings.maximumRoutes + Self.overflowSeries)
    }

    /// The series of a route and code, made if it is new; borrowed, it lives as long as the registry.
    @inline(__always)
    func series(_ route: String, _ code: SeriesCode) -> Unmanaged<Series> {
        table.find(route, code) ?? newSeries(route, code)
    }

    /// All series made so far.
    var all: [Series] { content.withLock { $0.series } }

    var counts: (routes: Int, series: Int) { content.withLock { ($0.routes.count, $0.series.count) } }

    @inline(never)
    private func newSeries(_ name: String, _ code: SeriesCode) -> Unmanaged<Series> {
        let route = name.isEmpty ? SeriesKey.unmatchedRoute : name
        if overflows(route), let series = table.find(SeriesKey.overflowRoute, code) { return series }
        return content.withLock { content in
            let route = admit(route, &content)
            if let series = table.find(route, code) { return series }
            let series = Series(
                route: route, code: code, hash: table.hash(of: route, code), scale: settings.scale)
            table.insert(series)
            content.series.append(series)
            return Unmanaged.passUnretained(series)
        }
    }

    /// Whether a route is certain to overflow: found without the lock, since it is asked for every such request.
    private func overflows(_ route: String) -> Bool {
        route.utf8.count > Self.longestRoute
            || (isFull.load(ordering: .relaxed) && table.find(route, .route) == nil)
    }

    /// The name under which requests of `route` are counted: its own if there is room.
    private func admit(_ route: String, _ content: inout Content) -> String {
        if route == SeriesKey.unmatchedRoute || route == SeriesKey.overflowRoute { return route }
        guard content.series.count < settings.maximumSeries, route.utf8.count <= Self.longestRoute else {
            return overflow(route)
        }
        if content.routes.contains(route) { return route }
        guard content.routes.count < max(settings.maximumRoutes, 1) else { return overflow(route) }
        content.routes.insert(route)
        table.insert(Series(route: route, code: .route, hash: table.hash(of: route, .route), scale: 0))
        if content.routes.count == max(settings.maximumRoutes, 1) { isFull.store(true, ordering: .relaxed) }
        return route
    }

    private func overflow(_ route: String) -> String {
        if !warned.exchange(true, ordering: .relaxed) {
            logger.warning(
                "Too many routes: from now on new ones are counted together. Record route templates, not paths.",
                metadata: [
                    "routes": "\(settings.maximumRoutes)", "series": "\(settings.maximumSeries)",
                    "first": "\(route.prefix(100))",
                ])
        }
        return SeriesKey.overflowRoute
    }

    private let warned = Atomic(false)
}
