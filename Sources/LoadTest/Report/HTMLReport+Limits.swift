import LatencyComparison
import MarkupText

/// What a search for the highest rate found.
extension HTMLReport {
    var limits: String {
        (result.limits ?? []).map { limit in
            let header = ["Rate", "Scenario", "Requests/s", "p50", "p99", "Errors", "Outcome"]
            let rows = limit.curve.map { point in
                let times = [point.p50, point.p99].map { $0.map { "\($0.fixed(2)) ms" } ?? "–" }
                let numbers = [point.requestsPerSecond.fixed(1)] + times + [point.errors.percent]
                let (tone, word) = point.isMet ? ("fast", "met") : ("very-slow", "missed")
                return [Cell("\(point.rate.fixed(1))/s"), Cell(point.scenario.markupEscaped)]
                    + numbers.map { Cell($0, isNumber: true) }
                    + [Cell("<span class=\"badge \(tone)\">\(word)</span>", isNumber: true)]
            }
            var names: [String] = []
            for point in limit.curve where !names.contains(point.scenario) { names.append(point.scenario) }
            let figures = names.map { name in
                figure(
                    "Latency against rate\(names.count > 1 ? ", \(name.markupEscaped)" : "")",
                    LatencyChart.againstRate(limit.curve.filter { $0.scenario == name }))
            }
            return card(
                "Highest rate",
                "<p>\(limit.sentence.markupEscaped)</p>" + "<div class=\"charts\">\(figures.joined())</div>"
                    + table(header, rows))
        }.joined(separator: "\n")
    }
}
