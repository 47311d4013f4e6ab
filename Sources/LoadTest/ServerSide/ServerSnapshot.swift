import Foundation

/// What a Pitwall service says of itself at one moment: the part of its `/admin/perf.json` that is used here.
struct ServerSnapshot: Decodable, Sendable {
    struct Route: Decodable, Sendable {
        var route: String
        var method: String
        var requests: UInt64
        var totalMs: Double
        var p95Ms: Double?
        var p99Ms: Double?
    }

    struct Slot: Decodable, Sendable {
        var start: Date
        var requests: UInt64
    }

    /// The start of the window.
    var from: Date
    var slowest: [Route]
    var byTotalTime: [Route]
    var timeline: [Slot]

    init(from json: Data) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .iso8601
        self = try decoder.decode(ServerSnapshot.self, from: json)
    }

    /// The routes that it lists, each once.
    var routes: [Route] {
        slowest + byTotalTime.filter { route in !slowest.contains { $0.isSame(as: route) } }
    }

    /// Requests of the service that were in this window and are no longer in a later one.
    func expired(in later: ServerSnapshot) -> UInt64 {
        timeline.reduce(0) { $1.start < later.from ? $0 &+ $1.requests : $0 }
    }
}

extension ServerSnapshot.Route {
    func isSame(as other: Self) -> Bool { route == other.route && method == other.method }

    /// How many segments of a path are literally the route's; `nil` when the path is not the route's.
    ///
    /// - Parameter path: Without query; ``ClientTimes/value`` stands for what a scenario fills in.
    func literalSegments(of path: String) -> Int? {
        let own = route.split(separator: "/")
        let asked = path.split(separator: "/")
        var literal = 0
        for (index, segment) in own.enumerated() {
            if segment == "**" { return literal }
            guard index < asked.count else { return nil }
            if segment == asked[index] {
                literal += 1
            } else if !(segment.hasPrefix("{") && segment.hasSuffix("}")), segment != "*", !segment.hasPrefix(":") {
                return nil
            }
        }
        return own.count == asked.count ? literal : nil
    }
}
