public import Foundation
import LatencyComparison
import LatencyHistogram
public import RequestMetrics

extension ReleaseVerdict {
    /// Compares what a store holds of the minutes around a mark.
    ///
    /// - Parameters:
    ///   - name: The mark's name; the latest of that name counts.
    ///   - store: Where the counts are. One question for all routes, then one for each route.
    ///   - options: Which minutes are compared, and how sure the verdict must be.
    ///   - now: The time.
    /// - Throws: ``UnknownMarkError``, and what the store throws.
    public static func read(
        mark name: String, from store: any MetricsStore, options: VerdictOptions = VerdictOptions(), now: Date = .now
    ) async throws -> ReleaseVerdict {
        let marks = try await store.marks(in: .distantPast..<now.addingTimeInterval(1))
        // A mark is kept with its line breaks and length mended; so must be the name that asks for it.
        let wanted = ReleaseMark(name: name, at: now).name
        guard let index = marks.lastIndex(where: { $0.name == wanted }) else {
            throw UnknownMarkError(name: wanted, known: marks.suffix(5).map(\.name))
        }
        var others = marks
        let mark = others.remove(at: index)
        let reach = try await store.statistics().reach
        let minutes = ComparedMinutes(
            of: mark, among: others, window: max(60, options.window), settling: max(0, options.settling),
            oldestMinute: reach.minutes, now: now)
        let whole = minutes.before.lowerBound..<minutes.after.upperBound
        let window = try await store.read(MetricsQuery(interval: whole, slot: Resolution.minute.seconds))
        var routes: [RouteMinutes] = []
        for route in Set(window.series.keys.filter { $0.surface == .service }.map(MetricsQuery.Route.init)) {
            let query = MetricsQuery(interval: whole, slot: Resolution.minute.seconds, route: route)
            routes.append(RouteMinutes(route, timeline: try await store.read(query).timeline, minutes))
        }
        return ReleaseVerdict(of: mark, minutes: minutes, routes: routes, options: options)
    }

    init(of mark: ReleaseMark, minutes: ComparedMinutes, routes: [RouteMinutes], options: VerdictOptions) {
        var comparison = options.comparison
        // Routes that cannot be judged, for want of minutes, take no share of the false-alarm rate.
        comparison.verdicts = max(1, routes.count { $0.fewestMinutes >= comparison.fewestBlocks })
        let order = ComparisonVerdict.gravestFirst
        // Requests of the mark's own minute, and no others, say nothing of either side.
        let judged = routes.filter(\.isKnown).map { $0.judged(comparison) }.sorted { a, b in
            let places = [a, b].map { order.firstIndex(of: $0.verdict) ?? 0 }
            return (places[0], b.after.requests, a.route, a.method) < (places[1], a.after.requests, b.route, b.method)
        }
        self.init(
            mark: mark.name, markedAt: mark.at, verdict: .overall(judged.map(\.verdict)), before: Side(minutes.before),
            after: Side(minutes.after), margin: comparison.margin, falseAlarmRate: comparison.falseAlarmRate,
            routes: judged, notes: minutes.notes)
    }
}

/// What one route did in each of the minutes on both sides.
struct RouteMinutes {
    let route: MetricsQuery.Route
    let before: [TimeSlot]
    let after: [TimeSlot]

    init(_ route: MetricsQuery.Route, timeline: [TimeSlot], _ minutes: ComparedMinutes) {
        self.route = route
        before = timeline.filter { minutes.before.contains($0.start) }
        after = timeline.filter { minutes.after.contains($0.start) }
    }

    /// There was a request on either side.
    var isKnown: Bool { (before + after).contains { !$0.histogram.isEmpty } }

    var fewestMinutes: Int { min(traffic(before).minutes, traffic(after).minutes) }

    func judged(_ options: ComparisonOptions) -> ReleaseVerdict.RouteVerdict {
        let comparison = LatencyComparison(
            base: before.map(\.histogram), new: after.map(\.histogram), pairing: .series, options: options)
        return .init(
            route: route.route, method: route.method, verdict: comparison.verdict, metrics: comparison.metrics,
            before: traffic(before), after: traffic(after))
    }

    private func traffic(_ slots: [TimeSlot]) -> ReleaseVerdict.Traffic {
        let requests = slots.reduce(UInt64(0)) { $0 &+ $1.histogram.count }
        let errors = slots.reduce(UInt64(0)) { $0 &+ $1.serverErrors }
        return .init(
            requests: requests, errorRate: requests == 0 ? 0 : Double(errors) / Double(requests),
            minutes: slots.count { !$0.histogram.isEmpty })
    }
}

extension ReleaseVerdict.Side {
    fileprivate init(_ range: Range<Date>) {
        self.init(from: range.lowerBound, to: range.upperBound, minutes: range.minutes)
    }
}

extension MetricsQuery.Route {
    fileprivate init(_ key: SeriesKey) {
        self.init(key.route, method: key.method)
    }
}
