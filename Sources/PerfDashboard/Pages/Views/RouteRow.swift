import Crypto
import Foundation

/// A route as a table or a list shows it.
struct RouteRow {
    let anchor: String
    let href: String
    let method: String
    let path: String
    let average: LatencyView
    let p95: LatencyView
    let p99: LatencyView
    let requests: String
    let totalTime: String
    let change: ChangeView

    init(_ figures: RouteFigures, of report: PerfReport, in table: String) {
        let link = RouteLink(figures, of: report, in: table)
        (anchor, href, method, path) = (link.anchor, link.href, link.method, link.path)
        average = LatencyView(
            nanoseconds: figures.now.average, detail: "exact mean of \(Format.count(figures.now.requests)) requests")
        p95 = LatencyView(figures.now.p95)
        p99 = LatencyView(figures.now.p99)
        requests = Format.count(figures.now.requests)
        totalTime = Format.duration(nanoseconds: Double(figures.now.totalTime))
        change = ChangeView(latency: figures.change)
    }
}

/// A route's part of a whole, with a bar.
struct ShareRow {
    let anchor: String
    let href: String
    let method: String
    let path: String
    let amount: String
    let percent: String
    let bar: String

    init(_ figures: RouteFigures, of report: PerfReport, in table: String, amount: String, share: Double) {
        let link = RouteLink(figures, of: report, in: table)
        (anchor, href, method, path) = (link.anchor, link.href, link.method, link.path)
        self.amount = amount
        percent = Format.percent(share)
        bar = Bars.share(share)
    }
}

/// Where a route's own page is, and a name for the link that is the same after every update, so that focus stays.
struct RouteLink {
    let anchor: String
    let href: String
    let method: String
    let path: String

    init(_ figures: RouteFigures, of report: PerfReport, in table: String) {
        method = figures.method
        path = figures.route
        href = DashboardPath.link(
            DashboardPath.route,
            [
                ("method", figures.method), ("path", figures.route), ("window", report.window.rawValue),
                ("instance", report.instance),
            ])
        let digest = SHA256.hash(data: Data("\(figures.method) \(figures.route)".utf8)).prefix(5)
        anchor = "\(table)-\(digest.map { String(format: "%02x", $0) }.joined())"
    }
}
