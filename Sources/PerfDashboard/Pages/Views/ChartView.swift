import LatencyHistogram
import RequestMetrics

/// The heat map's section, or what will stand there.
struct HeatView {
    let svg: String?
    let summary: String
    let hasMarks: Bool
    let emptyTitle: String
    let emptyText =
        "Every request becomes a mark here within seconds of its answer: across by time, up by latency, brighter for more."

    init(_ timeline: Timeline, figures: Figures) {
        let total = figures.requests
        summary =
            total > 0
            ? "\(Format.count(total)) requests, fastest \(Format.duration(nanoseconds: Double(figures.histogram.min ?? 0))), "
                + "slowest \(Format.duration(nanoseconds: Double(figures.histogram.max ?? 0)))"
            : timeline.isKnown ? "nothing yet" : "not known now"
        svg = total > 0 ? HeatMap(timeline, summary: summary).svg() : nil
        hasMarks = !timeline.marks.isEmpty
        emptyTitle = timeline.emptyTitle
    }
}

/// The section of percentiles over time, and the same as a table.
struct LinesView {
    let svg: String?
    let chartID = "lines"
    let hasMarks: Bool
    let slots: [SlotRow]
    let emptyTitle: String
    let emptyText = "p50, p95 and p99 of every stretch of time stand here as soon as ten requests came in one."

    init(_ timeline: Timeline, figures: Figures) {
        let words = [figures.p50, figures.p95, figures.p99].map { percentile in
            "\(percentile.name) \(percentile.nanoseconds.map(Format.duration) ?? "too few")"
        }
        svg = figures.requests > 0 ? PercentileLines(timeline, summary: words.joined(separator: ", ")).svg() : nil
        hasMarks = !timeline.marks.isEmpty
        emptyTitle = timeline.emptyTitle
        slots = timeline.slots.reversed().map { SlotRow($0, timeline) }
    }
}

extension Timeline {
    /// What stands where a chart would.
    fileprivate var emptyTitle: String {
        isKnown ? "No requests in this window" : "Not known while the store cannot be read"
    }

    fileprivate func words(forEmpty slot: TimeSlot) -> String {
        !isKnown ? "not known now" : slot.isAlive ? "no requests" : "no heartbeat: not running"
    }
}

/// One slot of the timeline as a row.
struct SlotRow {
    let time: String
    let gap: String?
    let requests: String
    let p50: String
    let p95: String
    let p99: String
    let errors: String

    init(_ slot: TimeSlot, _ timeline: Timeline) {
        func words(_ quantile: Double) -> String {
            Percentile(quantile, of: slot.histogram).nanoseconds.map(Format.duration) ?? "too few"
        }
        time = timeline.words(for: slot)
        gap = slot.histogram.isEmpty ? timeline.words(forEmpty: slot) : nil
        requests = Format.count(slot.histogram.count)
        (p50, p95, p99) = slot.histogram.isEmpty ? ("", "", "") : (words(0.5), words(0.95), words(0.99))
        errors = Format.count(slot.serverErrors)
    }
}
