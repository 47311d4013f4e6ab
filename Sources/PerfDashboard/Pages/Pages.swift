import Foundation
import HTTPTypes
import Hummingbird
import Logging
import RequestMetrics

/// Answers every address of the dashboard from shared queries.
struct Pages: Sendable {
    let reader: ReportReader
    let watch: StoreWatch
    let patience: Duration
    let canSignOut: Bool
    let live: LivePages
    private let reports: SharedQuery<ReportScope, PerfReport>
    private let routes: SharedQuery<PageOptions, RouteReport>

    init(
        reader: ReportReader, logger: Logger, updateInterval: Duration, patience: Duration, canSignOut: Bool
    ) {
        self.reader = reader
        let watch = StoreWatch(logger: logger)
        self.watch = watch
        self.patience = patience
        self.canSignOut = canSignOut
        let reports = SharedQuery<ReportScope, PerfReport> { scope in
            try await reader.report(scope.window, instance: scope.instance, at: .now)
        }
        let routes = SharedQuery<PageOptions, RouteReport> { options in
            try await reader.route(
                options.route ?? MetricsQuery.Route("", method: ""), options.window, instance: options.instance,
                at: .now)
        }
        self.reports = reports
        self.routes = routes
        live = LivePages(interval: updateInterval) { options in
            await Self.rendering(options, reader: reader, watch: watch, reports: reports, routes: routes).sections
        }
    }

    // MARK: Answers

    /// A page of figures: with them when the store answers soon, else a page that waits for them.
    func page(_ options: PageOptions) async -> Response {
        guard let rendering = await within(patience, { await rendering(options) }) else {
            return .html(layout(options, [waiting])).adding(.refresh, "3")
        }
        let page = layout(options, rendering.sections.map(\.html))
        return .html(page, status: rendering.isComplete ? .ok : .serviceUnavailable)
    }

    func json(_ scope: ReportScope) async -> Response {
        do {
            let report = try await reports.value(for: scope)
            watch.noteSuccess()
            return .text(JSONReport(report).text, contentType: "application/json; charset=utf-8")
        } catch {
            watch.noteFailure(error)
            return .json(["error": "The store cannot be read: \(error)"], status: .serviceUnavailable)
                .adding(.retryAfter, "10")
        }
    }

    func events(_ options: PageOptions) -> Response {
        let stream = EventStream(pages: live, options: options)
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store", .xAccelBuffering: "no",
            ],
            body: ResponseBody { writer in
                try await stream.write(to: &writer)
                try await writer.finish(nil)
            })
    }

    /// Counters come from memory, so that a scrape never waits for the store; its size is left out when it is not soon.
    func metrics() async -> Response {
        let statistics = await within(patience) { try? await reader.store.statistics() } ?? nil
        guard let recorder = reader.recorder else { return .text("", contentType: PrometheusReport.contentType) }
        let report = PrometheusReport(
            series: recorder.cumulative(), recorder: recorder.statistics, store: statistics)
        let pool = reader.pool.map { PoolMetricsReport(pool: $0()).text } ?? ""
        return .text(report.text + pool, contentType: PrometheusReport.contentType)
    }

    // MARK: Rendering

    /// The sections of a page, and whether the store had its say.
    struct Rendering {
        let sections: [PageSection]
        let isComplete: Bool
    }

    private func rendering(_ options: PageOptions) async -> Rendering {
        await Self.rendering(options, reader: reader, watch: watch, reports: reports, routes: routes)
    }

    private static func rendering(
        _ options: PageOptions, reader: ReportReader, watch: StoreWatch, reports: SharedQuery<ReportScope, PerfReport>,
        routes: SharedQuery<PageOptions, RouteReport>
    ) async -> Rendering {
        do {
            if options.route == nil {
                let report = try await reports.value(for: options.scope)
                watch.noteSuccess()
                return Rendering(sections: Overview.sections(report, options), isComplete: true)
            }
            let report = try await routes.value(for: options)
            return Rendering(sections: RoutePage.sections(report, options), isComplete: true)
        } catch {
            watch.noteFailure(error)
            return withoutStore(options, reader: reader, problem: "\(error)")
        }
    }

    private static func withoutStore(_ options: PageOptions, reader: ReportReader, problem: String) -> Rendering {
        guard let route = options.route else {
            let report = reader.reportWithoutStore(options.window, at: .now, problem: problem)
            return Rendering(sections: Overview.sections(report, options), isComplete: false)
        }
        let report = reader.routeWithoutStore(route, options.window, at: .now, problem: problem)
        return Rendering(sections: RoutePage.sections(report, options), isComplete: false)
    }

    private func layout(_ options: PageOptions, _ sections: [String]) -> String {
        Layout(options, content: sections.joined(separator: "\n"), canSignOut: canSignOut).html
    }

    private var waiting: String {
        let labels = ["p50", "p95", "p99", "Requests", "Rate", "Errors 5xx"]
        let view: [String: Any] = ["waiting": "The store has not answered yet; counting goes on.", "blocks": labels]
        return Templates.render("skeleton", view)
    }
}

/// The operation's result, or `nil` when it takes longer than `limit`. The operation is then left to run to its end,
/// for whoever else waits for it.
func within<Value: Sendable>(
    _ limit: Duration, _ operation: @escaping @Sendable () async -> Value
) async -> Value? {
    let task = Task { await operation() }
    let (answers, continuation) = AsyncStream.makeStream(of: Value?.self, bufferingPolicy: .bufferingOldest(1))
    let answer = Task { continuation.yield(await task.value) }
    let clock = Task {
        try await Task.sleep(for: limit)
        continuation.yield(nil)
    }
    defer {
        answer.cancel()
        clock.cancel()
    }
    for await first in answers { return first }
    return nil
}
