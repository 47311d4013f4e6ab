import Foundation
import LatencyHistogram
import RequestMetrics

/// The overhead receipt: what the measuring itself costs, lost and holds.
struct ReceiptView {
    /// One line of it.
    struct Item {
        let label: String
        let value: String
    }

    let stamp: String
    let items: [Item]
    let footnote: String

    init(_ report: PerfReport) {
        stamp = "as of \(Format.time(report.madeAt, .full))"
        items = Self.recorderItems(report) + Self.storeItems(report)
        footnote =
            report.isEstimated
            ? "What is estimated comes from examples, each by its weight; percentiles and ranges go by how many there are."
            : "Percentiles come from histograms of all requests and are at most "
                + "\(Format.percent(report.totals.histogram.relativeError)) off; single requests kept as examples never count "
                + "in them."
    }

    private static func recorderItems(_ report: PerfReport) -> [Item] {
        guard let recorder = report.recorder else { return [] }
        let drain = recorder.lastDrain.map { last in
            let ago = Format.duration(nanoseconds: max(0, report.madeAt.timeIntervalSince(last)).rounded() * 1e9)
            let took = recorder.lastDrainSeconds.map { ", took \(Format.duration(nanoseconds: $0 * 1e9))" } ?? ""
            return ago == "0 ns" ? "just now\(took)" : "\(ago) ago\(took)"
        }
        return [
            Item(
                label: "Cost of one request",
                value: recorder.nanosecondsPerRequest.map(Format.duration) ?? "not measured yet"),
            Item(label: "Counted since start", value: Format.count(recorder.recorded)),
            Item(label: "Waiting for the store", value: Format.count(recorder.pending)),
            Item(label: "Examples dropped", value: Format.count(recorder.droppedRows)),
            Item(label: "Last write", value: drain ?? "none yet"),
            Item(label: "Failed writes", value: Format.count(recorder.storeErrors)),
        ]
    }

    private static func storeItems(_ report: PerfReport) -> [Item] {
        let dashboard = report.dashboard
        let own = Item(
            label: "The dashboard itself",
            value: "\(Format.count(dashboard.requests)) requests"
                + (dashboard.p95.nanoseconds.map { ", p95 \(Format.duration(nanoseconds: $0))" } ?? ""))
        guard let store = report.store else { return [own] }
        // The file holds the host's tables too, the budget is for the metrics alone.
        let budget = store.budget.map { ", metrics at most \(Format.bytes(Double($0)))" } ?? ""
        let oldest = [report.reach.minutes, report.reach.hours].compactMap(\.self).min()
        return [
            own,
            Item(label: "Store", value: Format.bytes(Double(store.bytes)) + budget),
            Item(
                label: "Growth", value: store.bytesPerDay.map { "\(Format.bytes($0)) a day" } ?? "known after an hour"),
            Item(label: "Reaches back to", value: oldest.map { Format.time($0, .dayAndClock) } ?? "nothing stored yet"),
        ]
    }
}
