import LatencyComparison

/// A result as text for people: the stamp first, then goals, then a table.
public struct TextReport: Sendable {
    private let result: LoadResult

    /// Makes a report of a result.
    public init(_ result: LoadResult) {
        self.result = result
    }

    /// The report's lines, ending with a line break.
    public var text: String {
        var lines: [String] = []
        lines.append("\(result.validity.stamp.rawValue)  \(result.target.url)  \(result.target.protocol)  \(setup)")
        for reason in result.validity.reasons { lines.append("  ! \(reason)") }
        for note in result.validity.notes { lines.append("  i \(note)") }
        if let stopped = result.stoppedEarly { lines.append("  ! \(stopped)") }
        for goal in result.goals { lines.append("  \(goal.isMet ? "met   " : "MISSED") \(describe(goal))") }
        for limit in result.limits ?? [] {
            lines.append("  \(limit.sentence)")
            lines += limit.curve.map(describe)
        }
        lines.append("")
        lines += table
        for scenario in result.scenarios where !scenario.errors.isEmpty {
            let kinds = scenario.errors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            lines.append(
                "  \(scenario.scenario) errors: " + kinds.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        }
        if let routes = result.serverSide, !routes.isEmpty { lines += serverSide(routes) }
        if let calibration = result.calibration, let noise = calibration.noise.p99 {
            lines.append(
                "  generator: up to \(Int(calibration.ceiling)) requests/s here, "
                    + "\(calibration.cpuMicrosecondsPerRequest.rounded(places: 1)) us of processor a request, "
                    + "its own noise \(noise.rounded(places: 3)) ms at p99")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var setup: String {
        let settings = result.settings
        let loop = settings.rate.map { "open loop \($0.rounded(places: 2))/s \(settings.arrivals)" } ?? "closed loop"
        return "\(loop), \(settings.concurrency) connections, \(settings.durationSeconds.rounded(places: 1)) s each"
    }

    private func describe(_ goal: GoalRecord) -> String {
        "\(goal.goal): \(goal.scenario) measured \(goal.measured)"
    }

    private func describe(_ point: RateLimit.Point) -> String {
        "    \(point.scenario) at \(point.rate.rounded(places: 1))/s: p50 \(point.p50?.fixed(2) ?? "-") ms, "
            + "p99 \(point.p99?.fixed(2) ?? "-") ms, errors \(point.errors.percent)\(point.isMet ? "" : "  missed")"
    }

    private var table: [String] {
        let header = ["scenario", "requests", "errors", "req/s", "p50 ms", "p95 ms", "p99 ms", "max ms", "headroom"]
        let rows = result.scenarios.map { scenario in
            [
                scenario.scenario, "\(scenario.count)", "\(scenario.errorCount)",
                scenario.requestsPerSecond.fixed(1), cell(scenario.latency.p50, noise: result.calibration?.noise.p50),
                cell(scenario.latency.p95, noise: result.calibration?.noise.p95),
                cell(scenario.latency.p99, noise: result.calibration?.noise.p99),
                cell(scenario.latency.max, noise: nil), headroom(scenario),
            ]
        }
        return aligned(header, rows)
    }

    /// Means, since they add up: what the client waited is what the server took and what lay between.
    private func serverSide(_ routes: [RouteTimes]) -> [String] {
        let header = ["means in ms", "client", "server", "from due", "from sent", "in the server", "between"]
        let rows = routes.map { route in
            ["\(route.method) \(route.route)", "\(route.clientRequests)", "\(route.serverRequests)"]
                + [route.clientMean, route.serviceMean, route.serverMean, route.between].map { $0.fixed(3) }
        }
        return [""] + aligned(header, rows)
    }

    private func aligned(_ header: [String], _ rows: [[String]]) -> [String] {
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        return ([header] + rows).map { row in
            let cells = row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + padding : padding + row[column]
            }
            return "  " + cells.joined(separator: "  ")
        }
    }

    private func cell(_ value: Double?, noise: Double?) -> String {
        guard let value else { return "-" }
        return value.fixed(2) + (noise.map { "±\($0.fixed(2))" } ?? "")
    }

    /// How much of the generator's ceiling is left.
    private func headroom(_ scenario: ScenarioResult) -> String {
        guard let ceiling = result.calibration?.ceiling, ceiling > 0 else { return "-" }
        return "\(Int(max(0, 1 - scenario.requestsPerSecond / ceiling) * 100)) %"
    }
}
