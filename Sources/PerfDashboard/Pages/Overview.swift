/// `/admin/perf`: the report of all routes as sections.
enum Overview {
    static func sections(_ report: PerfReport, _ options: PageOptions) -> [PageSection] {
        let isComplete = report.storeProblem == nil
        let timeline = Timeline(slots: report.timeline, marks: report.marks, isKnown: isComplete)
        var sections = [PageSection("verdict", "verdict", VerdictView(report))]
        sections += FleetView(report, options).sections
        sections += [
            PageSection("stats", "stats", ["blocks": blocks(report)]),
            PageSection("heat", "heat", HeatView(timeline, figures: report.totals)),
            PageSection("lines", "lines", LinesView(timeline, figures: report.totals)),
            PageSection("slowest", "slowest", SlowestView(report, options)),
            PageSection("busiest", "busiest", BusiestView(report, options)),
        ]
        if let pool = report.pool { sections.append(PageSection("pool", "pool", PoolView(pool))) }
        sections.append(PageSection("receipt", "receipt", ReceiptView(report)))
        return sections
    }

    private static func blocks(_ report: PerfReport) -> [StatView] {
        let (now, before) = (report.totals, report.totalsBefore)
        let isComplete = report.storeProblem == nil
        return [
            StatView(now.p50, before: before.p50, isComplete: isComplete),
            StatView(now.p95, before: before.p95, isComplete: isComplete),
            StatView(now.p99, before: before.p99, isComplete: isComplete),
            StatView(requests: now, before: before, isComplete: isComplete),
            StatView(rate: isComplete ? report.rate : nil),
            StatView(errorRate: now, before: before),
        ]
    }
}

/// The verdict's section.
struct VerdictView {
    let heading: String
    let period: String
    let sentence: String
    let hasRegressions: Bool
    let regressions: [RouteRow]
    let notices: [Notice]

    init(_ report: PerfReport) {
        let verdict = report.verdict
        heading = "Requests, \(report.window.title)"
        period =
            "\(Format.time(report.interval.lowerBound, .dayAndClock)) to \(Format.time(report.madeAt, .clockWithSeconds)) UTC"
        sentence = verdict.sentence
        regressions = verdict.regressions.map { RouteRow($0, of: report, in: "verdict") }
        hasRegressions = !regressions.isEmpty
        notices = Notice.all(of: report)
    }
}

/// The table of the slowest routes.
struct SlowestView {
    /// A column to rank by.
    struct Column {
        let key: String
        let name: String
        let sortHref: String
        let isCurrent: Bool
    }

    let ranking: String
    let window: String
    let before: String
    let columns: [Column]
    let hasRows: Bool
    let rows: [RouteRow]

    init(_ report: PerfReport, _ options: PageOptions) {
        columns = Self.names.map { ranking, name in
            Column(
                key: ranking.rawValue, name: name, sortHref: options.with { $0.ranking = ranking }.href + "#slowest",
                isCurrent: ranking == options.ranking)
        }
        ranking = columns.first(where: \.isCurrent)?.name.lowercased() ?? ""
        window = report.window.title
        before = report.window.titleOfBefore
        rows = report.slowest(by: options.ranking).map { RouteRow($0, of: report, in: "slowest") }
        hasRows = !rows.isEmpty
    }

    private static let names: [(PerfReport.Ranking, String)] = [
        (.average, "Average"), (.p95, "p95"), (.p99, "p99"), (.requests, "Requests"), (.totalTime, "Total time"),
    ]
}

/// Where the time goes, and the volume by path.
struct BusiestView {
    let window: String
    let hasTime: Bool
    let time: [ShareRow]
    let hasVolume: Bool
    let volume: [ShareRow]
    let rest: String?
    let allHref: String

    private static let rows = 10

    init(_ report: PerfReport, _ options: PageOptions) {
        window = report.window.title
        let totalTime = Double(max(1, report.totals.totalTime))
        time = report.slowest(Self.rows, by: .totalTime).map { route in
            let spent = Double(route.now.totalTime)
            return ShareRow(
                route, of: report, in: "time", amount: Format.duration(nanoseconds: spent),
                share: spent / totalTime)
        }
        let requests = report.volume.reduce(UInt64(0)) { $0 + $1.now.requests }
        let shown = report.volume.prefix(options.allRows ? report.volume.count : Self.rows)
        volume = shown.map { route in
            ShareRow(
                route, of: report, in: "volume", amount: Format.count(route.now.requests),
                share: Double(route.now.requests) / Double(max(1, requests)))
        }
        let hidden = report.volume.dropFirst(shown.count)
        rest =
            hidden.isEmpty
            ? nil
            : "And \(hidden.count) more \(hidden.count == 1 ? "route" : "routes") with "
                + "\(Format.count(hidden.reduce(0) { $0 + $1.now.requests })) requests."
        allHref = options.with { $0.allRows = true }.href
        hasTime = !time.isEmpty
        hasVolume = !volume.isEmpty
    }
}
