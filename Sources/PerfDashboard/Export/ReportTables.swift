import LatencyHistogram
import RequestMetrics

/// The parts of a report that text, Markdown and mail have in common: the same words and tables, drawn differently.
struct ReportTables {
    /// A table of words.
    struct Table {
        let title: String
        let header: [String]
        let rows: [[String]]
        /// What stands there without rows.
        let empty: String
    }

    let heading: String
    let period: String
    let sentence: String
    let notices: [String]
    let regressions: [String]
    let tables: [Table]
    let footnotes: [String]

    init(_ report: PerfReport) {
        let verdict = report.verdict
        heading = "Requests, \(report.window.title)"
        period = "\(Format.time(report.interval.lowerBound, .full)) to \(Format.time(report.madeAt, .full))"
        sentence = verdict.sentence
        notices = Notice.all(of: report).map(\.notice)
        regressions = verdict.regressions.map {
            "\($0.method) \($0.route): p95 \(ChangeView(latency: $0.change).text), now "
                + ($0.now.p95.nanoseconds.map(Format.duration) ?? "too few")
        }
        tables = [Self.overall(report), Self.slowest(report), Self.time(report), Self.volume(report)]
        footnotes = Self.footnotes(report)
    }

    private static func overall(_ report: PerfReport) -> Table {
        let (now, before) = (report.totals, report.totalsBefore)
        func latency(_ now: Percentile, _ before: Percentile) -> [String] {
            [now.name, words(now), words(before), Change(from: before, to: now).trend.words]
        }
        func share(_ share: Double, of figures: Figures) -> String {
            figures.requests > 0 ? Format.percent(share) : "–"
        }
        return Table(
            title: "Overall", header: ["", "Now", "Before", ""],
            rows: [
                latency(now.p50, before.p50), latency(now.p95, before.p95), latency(now.p99, before.p99),
                ["Requests", Format.count(now.requests), Format.count(before.requests), ""],
                ["Rate while running", "\(Format.digits(report.rate)) /s", "", ""],
                [
                    "Errors 5xx", Format.percent(now.errorRate), share(before.errorRate, of: before),
                    Change(ofErrorRateFrom: before, to: now).trend.words,
                ],
                ["Errors 4xx", Format.percent(now.clientErrorRate), share(before.clientErrorRate, of: before), ""],
            ], empty: "")
    }

    private static func slowest(_ report: PerfReport) -> Table {
        Table(
            title: "Slowest routes", header: ["Route", "Average", "p95", "p99", "Requests", "p95 before", ""],
            rows: report.slowest().map { route in
                [
                    "\(route.method) \(route.route)", route.now.average.map(Format.duration) ?? "–",
                    words(route.now.p95),
                    words(route.now.p99), Format.count(route.now.requests), words(route.before.p95),
                    route.change.trend.words,
                ]
            }, empty: "No requests.")
    }

    private static func time(_ report: PerfReport) -> Table {
        let whole = Double(max(1, report.totals.totalTime))
        return Table(
            title: "Where the time goes", header: ["Route", "Total time", "Share"],
            rows: report.slowest(by: .totalTime).map { route in
                let spent = Double(route.now.totalTime)
                return [
                    "\(route.method) \(route.route)", Format.duration(nanoseconds: spent),
                    Format.percent(spent / whole),
                ]
            }, empty: "No requests.")
    }

    private static func volume(_ report: PerfReport) -> Table {
        let all = report.volume.reduce(UInt64(0)) { $0 + $1.now.requests }
        return Table(
            title: "Volume by path, last 24 hours", header: ["Route", "Requests", "Share", "Errors 5xx"],
            rows: report.volume.prefix(20).map { route in
                [
                    "\(route.method) \(route.route)", Format.count(route.now.requests),
                    Format.percent(Double(route.now.requests) / Double(max(1, all))),
                    Format.percent(route.now.errorRate),
                ]
            }, empty: "No requests.")
    }

    private static func footnotes(_ report: PerfReport) -> [String] {
        let marks = report.marks.map { "Release: \($0.name), \(Format.time($0.at, .full))." }
        let more =
            report.volume.count > 20 ? ["\(report.volume.count - 20) routes with fewer requests are left out."] : []
        let error = Format.percent(report.totals.histogram.relativeError)
        return marks + more + [
            (report.isEstimated
                ? "What is estimated comes from examples, each by its weight;"
                : "Percentiles count every request and are at most \(error) off;")
                + " ~ marks one of few requests, fewer than "
                + "\(Percentile.fewest) give none. The dashboard's own requests are not in them."
        ]
    }

    private static func words(_ percentile: Percentile) -> String {
        guard let value = percentile.nanoseconds else { return percentile.count > 0 ? "too few" : "–" }
        return (percentile.quality == .rough ? "~" : "") + Format.duration(nanoseconds: value)
    }
}

extension Change.Trend {
    /// One word, or none where there is nothing to say.
    var words: String {
        switch self {
        case .worse: "worse"
        case .better: "better"
        case .same: "same"
        case .unknown: ""
        }
    }
}
