public import Foundation

/// Which stretch of time to read, at which grain, and of which route and instance.
public struct MetricsQuery: Sendable, Hashable {
    /// One route of a service.
    public struct Route: Sendable, Hashable {
        /// As in ``SeriesKey/route``.
        public var route: String
        /// As in ``SeriesKey/method``.
        public var method: String

        /// Names a route.
        public init(_ route: String, method: String) {
            self.route = route
            self.method = method
        }
    }

    /// From when to when. A store widens it to full minutes, or full hours where it holds nothing finer.
    public var interval: Range<Date>

    /// How long a slot of the timeline is, in seconds; at least a minute.
    public var slot: TimeInterval

    /// The one route to read; nil reads all.
    public var route: Route?

    /// The one instance to read; nil reads all. Instances are told apart as long as minutes are kept.
    public var instance: String?

    /// Makes a query.
    public init(interval: Range<Date>, slot: TimeInterval, route: Route? = nil, instance: String? = nil) {
        self.interval = interval
        self.slot = max(slot, Resolution.minute.seconds)
        self.route = route
        self.instance = instance
    }

    /// Reads the last `length` seconds, the minute of `now` included.
    ///
    /// Both ends are full minutes, so that the window before (``previous``) shares no minute with it.
    public init(
        last length: TimeInterval, until now: Date, slot: TimeInterval, route: Route? = nil, instance: String? = nil
    ) {
        let minute = Resolution.minute
        let end = minute.start(of: now).addingTimeInterval(minute.seconds)
        let start = end.addingTimeInterval(-max(length, minute.seconds))
        self.init(interval: minute.start(of: start)..<end, slot: slot, route: route, instance: instance)
    }

    /// The same question of the stretch just before, of the same length.
    public var previous: MetricsQuery {
        var query = self
        let length = interval.upperBound.timeIntervalSince(interval.lowerBound)
        query.interval = interval.lowerBound.addingTimeInterval(-length)..<interval.lowerBound
        return query
    }
}
