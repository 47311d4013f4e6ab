import Foundation
import RequestMetrics

/// Something a reader has to know before trusting the figures.
struct Notice {
    let kind: String
    let notice: String

    static func all(of report: PerfReport) -> [Notice] {
        storeDown(report.storeProblem) + estimated(report.estimated) + unreadable(report.unreadable)
            + drainFailing(report)
    }

    static func all(of report: RouteReport) -> [Notice] {
        storeDown(report.storeProblem) + estimated(report.estimated)
    }

    private static func storeDown(_ problem: String?) -> [Notice] {
        problem.map {
            [
                Notice(
                    kind: "error",
                    notice:
                        "The store cannot be read: \($0) The figures below are only what waits in this "
                        + "process's memory; no count is lost, and they go to the store once it is back.")
            ]
        } ?? []
    }

    private static func estimated(_ parts: [String]) -> [Notice] {
        guard !parts.isEmpty else { return [] }
        return [
            Notice(
                kind: "",
                notice:
                    "Estimated: \(parts.formatted(.list(type: .and).locale(Locale(identifier: "en_GB")))). The store "
                    + "has examples only of that time, no histograms, so each counts by its weight.")
        ]
    }

    private static func unreadable(_ count: Int) -> [Notice] {
        count > 0
            ? [Notice(kind: "", notice: "\(count) stored histograms are damaged and missing from these figures.")] : []
    }

    private static func drainFailing(_ report: PerfReport) -> [Notice] {
        guard report.storeProblem == nil, let recorder = report.recorder, let error = recorder.lastStoreError
        else { return [] }
        return [
            Notice(
                kind: "",
                notice:
                    "The last write to the store failed: \(error) \(Format.count(recorder.pending)) requests wait in "
                    + "memory and are included below.")
        ]
    }
}
