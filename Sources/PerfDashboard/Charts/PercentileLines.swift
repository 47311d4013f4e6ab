import RequestMetrics

/// p50, p95 and p99 over time. A slot with too few requests for a percentile interrupts the line.
struct PercentileLines {
    let frame: ChartFrame

    init(_ timeline: Timeline, summary: String) {
        frame = ChartFrame(timeline: timeline, title: "Percentiles over time", summary: summary)
    }

    func svg() -> String {
        frame.svg { plot in
            for (quantile, name) in [(0.99, "p99"), (0.95, "p95"), (0.5, "p50")] {
                let path = path(quantile)
                guard !path.isEmpty else { continue }
                plot.element("path", [("class", "line \(name)"), ("d", path)])
            }
        }
    }

    private func path(_ quantile: Double) -> String {
        var path = ""
        var isDrawing = false
        for (index, slot) in frame.timeline.slots.enumerated() {
            guard let value = Percentile(quantile, of: slot.histogram).nanoseconds else {
                isDrawing = false
                continue
            }
            let y = number(frame.y(value))
            // A point of its own would not show: a line as wide as half a slot does.
            path +=
                isDrawing ? "L\(Double(index) + 0.5) \(y)" : "M\(Double(index) + 0.25) \(y)L\(Double(index) + 0.5) \(y)"
            isDrawing = true
        }
        return path
    }
}
