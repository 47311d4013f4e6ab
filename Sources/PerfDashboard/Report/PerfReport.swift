public import Foundation
public import RequestMetrics

/// Everything the dashboard tells of a service over one window: the one value that HTML, JSON, text and Markdown are
/// made of.
///
/// ```swift
/// let report = try await PerfReport.read(window: .day, from: store)
/// print(report.rendered(as: .text))
/// ```
public struct PerfReport: Sendable {
    /// Which window.
    public let window: PerfWindow
    /// From when to when, in full minutes.
    public let interval: Range<Date>
    /// When the report was made.
    public let madeAt: Date

    /// All requests of the service in the window.
    public internal(set) var totals = Figures()
    /// All requests of the service in the window before.
    public internal(set) var totalsBefore = Figures()
    /// Every route with a request in the window.
    public internal(set) var routes: [RouteFigures] = []
    /// Every route with a request in the last 24 hours, whatever the window, busiest first.
    public internal(set) var volume: [RouteFigures] = []
    /// The window in slots, oldest first.
    public internal(set) var timeline: [TimeSlot] = []
    /// Releases in the window, oldest first.
    public internal(set) var marks: [ReleaseMark] = []
    /// The dashboard's own requests, which no other figure holds.
    public internal(set) var dashboard = Figures()

    /// What is estimated from examples, each by its weight, because the store has no histograms of that time.
    public internal(set) var estimated: [String] = []
    /// Whether anything is.
    public var isEstimated: Bool { !estimated.isEmpty }
    /// Stored histograms that could not be read and are missing here.
    public internal(set) var unreadable = 0
    /// How far back the store reaches.
    public internal(set) var reach = MetricsReach()
    /// What the recorder says of itself; nil in a report made from the database alone.
    public internal(set) var recorder: RecorderStatistics?
    /// The one instance of the fleet that all figures are of; nil when they are of all.
    public internal(set) var instance: String?
    /// The instances that wrote within the window, and when each wrote last.
    public internal(set) var instances: [String: Date] = [:]
    /// How the pool of database connections is; nil where there is none.
    public internal(set) var pool: PoolReport?
    /// What the store says of itself.
    public internal(set) var store: StoreStatistics?
    /// Why the store could not be read; the figures are then those that this process still holds in memory.
    public internal(set) var storeProblem: String?

    init(window: PerfWindow, interval: Range<Date>, madeAt: Date) {
        self.window = window
        self.interval = interval
        self.madeAt = madeAt
    }

    /// Requests a second while a process was alive to count them.
    public var rate: Double { Self.rate(totals.requests, over: secondsAlive) }

    /// How many seconds of the window some process was alive, to the slot.
    public var secondsAlive: TimeInterval {
        timeline.reduce(0) { sum, slot in
            guard slot.isAlive else { return sum }
            let end = min(slot.start.addingTimeInterval(slot.duration), madeAt, interval.upperBound)
            return sum + max(0, end.timeIntervalSince(max(slot.start, interval.lowerBound)))
        }
    }

    static func rate(_ requests: UInt64, over seconds: TimeInterval) -> Double {
        seconds > 0 ? Double(requests) / max(1, seconds) : 0
    }

    /// What routes can be ranked by.
    public enum Ranking: String, Sendable, Hashable, CaseIterable {
        case average
        case p95
        case p99
        case requests
        /// The sum of all durations: where the service spends its day.
        case totalTime = "total"
    }

    /// The slowest routes, slowest first. Routes with too few requests for a percentile come after those with one, and
    /// ties go by p95, then p99, then requests.
    ///
    /// - Parameters:
    ///   - limit: How many at most.
    ///   - ranking: What to rank by.
    public func slowest(_ limit: Int = 10, by ranking: Ranking = .average) -> [RouteFigures] {
        func keys(_ route: RouteFigures) -> [Double] {
            let p95 = route.now.p95.nanoseconds ?? -1
            let p99 = route.now.p99.nanoseconds ?? -1
            let count = Double(route.now.requests)
            return switch ranking {
            case .average: [route.now.average ?? -1, p95, p99, count]
            case .p95: [p95, route.now.average ?? -1, p99, count]
            case .p99: [p99, p95, route.now.average ?? -1, count]
            case .requests: [count, Double(route.now.totalTime)]
            case .totalTime: [Double(route.now.totalTime), p95]
            }
        }
        let ranked = routes.map { (keys: keys($0), route: $0) }.sorted { a, b in
            for (left, right) in zip(a.keys, b.keys) where left != right { return left > right }
            return (a.route.route, a.route.method) < (b.route.route, b.route.method)
        }
        return ranked.prefix(limit).map(\.route)
    }
}
