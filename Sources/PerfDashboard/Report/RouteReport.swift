public import Foundation
public import RequestMetrics

/// One route over one window: the page a route opens.
public struct RouteReport: Sendable {
    /// Which window.
    public let window: PerfWindow
    /// From when to when, in full minutes.
    public let interval: Range<Date>
    /// When the report was made.
    public let madeAt: Date
    /// The route, now and in the window before.
    public internal(set) var figures: RouteFigures
    /// The route's requests in slots, oldest first.
    public internal(set) var timeline: [TimeSlot] = []
    /// Releases in the window, oldest first.
    public internal(set) var marks: [ReleaseMark] = []
    /// The slowest requests kept as examples, slowest first.
    public internal(set) var examples: [RequestRow] = []
    /// How far back the store reaches.
    public internal(set) var reach = MetricsReach()
    /// What is estimated from examples.
    public internal(set) var estimated: [String] = []
    /// Why the store could not be read.
    public internal(set) var storeProblem: String?
}
