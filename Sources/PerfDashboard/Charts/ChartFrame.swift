import Foundation
import LatencyHistogram
import RequestMetrics

/// What the heat map and the lines share: axes, gaps, marks and a title for every slot.
///
/// A chart is two pictures side by side, the labels of the vertical axis and the plot. The plot's own coordinates are
/// stretched to the width of the page while text keeps its size, so that one picture serves a phone and a wide screen
/// and needs no script.
struct ChartFrame {
    let timeline: Timeline
    let scale: LatencyScale
    let title: String
    let summary: String

    private static let markRoom = 18.0
    private static let labelRoom = 22.0
    let plotHeight = 248.0
    private var height: Double { Self.markRoom + plotHeight + Self.labelRoom }

    init(timeline: Timeline, title: String, summary: String) {
        var all = LatencyHistogram()
        for slot in timeline.slots { all.merge(slot.histogram) }
        self.timeline = timeline
        scale = LatencyScale(fitting: all)
        self.title = title
        self.summary = summary
    }

    /// The chart with what `plot` draws, in coordinates of one unit a slot and 0 (top) through 1000.
    func svg(_ plot: (inout Markup) -> Void) -> String {
        var markup = Markup()
        markup.element("div", [("class", "chart")]) { chart in
            chart.element("svg", [("height", number(height)), ("aria-hidden", "true")], axisLabels)
            chart.element("svg", [("height", number(height)), ("role", "img"), ("aria-label", "\(title). \(summary)")])
            { svg in
                gridLines(&svg)
                svg.element(
                    "svg",
                    [
                        ("x", "0"), ("y", number(Self.markRoom)), ("width", "100%"), ("height", number(plotHeight)),
                        ("viewBox", "0 0 \(max(1, timeline.slots.count)) 1000"), ("preserveAspectRatio", "none"),
                    ], plot)
                gaps(&svg)
                markLines(&svg)
                slotTitles(&svg)
                timeLabels(&svg)
            }
        }
        return markup.text
    }

    /// How far down the plot a latency stands, 0 through 1000.
    func y(_ nanoseconds: Double) -> Double { (1 - scale.position(of: nanoseconds)) * 1000 }

    private func pixel(_ nanoseconds: Double) -> Double {
        Self.markRoom + (1 - scale.position(of: nanoseconds)) * plotHeight
    }

    private func axisLabels(_ svg: inout Markup) {
        for tick in scale.ticks {
            svg.element(
                "text", [("x", "100%"), ("dx", "-8"), ("y", number(pixel(tick) + 4)), ("text-anchor", "end")],
                text: Format.duration(nanoseconds: tick))
        }
    }

    private func gridLines(_ svg: inout Markup) {
        for tick in scale.ticks {
            let y = number(pixel(tick))
            svg.element("line", [("class", "grid"), ("x1", "0"), ("x2", "100%"), ("y1", y), ("y2", y)])
        }
    }

    /// No heartbeat is hatched; alive without requests is a plain line at the foot: silence and death look different.
    private func gaps(_ svg: inout Markup) {
        let count = Double(max(1, timeline.slots.count))
        for stretch in timeline.deadStretches {
            svg.element(
                "rect",
                [
                    ("class", "dead"), ("fill", "url(#hatch)"), ("x", percent(Double(stretch.lowerBound) / count)),
                    ("y", number(Self.markRoom)), ("width", percent(Double(stretch.count) / count)),
                    ("height", number(plotHeight)),
                ])
        }
        let foot = number(Self.markRoom + plotHeight - 1)
        for (index, slot) in timeline.slots.enumerated()
        where timeline.isKnown && slot.isAlive && slot.histogram.isEmpty {
            svg.element(
                "line",
                [
                    ("class", "idle"), ("x1", percent(Double(index) / count)),
                    ("x2", percent(Double(index + 1) / count)),
                    ("y1", foot), ("y2", foot),
                ])
        }
    }

    private func markLines(_ svg: inout Markup) {
        var free = 0.0
        for mark in timeline.marks {
            let position = timeline.position(of: mark.at)
            svg.element("g") { group in
                group.element("title", text: "\(mark.name), \(Format.time(mark.at, .full))")
                group.element(
                    "line",
                    [
                        ("class", "mark"), ("x1", percent(position)), ("x2", percent(position)), ("y1", "2"),
                        ("y2", number(Self.markRoom + plotHeight)),
                    ])
                // A name that would run into the one before, or over the edge, stays in the title only.
                guard position >= free, mark.name.count <= 24 else { return }
                let isLate = position > 0.8
                group.element(
                    "text",
                    [
                        ("class", position < free + 0.1 && free > 0 ? "mark-name minor" : "mark-name"),
                        ("x", percent(position)), ("dx", isLate ? "-6" : "6"), ("y", "12"),
                        ("text-anchor", isLate ? "end" : "start"),
                    ], text: mark.name)
                free = position + Double(mark.name.count) * 0.009 + 0.02
            }
        }
    }

    private func slotTitles(_ svg: inout Markup) {
        let count = Double(max(1, timeline.slots.count))
        for (index, slot) in timeline.slots.enumerated() where !slot.histogram.isEmpty {
            svg.element(
                "rect",
                [
                    ("class", "slot"), ("x", percent(Double(index) / count)), ("y", number(Self.markRoom)),
                    ("width", percent(1 / count)), ("height", number(plotHeight)),
                ]
            ) { $0.element("title", text: words(for: slot)) }
        }
    }

    private func words(for slot: TimeSlot) -> String {
        let figures = [0.5, 0.95, 0.99].map { Percentile($0, of: slot.histogram) }
        let latencies = figures.map { "\($0.name) \($0.nanoseconds.map(Format.duration) ?? "too few")" }
        let errors = slot.serverErrors > 0 ? ", \(Format.count(slot.serverErrors)) server errors" : ""
        return "\(timeline.words(for: slot)): \(Format.count(slot.histogram.count)) requests\(errors), "
            + latencies.joined(separator: ", ")
    }

    private func timeLabels(_ svg: inout Markup) {
        for tick in timeline.ticks {
            svg.element(
                "text",
                [
                    ("class", tick.isMinor ? "minor" : "major"), ("x", percent(tick.position)),
                    ("y", number(height - 4)),
                    ("text-anchor", tick.position < 0.03 ? "start" : "middle"),
                ], text: tick.label)
        }
    }

    private func percent(_ share: Double) -> String { number(share * 100) + "%" }
}

/// A coordinate with two decimals at most.
func number(_ value: Double) -> String {
    let text = String(format: "%.2f", value)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
}

extension Markup {
    /// An element without attributes.
    mutating func element(_ name: StaticString, _ body: (inout Markup) -> Void) {
        element(name, [], body)
    }
}
