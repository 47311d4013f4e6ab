import LatencyComparison
import LatencyHistogram

/// The client's times of a route beside the server's own, so that queueing between the two is visible.
///
/// Means are of the run alone: the server's sums after it less those before it.
public struct RouteTimes: Codable, Sendable, Hashable {
    /// The server's route, such as `/permits/{id}`.
    public var route: String
    /// The method.
    public var method: String
    /// Requests that the client saw answered.
    public var clientRequests: UInt64
    /// Requests that the server counted meanwhile, whoever sent them.
    public var serverRequests: UInt64
    /// Mean milliseconds from the moment a request was due to its last byte, as the client saw it.
    public var clientMean: Double
    /// Mean milliseconds from sending a request to its last byte, as the client saw it.
    public var serviceMean: Double
    /// Mean milliseconds in the server.
    public var serverMean: Double
    /// Mean milliseconds between: the network, the server's queue before its own clock starts, and its loop's lateness.
    public var between: Double
    /// From sending to the last byte, as the client saw it.
    public var service: LatencySummary
    /// The server's own 95th percentile in milliseconds; missing when its window holds other requests than the run's.
    public var serverP95: Double?
    /// The server's own 99th percentile in milliseconds; missing as above.
    public var serverP99: Double?
}

/// Both sides of a run.
struct ServerSide {
    /// Other requests than the run's may be this share of a window whose percentiles are called the run's.
    private static let foreignShare = 0.01

    let routes: [RouteTimes]
    let notes: [String]

    init(routes: [RouteTimes], notes: [String]) {
        self.routes = routes
        self.notes = notes
    }

    init(before: ServerSnapshot, after: ServerSnapshot, clients: [ClientTimes]) {
        var routes: [RouteTimes] = []
        var unknown: [String] = []
        for (route, group) in Self.grouped(clients, by: after.routes, unknown: &unknown) {
            let earlier = before.routes.first { $0.isSame(as: route) }
            let count = route.requests - min(route.requests, earlier?.requests ?? 0)
            let service = group.reduce(into: LatencyHistogram(scale: StepTally.scale)) { $0.merge($1.service) }
            let latency = group.reduce(into: LatencyHistogram(scale: StepTally.scale)) { $0.merge($1.latency) }
            guard count > 0, let serviceMean = service.mean, let clientMean = latency.mean else { continue }
            let serverMean = (route.totalMs - (earlier?.totalMs ?? 0)) / Double(count)
            let isAlone = Double(route.requests - count) <= Self.foreignShare * Double(route.requests)
            routes.append(
                RouteTimes(
                    route: route.route, method: route.method, clientRequests: service.count, serverRequests: count,
                    clientMean: milliseconds(clientMean), serviceMean: milliseconds(serviceMean),
                    serverMean: serverMean.rounded(places: 4),
                    between: (milliseconds(serviceMean) - serverMean).rounded(places: 4),
                    service: LatencySummary(service), serverP95: isAlone ? route.p95Ms : nil,
                    serverP99: isAlone ? route.p99Ms : nil))
        }
        self.routes = routes.sorted { ($0.route, $0.method) < ($1.route, $1.method) }
        var notes: [String] = []
        let expired = before.expired(in: after)
        if expired > 0 {
            notes.append(
                "the server's own times are approximate: \(expired) earlier requests left its window during the run")
        }
        if !unknown.isEmpty {
            notes.append("/admin/perf.json does not list the route of \(unknown.joined(separator: ", "))")
        }
        self.notes = notes
    }

    /// The client's paths by the route that serves them: the one with most segments in common.
    private static func grouped(
        _ clients: [ClientTimes], by routes: [ServerSnapshot.Route], unknown: inout [String]
    ) -> [(route: ServerSnapshot.Route, clients: [ClientTimes])] {
        var groups: [(route: ServerSnapshot.Route, clients: [ClientTimes])] = []
        for client in clients where !client.service.isEmpty {
            let matches = routes.compactMap { route in
                route.method == client.method ? route.literalSegments(of: client.path).map { (route, $0) } : nil
            }
            guard let route = matches.max(by: { $0.1 < $1.1 })?.0 else {
                unknown.append("\(client.method) \(client.path.replacing(ClientTimes.value, with: "…"))")
                continue
            }
            if let index = groups.firstIndex(where: { $0.route.isSame(as: route) }) {
                groups[index].clients.append(client)
            } else {
                groups.append((route, [client]))
            }
        }
        return groups
    }
}
