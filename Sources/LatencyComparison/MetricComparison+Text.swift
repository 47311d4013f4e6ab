/// What a comparison says to people, the same in every report.
extension MetricComparison {
    /// "4.1 % slower at p99"; empty unless the change is known.
    package var size: String {
        guard let change else { return "" }
        return "\(abs(change).percent) \(change < 0 ? "faster" : "slower") at \(metric.rawValue)"
    }

    /// The bounds of the change without its sign, "2.9 to 5.5" in percent; empty unless they are known.
    package var interval: String {
        guard let low, let high else { return "" }
        // With different signs the sign is what matters.
        guard (low < 0) == (high < 0) else { return "\(low.signedPercent) to \(high.signedPercent)" }
        let bounds = [abs(low), abs(high)].sorted().map { ($0 * 100).fixed(1) }
        return "\(bounds[0]) to \(bounds[1])"
    }

    /// One line: "p99  1.200 ms -> 1.249 ms  slower  +4.1 % (+2.9 % to +5.5 %)".
    package var line: String {
        let values = "\(metric.rawValue)  \(Self.milliseconds(base)) -> \(Self.milliseconds(new))  \(verdict.rawValue)"
        guard let change, let low, let high else { return values + (reason.map { ": \($0)" } ?? "") }
        return values + "  \(change.signedPercent) (\(low.signedPercent) to \(high.signedPercent))"
    }

    private static func milliseconds(_ nanoseconds: Double?) -> String {
        nanoseconds.map { "\(($0 / 1e6).fixed(3)) ms" } ?? "-"
    }
}

extension [MetricComparison] {
    /// One line each, or the one reason why none of them can be judged.
    package var lines: [String] {
        if let reason = first?.reason, allSatisfy({ $0.reason == reason }) { return [reason] }
        return map(\.line)
    }

    /// The percentile that changed most among those with the verdict.
    package func decisive(for verdict: ComparisonVerdict) -> MetricComparison? {
        filter { $0.verdict == verdict }.max { abs($0.change ?? 0) < abs($1.change ?? 0) }
    }
}
