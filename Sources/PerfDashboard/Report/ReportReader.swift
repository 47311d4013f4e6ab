public import Foundation
import LatencyHistogram
public import RequestMetrics

/// Asks the store, adds what the recorder has not drained yet, and makes reports of both.
struct ReportReader: Sendable {
    let store: any MetricsStore
    let recorder: RequestRecorder?
    /// Tells how the pool of database connections is, where there is one.
    var pool: (@Sendable () -> PoolReport)?

    /// The report of all routes.
    ///
    /// - Throws: What the store throws.
    func report(_ window: PerfWindow, instance: String? = nil, at now: Date) async throws -> PerfReport {
        let query = MetricsQuery(last: window.length, until: now, slot: window.slot, instance: instance)
        async let current = read(query)
        async let previous = read(query.previous)
        async let day =
            window == .day
            ? nil
            : read(
                MetricsQuery(last: PerfWindow.day.length, until: now, slot: 3600, instance: instance))
        async let statistics = store.statistics()

        var report = PerfReport(window: window, interval: query.interval, madeAt: now)
        report.instance = instance
        try await report.take(current, before: previous, day: day)
        report.recorder = recorder?.statistics
        report.pool = pool?()
        report.store = try await statistics
        return report
    }

    /// The report of one route.
    ///
    /// - Throws: What the store throws.
    func route(
        _ route: MetricsQuery.Route, _ window: PerfWindow, instance: String? = nil, at now: Date
    ) async throws -> RouteReport {
        let query = MetricsQuery(
            last: window.length, until: now, slot: window.slot, route: route, instance: instance)
        async let current = read(query)
        async let previous = read(query.previous)
        async let examples = store.examples(in: query.interval, route: route, limit: 20)

        var report = RouteReport(
            window: window, interval: query.interval, madeAt: now,
            figures: RouteFigures(route: route.route, method: route.method, now: Figures(), before: Figures()))
        try await report.take(current, before: previous)
        report.examples = try await examples
        return report
    }

    /// What can be told without the store: the counts that still wait for it.
    func reportWithoutStore(_ window: PerfWindow, at now: Date, problem: String) -> PerfReport {
        let query = MetricsQuery(last: window.length, until: now, slot: window.slot)
        var report = PerfReport(window: window, interval: query.interval, madeAt: now)
        report.take(unstored(query), before: MetricsWindow(interval: query.previous.interval), day: nil)
        report.recorder = recorder?.statistics
        report.pool = pool?()
        report.storeProblem = problem
        return report
    }

    /// As ``reportWithoutStore(_:at:problem:)``, of one route.
    func routeWithoutStore(
        _ route: MetricsQuery.Route, _ window: PerfWindow, at now: Date, problem: String
    ) -> RouteReport {
        let query = MetricsQuery(last: window.length, until: now, slot: window.slot, route: route)
        var report = RouteReport(
            window: window, interval: query.interval, madeAt: now,
            figures: RouteFigures(route: route.route, method: route.method, now: Figures(), before: Figures()))
        report.take(unstored(query), before: MetricsWindow(interval: query.previous.interval))
        report.storeProblem = problem
        return report
    }

    private func read(_ query: MetricsQuery) async throws -> MetricsWindow {
        guard let recorder else { return try await store.read(query) }
        return try await store.read(query, adding: recorder)
    }

    private func unstored(_ query: MetricsQuery) -> MetricsWindow {
        var window = MetricsWindow(interval: query.interval)
        let slots = Int(
            (query.interval.upperBound.timeIntervalSince(query.interval.lowerBound) / query.slot).rounded(.up))
        window.timeline = (0..<slots).map { slot in
            TimeSlot(
                start: query.interval.lowerBound.addingTimeInterval(Double(slot) * query.slot), duration: query.slot)
        }
        return window.adding(recorder?.pending() ?? [], for: query)
    }
}

extension PerfReport {
    /// Reads a report from a store alone, as for mail and cron.
    ///
    /// - Parameters:
    ///   - window: Which window.
    ///   - instance: The one instance of a fleet to tell of; nil tells of all.
    ///   - store: Where the counts are.
    ///   - now: The end of the window.
    /// - Throws: What the store throws, a ``MetricsStoreError``.
    public static func read(
        window: PerfWindow, instance: String? = nil, from store: some MetricsStore, at now: Date = Date()
    ) async throws -> PerfReport {
        try await ReportReader(store: store, recorder: nil).report(window, instance: instance, at: now)
    }

    mutating func take(_ current: MetricsWindow, before: MetricsWindow, day: MetricsWindow?) {
        for (key, histogram) in current.series {
            switch key.surface {
            case .service: totals.add(histogram, status: key.status, estimate: current.estimates[key])
            // A stream of events lasts as long as a page is open, which says nothing about the dashboard.
            case .dashboard where key.route == DashboardPath.events: break
            case .dashboard: dashboard.add(histogram, status: key.status)
            }
        }
        for (key, histogram) in before.series where key.surface == .service {
            totalsBefore.add(histogram, status: key.status, estimate: before.estimates[key])
        }
        routes = RouteFigures.all(now: current, before: before)
        volume = (day.map { RouteFigures.all(now: $0, before: nil) } ?? routes).sorted { a, b in
            (a.now.requests, b.route, b.method) > (b.now.requests, a.route, a.method)
        }
        timeline = current.timeline
        marks = current.marks
        estimated = [
            current.isEstimated ? "this window" : nil, before.isEstimated ? "the window before" : nil,
            day?.isEstimated == true ? "the volume of 24 hours" : nil,
        ].compactMap(\.self)
        unreadable = current.unreadable
        reach = current.reach
        instances = current.lastSeen.filter { $0.value >= interval.lowerBound }
    }
}

extension RouteReport {
    mutating func take(_ current: MetricsWindow, before: MetricsWindow) {
        for (key, histogram) in current.series where key.surface == .service {
            figures.now.add(histogram, status: key.status, estimate: current.estimates[key])
        }
        for (key, histogram) in before.series where key.surface == .service {
            figures.before.add(histogram, status: key.status, estimate: before.estimates[key])
        }
        timeline = current.timeline
        marks = current.marks
        reach = current.reach
        estimated = [
            current.isEstimated ? "this window" : nil, before.isEstimated ? "the window before" : nil,
        ].compactMap(\.self)
    }
}

extension RouteFigures {
    /// Every route of the service in a window, its statuses added up.
    static func all(now: MetricsWindow, before: MetricsWindow?) -> [RouteFigures] {
        var byRoute: [MetricsQuery.Route: RouteFigures] = [:]
        for (key, histogram) in now.series where key.surface == .service && !histogram.isEmpty {
            let route = MetricsQuery.Route(key.route, method: key.method)
            byRoute[
                route, default: RouteFigures(route: key.route, method: key.method, now: Figures(), before: Figures())
            ]
            .now.add(histogram, status: key.status, estimate: now.estimates[key])
        }
        for (key, histogram) in before?.series ?? [:] where key.surface == .service {
            byRoute[MetricsQuery.Route(key.route, method: key.method)]?.before
                .add(histogram, status: key.status, estimate: before?.estimates[key])
        }
        return Array(byRoute.values)
    }
}
