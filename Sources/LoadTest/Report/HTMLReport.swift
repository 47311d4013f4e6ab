import Foundation
import LatencyComparison
import LatencyHistogram
import MarkupText

/// A result as one self-contained page in the Obsidian look: no script, nothing fetched, fit for print and phones.
public struct HTMLReport: Sendable {
    let result: LoadResult

    /// Makes a report of a result.
    public init(_ result: LoadResult) {
        self.result = result
    }

    /// The page.
    public var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Load test of \(result.target.url.markupEscaped)</title>
        <style>\(HTMLStyle.css)</style>
        </head>
        <body class="obsidian">
        <main class="obs-container">
        <header><h1>Load test</h1><p class="label">\(setup.markupEscaped)</p></header>
        \(verdict)
        \(goals)
        \(limits)
        \(overview)
        \(result.scenarios.map(section).joined(separator: "\n"))
        \(serverSide)
        \(circumstances)
        </main>
        </body>
        </html>

        """
    }

    private var setup: String {
        let settings = result.settings
        let loop =
            settings.rate.map { "open loop, \($0.rounded(places: 2)) requests/s \(settings.arrivals)" }
            ?? "closed loop"
        return "\(result.target.url) · \(loop) · \(settings.concurrency) connections · "
            + "\(settings.durationSeconds.rounded(places: 1)) s · \(result.startedAt.ISO8601Format())"
    }

    private var verdict: String {
        let stamp = result.validity.stamp
        let tone = stamp == .valid ? "good" : "bad"
        let lines =
            result.validity.reasons.map { "<li>\($0.markupEscaped)</li>" }
            + (result.stoppedEarly.map { ["<li>\($0.markupEscaped)</li>"] } ?? [])
            + result.validity.notes.map { "<li class=\"note\">\($0.markupEscaped)</li>" }
        let list = lines.isEmpty ? "" : "<ul>\(lines.joined())</ul>"
        return "<section class=\"glass-card\"><p class=\"stamp \(tone)\">\(stamp.rawValue)</p>"
            + "<p>\(meaning) \(goalsInWords)</p>\(list)</section>"
    }

    private var meaning: String {
        switch result.validity.stamp {
        case .valid: "The numbers are the target's own."
        case .generatorBound: "The generator, not the target, set the numbers; they support no verdict."
        case .unstable: "The numbers were still changing; a longer or quieter run would give others."
        case .failed: "There are no numbers of the target."
        }
    }

    private var goalsInWords: String {
        let missed = result.goals.count { !$0.isMet }
        if result.goals.isEmpty { return "" }
        return missed == 0 ? "All goals were met." : "\(missed) of \(result.goals.count) goals were missed."
    }

    private var goals: String {
        guard !result.goals.isEmpty else { return "" }
        let rows = result.goals.map { goal in
            let (tone, word) = goal.isMet ? ("fast", "met") : ("very-slow", "missed")
            return [
                Cell(goal.goal.markupEscaped), Cell(goal.scenario.markupEscaped),
                Cell(goal.measured, isNumber: true),
                Cell("<span class=\"badge \(tone)\">\(word)</span>", isNumber: true),
            ]
        }
        return card("Goals", table(["Goal", "Scenario", "Measured", "Outcome"], rows))
    }

    private var overview: String {
        let rows = result.scenarios.map { scenario in
            let counts = ["\(scenario.count)", "\(scenario.errorCount)", scenario.requestsPerSecond.fixed(1)]
            let times = [scenario.latency.p50, scenario.latency.p95, scenario.latency.p99, scenario.latency.max]
            return [Cell(scenario.scenario.markupEscaped)]
                + (counts + times.map { $0.map(duration) ?? "–" }).map { Cell($0, isNumber: true) }
        }
        let header = ["Scenario", "Requests", "Errors", "Requests/s", "p50", "p95", "p99", "max"]
        return card("Scenarios", table(header, rows))
    }

    private func section(_ scenario: ScenarioResult) -> String {
        guard !scenario.histogram.isEmpty else {
            return card(
                scenario.scenario.markupEscaped,
                "<p>Nothing was measured; a latency appears here as soon as a request is answered.</p>"
                    + errors(scenario))
        }
        let noise = result.calibration?.noise
        let blocks = [
            ("p50", scenario.latency.p50, noise?.p50), ("p95", scenario.latency.p95, noise?.p95),
            ("p99", scenario.latency.p99, noise?.p99),
        ].map { name, value, noise in
            stat(
                name, value.map { "\($0.fixed(2)) ms" } ?? "–",
                noise.map { "± \($0.fixed(2)) ms of the generator's own" })
        }
        let whole = scenario.blocks.whole(in: scenario.durationSeconds)
        let failed = scenario.count == 0 ? 0 : Double(scenario.errorCount) / Double(scenario.count)
        let errorStat = stat(
            "errors", failed.percent, nil, tone: failed > 0.01 ? "bad" : failed > 0 ? "warning" : "")
        return card(
            scenario.scenario.markupEscaped,
            """
            <div class="stats">\(blocks.joined())\(errorStat)</div>
            <div class="charts">
            \(figure("Latency over time", LatencyChart.overTime(whole.histograms.isEmpty ? scenario.blocks : whole)))
            \(figure("Latency by percentile", LatencyChart.percentiles(scenario.histogram)))
            \(figure("Latencies and how often", LatencyChart.histogram(scenario.histogram)))
            </div>
            \(errors(scenario))
            """)
    }

    private func errors(_ scenario: ScenarioResult) -> String {
        guard !scenario.errors.isEmpty else { return "" }
        let most = scenario.errors.values.max() ?? 1
        let rows = scenario.errors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { kind, count in
            let width = Double(count) / Double(max(1, most)) * 100
            return [
                Cell(kind.markupEscaped), Cell("\(count)", isNumber: true),
                Cell("<span class=\"bar\" style=\"width:\(width.fixed(1))%\"></span>", isWide: true),
            ]
        }
        return "<h3>Errors by kind</h3>" + table(["Kind", "Requests", ""], rows)
    }

    private var serverSide: String {
        guard let routes = result.serverSide, !routes.isEmpty else { return "" }
        let header = ["Route", "Requests", "From due", "From sent", "In the server", "Between"]
        let rows = routes.map { route in
            let times = [route.clientMean, route.serviceMean, route.serverMean, route.between].map {
                "\($0.fixed(3)) ms"
            }
            return [Cell("\(route.method) \(route.route)".markupEscaped)]
                + (["\(route.serverRequests)"] + times).map { Cell($0, isNumber: true) }
        }
        return card(
            "From outside to inside",
            "<p>Mean times: what the client saw, what the server itself says, and what lies between.</p>"
                + table(header, rows))
    }

    private var circumstances: String {
        let machine = result.machine
        var facts = [
            ("Machine", "\(machine.host), \(machine.processor), \(machine.cores) cores, \(machine.system)"),
            ("Protocol", result.target.protocol), ("Pitwall", result.pitwallVersion),
            ("Event loops", "\(result.settings.eventLoops)"),
        ]
        if let calibration = result.calibration {
            facts.append(
                (
                    "Generator",
                    "up to \(Int(calibration.ceiling)) requests/s here, "
                        + "\(calibration.cpuMicrosecondsPerRequest.fixed(1)) µs of processor a request"
                ))
        }
        let rows = facts.map { [Cell("<span class=\"label\">\($0.0)</span>"), Cell($0.1.markupEscaped)] }
        return card("Circumstances", table(["", ""], rows))
    }

    // MARK: Pieces

    func card(_ title: String, _ content: String) -> String {
        "<section class=\"glass-card\"><h2>\(title)</h2>\(content)</section>"
    }

    /// A table's cell: HTML that is escaped already.
    struct Cell {
        let html: String
        let isNumber: Bool
        let isWide: Bool

        init(_ html: String, isNumber: Bool = false, isWide: Bool = false) {
            self.html = html
            self.isNumber = isNumber
            self.isWide = isWide
        }

        var tone: String { isNumber ? " class=\"number\"" : isWide ? " class=\"wide\"" : "" }
    }

    /// A table that becomes a list on phones, where each cell wears its column's name.
    func table(_ header: [String], _ rows: [[Cell]]) -> String {
        let heads = zip(header, rows.first ?? []).map { "<th\($1.tone)>\($0)</th>" }.joined()
        let body = rows.map { row in
            let cells = zip(header, row).map { name, cell in
                "<td\(cell.tone)\(name.isEmpty ? "" : " data-label=\"\(name)\"")>\(cell.html)</td>"
            }
            return "<tr>\(cells.joined())</tr>"
        }
        let head = header.allSatisfy(\.isEmpty) ? "" : "<thead><tr>\(heads)</tr></thead>"
        return "<div class=\"scroll\"><table>\(head)<tbody>\(body.joined())</tbody></table></div>"
    }

    private func stat(_ label: String, _ value: String, _ detail: String?, tone: String = "") -> String {
        "<div class=\"stat-block\"><span class=\"stat-number \(tone)\">\(value)</span>"
            + "<span class=\"label\">\(label)</span>\(detail.map { "<span class=\"detail\">\($0)</span>" } ?? "")</div>"
    }

    func figure(_ caption: String, _ chart: String) -> String {
        "<figure><figcaption class=\"label\">\(caption)</figcaption>\(chart)</figure>"
    }

    /// A duration with the badge of its speed; the badge's word says what its colour does.
    private func duration(_ milliseconds: Double) -> String {
        let (tone, word) =
            milliseconds < 100
            ? ("fast", "fast")
            : milliseconds < 300
                ? ("fine", "fine") : milliseconds < 1_000 ? ("slow", "slow") : ("very-slow", "very slow")
        return "<span class=\"badge \(tone)\" title=\"\(word)\">\(milliseconds.fixed(2)) ms</span>"
    }
}
