public import LatencyHistogram
import RequestMetrics

/// What is known of the requests of a stretch of time: of all, or of one route.
public struct Figures: Sendable, Hashable {
    /// Their durations.
    public private(set) var histogram = LatencyHistogram()
    /// How many had a status of 500 through 599.
    public private(set) var serverErrors: UInt64 = 0
    /// How many had a status of 400 through 499.
    public private(set) var clientErrors: UInt64 = 0
    /// How many had each status; 0 stands for a status that is not known.
    public private(set) var statuses: [Int: UInt64] = [:]

    /// How many requests were really seen: fewer than ``requests`` where rows stand for several each.
    public private(set) var seen: UInt64 = 0

    /// Makes figures of no requests.
    public init() {}

    /// - Parameter estimate: the part of the histogram that rows stand for.
    mutating func add(_ histogram: LatencyHistogram, status: Int, estimate: RowTally? = nil) {
        self.histogram.merge(histogram)
        seen += histogram.count - min(histogram.count, estimate?.requests ?? 0) + (estimate?.rows ?? 0)
        statuses[status, default: 0] += histogram.count
        switch status {
        case 500...599: serverErrors += histogram.count
        case 400...499: clientErrors += histogram.count
        default: break
        }
    }

    /// How many requests there were.
    public var requests: UInt64 { histogram.count }

    /// Whether any of them was estimated from rows.
    public var isEstimated: Bool { seen != requests }

    /// The mean duration in nanoseconds; nil without requests. Exact.
    public var average: Double? { histogram.mean }

    /// The sum of all durations in nanoseconds.
    public var totalTime: UInt64 { histogram.sum }

    /// The share of requests with a status of 500 through 599, 0 through 1; 0 without requests.
    public var errorRate: Double { share(serverErrors) }

    /// The share of requests with a status of 400 through 499, 0 through 1.
    public var clientErrorRate: Double { share(clientErrors) }

    /// A percentile of the durations.
    public func percentile(_ quantile: Double) -> Percentile {
        Percentile(quantile, of: histogram, seen: seen)
    }

    /// The median.
    public var p50: Percentile { percentile(0.5) }
    /// The duration that 95 of 100 requests stay below.
    public var p95: Percentile { percentile(0.95) }
    /// The duration that 99 of 100 requests stay below.
    public var p99: Percentile { percentile(0.99) }

    private func share(_ part: UInt64) -> Double {
        requests > 0 ? Double(part) / Double(requests) : 0
    }
}

/// The figures of one route, now and in the window before.
public struct RouteFigures: Sendable, Hashable {
    /// The router's template.
    public let route: String
    /// The method.
    public let method: String
    /// In the window.
    public var now: Figures
    /// In the window before.
    public var before: Figures

    /// How p95 changed, the figure a regression shows in first.
    public var change: Change { Change(from: before.p95, to: now.p95) }
}
