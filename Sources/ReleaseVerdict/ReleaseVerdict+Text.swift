import Foundation
import LatencyComparison

extension ReleaseVerdict {
    /// The verdict for people: all routes in a sentence, then each route with its percentiles.
    public var text: String {
        var lines = [
            "\(headline) after '\(mark)' (\(markedAt.formatted(.iso8601))): \(before.minutes) "
                + "\(before.minutes == 1 ? "minute" : "minutes") before against \(after.minutes) after"
        ]
        for note in notes { lines.append("  i \(note)") }
        for route in routes {
            lines.append("  " + sentence(route))
            for line in route.metrics.lines { lines.append("      " + line) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var headline: String {
        guard !routes.isEmpty else { return "Undecided, nothing was requested" }
        let count = routes.count { $0.verdict == verdict }
        let share = "\(count) of \(routes.count) \(routes.count == 1 ? "route" : "routes")"
        return switch verdict {
        case .slower: "Slower in \(share)"
        case .faster: "Faster in \(share)"
        case .equivalent: "Equivalent within \(margin.percent)"
        case .undecided: "Undecided in \(share)"
        }
    }

    private func sentence(_ route: RouteVerdict) -> String {
        let name = "\(route.method) \(route.route)"
        let errors =
            route.before.errorRate == route.after.errorRate
            ? "" : "; server errors \(route.before.errorRate.percent) before, \(route.after.errorRate.percent) after"
        let requests = " (\(route.before.requests) requests before, \(route.after.requests) after\(errors))"
        guard let metric = route.metrics.decisive(for: route.verdict), [.slower, .faster].contains(route.verdict) else {
            return "\(name) is \(route.verdict.rawValue)\(requests)"
        }
        return "\(name) is \(metric.size), \(metric.interval)\(requests)"
    }
}
