import Foundation
import LatencyHistogram

/// A result as one self-contained page in the Obsidian look: no script, nothing fetched, fit for print and phones.
public struct HTMLReport: Sendable {
    private let result: LoadResult

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
        <title>Load test of \(result.target.url.escaped)</title>
        <style>\(HTMLStyle.css)</style>
        </head>
        <body class="obsidian">
        <main class="obs-container">
        <header><h1>Load test</h1><p class="label">\(setup.escaped)</p></header>
        \(verdict)
        \(goals)
        \(overview)
        \(result.scenarios.map(section).joined(separator: "\n"))
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
            result.validity.reasons.map { "<li>\($0.escaped)</li>" }
            + (result.stoppedEarly.map { ["<li>\($0.escaped)</li>"] } ?? [])
            + result.validity.notes.map { "<li class=\"note\">\($0.escaped)</li>" }
        let list = lines.isEmpty ? "" : "<ul>\(lines.joined())</ul>"
        return "<section class=\"glass-card\"><span class=\"stamp \(tone)\">\(stamp.rawValue)</span>\(list)</section>"
    }

    private var goals: String {
        guard !result.goals.isEmpty else { return "" }
        let rows = result.goals.map { goal in
            let value = goal.value.map { "\($0.rounded(places: 4))" } ?? "–"
            return
                "<tr><td>\(goal.goal.escaped)</td><td>\(goal.scenario.escaped)</td><td class=\"number\">\(value)</td>"
                + "<td><span class=\"badge \(goal.isMet ? "fast" : "very-slow")\">\(goal.isMet ? "met" : "missed")</span></td></tr>"
        }
        return card("Goals", table(["Goal", "Scenario", "Measured", ""], rows))
    }

    private var overview: String {
        let rows = result.scenarios.map { scenario in
            let cells = [scenario.latency.p50, scenario.latency.p95, scenario.latency.p99, scenario.latency.max]
                .map { "<td class=\"number\">\($0.map(duration) ?? "–")</td>" }
            return "<tr><td>\(scenario.scenario.escaped)</td><td class=\"number\">\(scenario.count)</td>"
                + "<td class=\"number\">\(scenario.errorCount)</td>"
                + "<td class=\"number\">\(scenario.requestsPerSecond.fixed(1))</td>\(cells.joined())</tr>"
        }
        let header = ["Scenario", "Requests", "Errors", "Requests/s", "p50", "p95", "p99", "max"]
        return card("Scenarios", table(header, rows))
    }

    private func section(_ scenario: ScenarioResult) -> String {
        guard !scenario.histogram.isEmpty else {
            return card(
                scenario.scenario.escaped,
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
        let failed = scenario.count == 0 ? 0 : Double(scenario.errorCount) / Double(scenario.count)
        let errorStat = stat(
            "errors", failed.percent, nil, tone: failed > 0.01 ? "bad" : failed > 0 ? "warning" : "")
        return card(
            scenario.scenario.escaped,
            """
            <div class="stats">\(blocks.joined())\(errorStat)</div>
            <div class="charts">
            \(figure("Latency over time", LatencyChart.overTime(scenario.blocks)))
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
            return "<tr><td>\(kind.escaped)</td><td class=\"number\">\(count)</td>"
                + "<td class=\"wide\"><span class=\"bar\" style=\"width:\(width.fixed(1))%\"></span></td></tr>"
        }
        return "<h3>Errors by kind</h3>" + table(["Kind", "Requests", ""], rows)
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
        let rows = facts.map { "<tr><td>\($0.0)</td><td>\($0.1.escaped)</td></tr>" }
        return card("Circumstances", table(["", ""], rows))
    }

    // MARK: Pieces

    private func card(_ title: String, _ content: String) -> String {
        "<section class=\"glass-card\"><h2>\(title)</h2>\(content)</section>"
    }

    private func table(_ header: [String], _ rows: [String]) -> String {
        let head =
            header.allSatisfy(\.isEmpty)
            ? "" : "<thead><tr>\(header.map { "<th>\($0)</th>" }.joined())</tr></thead>"
        return "<div class=\"scroll\"><table>\(head)<tbody>\(rows.joined())</tbody></table></div>"
    }

    private func stat(_ label: String, _ value: String, _ detail: String?, tone: String = "") -> String {
        "<div class=\"stat-block\"><span class=\"stat-number \(tone)\">\(value)</span>"
            + "<span class=\"label\">\(label)</span>\(detail.map { "<span class=\"detail\">\($0)</span>" } ?? "")</div>"
    }

    private func figure(_ caption: String, _ chart: String) -> String {
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

extension String {
    /// Safe as text and attribute of HTML.
    var escaped: String {
        var result = ""
        for character in self {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
        return result
    }
}
