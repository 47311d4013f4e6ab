import Foundation
import RequestMetrics

/// A route's own page as sections.
enum RoutePage {
    static func sections(_ report: RouteReport, _ options: PageOptions) -> [PageSection] {
        let isComplete = report.storeProblem == nil
        let timeline = Timeline(slots: report.timeline, marks: report.marks, isKnown: isComplete)
        let (now, before) = (report.figures.now, report.figures.before)
        let blocks = [
            StatView(now.p50, before: before.p50, isComplete: isComplete),
            StatView(now.p95, before: before.p95, isComplete: isComplete),
            StatView(now.p99, before: before.p99, isComplete: isComplete),
            StatView(requests: now, before: before, isComplete: isComplete),
            StatView(averageOf: now, before: before),
            StatView(errorRate: now, before: before),
        ]
        return [
            PageSection("verdict", "route-head", RouteHeadView(report, options)),
            PageSection("stats", "stats", ["blocks": blocks]),
            PageSection("heat", "heat", HeatView(timeline, figures: now)),
            PageSection("lines", "lines", LinesView(timeline, figures: now)),
            PageSection("mix", "route-mix", StatusMixView(report)),
            PageSection("examples", "route-examples", ExamplesView(report)),
        ]
    }
}

extension StatView {
    /// The mean, which the overview shows by route.
    fileprivate init(averageOf now: Figures, before: Figures) {
        let parts = now.average.map(Format.durationParts)
        self.init(
            label: "Average", value: parts?.number ?? "–", unit: parts?.unit ?? "", tone: parts == nil ? "few" : "",
            note: "exact", detail: "exact mean of \(Format.count(now.requests)) requests",
            change: before.average.map { average in
                ChangeView(was: "was \(Format.duration(nanoseconds: average))")
            })
    }
}

extension ChangeView {
    /// A figure before without a judgement: a mean has no range to judge by.
    init(was text: String) {
        (tone, sign) = ("", "")
        self.text = text
    }
}

/// The head of a route's page.
struct RouteHeadView {
    let method: String
    let path: String
    let period: String
    let sentence: String
    let notices: [Notice]
    let back: String

    init(_ report: RouteReport, _ options: PageOptions) {
        method = report.figures.method
        path = report.figures.route
        period =
            "\(Format.time(report.interval.lowerBound, .dayAndClock)) to \(Format.time(report.madeAt, .clockWithSeconds)) UTC"
        let before = "the \(report.window.titleOfBefore)"
        let change = report.figures.change
        let was = Format.duration(nanoseconds: change.before ?? 0)
        let now = Format.duration(nanoseconds: change.now ?? 0)
        sentence =
            switch change.trend {
            case _ where report.storeProblem != nil: PerfReport.sentenceWithoutStore(report.figures.now)
            case _ where report.figures.now.requests == 0: "No request came in the \(report.window.title)."
            case .worse: "Slower than \(before): p95 was \(was), now it is \(now)."
            case .better: "Faster than \(before): p95 was \(was), now it is \(now)."
            case .same: "As fast as \(before), as far as chance can tell."
            case .unknown: "Too few requests to compare with \(before)."
            }
        notices = Notice.all(of: report)
        back = options.with { $0.route = nil }.href
    }
}

/// How a route's answers divide over the statuses.
struct StatusMixView {
    /// One status.
    struct Row {
        let code: String
        let requests: String
        let share: String
    }

    let window: String
    let hasRequests: Bool
    let bar: String
    let statuses: [Row]

    init(_ report: RouteReport) {
        let figures = report.figures.now
        window = report.window.title
        hasRequests = figures.requests > 0
        bar = Bars.statuses(StatusClass.all(of: figures))
        statuses = figures.statuses.sorted { $0.key < $1.key }.map { status, requests in
            Row(
                code: status == 0 ? "unknown" : String(status), requests: Format.count(requests),
                share: Format.percent(Double(requests) / Double(max(1, figures.requests))))
        }
    }
}

/// The slowest single requests kept of a route.
struct ExamplesView {
    /// One request.
    struct Row {
        let time: String
        let status: String
        let took: LatencyView
    }

    let reach: String
    let hasExamples: Bool
    let examples: [Row]

    init(_ report: RouteReport) {
        examples = report.examples.map { row in
            Row(
                time: Format.time(row.recordedAt, .full), status: row.statusCode.map(String.init) ?? "–",
                took: LatencyView(nanoseconds: Double(row.nanoseconds), detail: "one request"))
        }
        hasExamples = !examples.isEmpty
        reach =
            report.reach.rows.map { "Examples reach back to \(Format.time($0, .dayAndClock)) UTC." }
            ?? "None is kept yet."
    }
}
