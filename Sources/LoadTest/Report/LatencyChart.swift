import Foundation
import LatencyComparison
import LatencyHistogram

/// Charts of latencies as SVG, 440 by 240, that take their colours from the page.
enum LatencyChart {
    private static let width = 440.0
    private static let height = 240.0
    private static let left = 64.0
    private static let bottom = 32.0
    private static let top = 12.0

    /// p50, p95 and p99 of each block against the time; blocks with errors are marked below.
    static func overTime(_ blocks: LatencyBlocks) -> String {
        let series = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)]
        let top = blocks.histograms.compactMap { $0.quantile(0.99) }.max() ?? 1
        let axis = LogAxis(low: blocks.histograms.compactMap { $0.quantile(0.5) }.min() ?? 1, high: top)
        let count = max(2, blocks.histograms.count)
        func x(_ index: Int) -> Double { left + (width - left - 12) * Double(index) / Double(count - 1) }
        var marks = ""
        for (name, quantile) in series {
            let points = blocks.histograms.enumerated().compactMap { index, block in
                block.quantile(quantile).map { "\(x(index).fixed(1)),\(y(axis, $0).fixed(1))" }
            }
            marks += "<polyline class=\"line \(name)\" points=\"\(points.joined(separator: " "))\"/>"
        }
        for (index, errors) in blocks.errors.enumerated() where errors > 0 {
            marks +=
                "<rect class=\"error\" x=\"\((x(index) - 2).fixed(1))\" y=\"\((height - bottom + 2).fixed(1))\" "
                + "width=\"4\" height=\"6\"><title>\(errors) errors</title></rect>"
        }
        let seconds = Double(blocks.histograms.count) * blocks.seconds
        let labels =
            text(left, height - 8, "0 s", "start") + text(width - 12, height - 8, "\(seconds.fixed(0)) s", "end")
            + legend(series.map(\.0))
        return svg("Latency over time: p50, p95 and p99", axis.lines(y) + marks + labels)
    }

    /// p50 and p99 against the rate, on logarithmic scales; rates that missed a goal are marked below.
    static func againstRate(_ points: [RateLimit.Point]) -> String {
        let (p50, p99) = (points.compactMap(\.p50), points.compactMap(\.p99))
        let axis = LogAxis(low: (p50.min() ?? 1) * 1e6, high: (p99.max() ?? 1) * 1e6)
        let (low, high) = (points.first?.rate ?? 1, points.last?.rate ?? 1)
        func x(_ rate: Double) -> Double {
            left + (width - left - 12) * (high > low ? log(rate / low) / log(high / low) : 0.5)
        }
        func line(_ name: String, _ value: (RateLimit.Point) -> Double?) -> String {
            let places = points.compactMap { point in
                value(point).map { "\(x(point.rate).fixed(1)),\(y(axis, $0 * 1e6).fixed(1))" }
            }
            return "<polyline class=\"line \(name)\" points=\"\(places.joined(separator: " "))\"/>"
        }
        let missed = points.filter { !$0.isMet }.map { point in
            "<rect class=\"error\" x=\"\((x(point.rate) - 2).fixed(1))\" y=\"\((height - bottom + 2).fixed(1))\" "
                + "width=\"4\" height=\"6\"><title>missed at \(point.rate.fixed(1))/s</title></rect>"
        }
        let labels =
            text(left, height - 8, "\(low.fixed(0))/s", "start")
            + text(width - 12, height - 8, "\(high.fixed(0))/s", "end")
            + legend(["p50", "p99"])
        return svg(
            "Latency against rate: p50 and p99",
            axis.lines(y) + line("p50", \.p50) + line("p99", \.p99) + missed.joined() + labels)
    }

    /// Latency against the percentile, whose scale grows towards the tail: each nine is as wide as the one before.
    static func percentiles(_ histogram: LatencyHistogram) -> String {
        let nines = max(2, min(6, log10(Double(max(10, histogram.count)))))
        let axis = LogAxis(low: histogram.quantile(0.01) ?? 1, high: Double(histogram.max ?? 1))
        func x(_ position: Double) -> Double { left + (width - left - 12) * position / nines }
        var points: [String] = []
        for step in 0...200 {
            let position = nines * Double(step) / 200
            guard let value = histogram.quantile(1 - pow(10, -position)) else { continue }
            points.append("\(x(position).fixed(1)),\(y(axis, value).fixed(1))")
        }
        var labels = ""
        for (position, name) in [(0.301, "p50"), (1, "p90"), (2, "p99"), (3, "p99.9"), (4, "p99.99"), (5, "p99.999")]
        where position <= nines {
            labels +=
                "<line class=\"grid\" x1=\"\(x(position).fixed(1))\" x2=\"\(x(position).fixed(1))\" "
                + "y1=\"\(top)\" y2=\"\((height - bottom).fixed(1))\"/>" + text(x(position), height - 8, name, "middle")
        }
        return svg(
            "Latency by percentile",
            axis.lines(y) + "<polyline class=\"line p99\" points=\"\(points.joined(separator: " "))\"/>" + labels)
    }

    /// How many requests had which latency, in at most 60 steps of equal ratio.
    static func histogram(_ histogram: LatencyHistogram) -> String {
        let least = max(1, Double(histogram.min ?? 1))
        let greatest = max(least * 1.01, Double(histogram.max ?? 1))
        let steps = 60
        var counts = [Double](repeating: 0, count: steps)
        // A bucket's values lie anywhere between its bounds: each step that it crosses has its share of them.
        func position(_ value: Double) -> Double { log(value / least) / log(greatest / least) * Double(steps) }
        for bucket in histogram.occupiedBuckets {
            let low = position(max(least, Double(bucket.lowerBound)))
            let high = max(low + 1e-9, position(min(greatest, Double(bucket.upperBound))))
            let first = min(steps - 1, max(0, Int(low)))
            for step in first...max(first, min(steps - 1, Int(high))) {
                let overlap = min(high, Double(step + 1)) - max(low, Double(step))
                counts[step] += Double(bucket.count) * max(0, overlap) / (high - low)
            }
        }
        let most = max(1, counts.max() ?? 1)
        let step = (width - left - 12) / Double(steps)
        var bars = ""
        for (index, count) in counts.enumerated() where count >= 0.5 {
            let share = count / most
            let barHeight = max(1, (height - bottom - top) * share)
            bars +=
                "<rect class=\"count\" x=\"\((left + step * Double(index)).fixed(1))\" "
                + "y=\"\((height - bottom - barHeight).fixed(1))\" width=\"\((step - 1).fixed(1))\" "
                + "height=\"\(barHeight.fixed(1))\"><title>\(count.fixed(0)) requests</title></rect>"
        }
        let labels =
            text(left, height - 8, short(least), "start") + text(width - 12, height - 8, short(greatest), "end")
            + text(left - 8, top + 8, "\(Int(most))", "end")
        return svg("Latencies and how often each occurred", bars + labels)
    }

    // MARK: Pieces

    private static func y(_ axis: LogAxis, _ value: Double) -> Double {
        height - bottom - (height - bottom - top) * axis.position(value)
    }

    private static func svg(_ title: String, _ content: String) -> String {
        "<svg viewBox=\"0 0 \(Int(width)) \(Int(height))\" role=\"img\"><title>\(title)</title>\(content)</svg>"
    }

    fileprivate static func text(_ x: Double, _ y: Double, _ text: String, _ anchor: String) -> String {
        "<text x=\"\(x.fixed(1))\" y=\"\(y.fixed(1))\" text-anchor=\"\(anchor)\">\(text)</text>"
    }

    private static func legend(_ names: [String]) -> String {
        names.enumerated().map { index, name in
            let x = left + 16 + Double(index) * 64
            return "<line class=\"line \(name)\" x1=\"\(x)\" x2=\"\(x + 16)\" y1=\"\(top)\" y2=\"\(top)\"/>"
                + text(x + 20, top + 4, name, "start")
        }.joined()
    }

    /// Nanoseconds as a short label.
    fileprivate static func short(_ nanoseconds: Double) -> String {
        switch nanoseconds {
        case ..<1e6: "\((nanoseconds / 1e3).fixed(0)) µs"
        case ..<1e9: "\((nanoseconds / 1e6).fixed(nanoseconds < 1e7 ? 1 : 0)) ms"
        default: "\((nanoseconds / 1e9).fixed(1)) s"
        }
    }

    /// A logarithmic axis in nanoseconds that begins and ends with a power of ten or a half of one.
    struct LogAxis {
        private let low: Double
        private let high: Double

        init(low: Double, high: Double) {
            self.low = floor(log10(max(1, low)) * 2) / 2
            self.high = max(self.low + 0.5, ceil(log10(max(1, high)) * 2) / 2)
        }

        /// 0 at the lower end, 1 at the upper.
        func position(_ value: Double) -> Double {
            min(1, max(0, (log10(max(1, value)) - low) / (high - low)))
        }

        /// A line at each power of ten, and at twice and five times it where there are few.
        func lines(_ y: (LogAxis, Double) -> Double) -> String {
            let steps = high - low > 2 ? [1.0] : [1.0, 2, 5]
            let values = stride(from: floor(low), through: high, by: 1).flatMap { exponent in
                steps.map { $0 * pow(10, exponent) }
            }
            return values.filter { (low - 1e-9...high + 1e-9).contains(log10($0)) }.map { value in
                let height = y(self, value)
                return "<line class=\"grid\" x1=\"\(LatencyChart.left)\" x2=\"\(LatencyChart.width - 12)\" "
                    + "y1=\"\(height.fixed(1))\" y2=\"\(height.fixed(1))\"/>"
                    + text(LatencyChart.left - 8, height + 4, short(value), "end")
            }.joined()
        }
    }
}
