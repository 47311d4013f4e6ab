import Foundation
import LatencyHistogram
import RequestMetrics
import Testing

@testable import PerfDashboard

@Suite struct FleetTests {
    private let now = Date(timeIntervalSince1970: 1_767_268_800)

    private func store(_ instances: [String: UInt64]) async throws -> SQLiteStore {
        let path = NSTemporaryDirectory() + "fleet-\(UUID().uuidString).sqlite"
        let store = SQLiteStore(path: path)
        for (instance, count) in instances {
            var histogram = LatencyHistogram()
            histogram.record(5_000_000, count: count)
            let key = SeriesKey(route: "/search", method: "GET", status: 200)
            let end = now.addingTimeInterval(-300)
            try await store.write(
                MetricsBatch(
                    instance: instance, sequence: 1, interval: end.addingTimeInterval(-10)..<end,
                    series: [SeriesDelta(key: key, start: Resolution.minute.start(of: end), histogram: histogram)]))
        }
        return store
    }

    private func remove(_ store: SQLiteStore) async throws {
        try await store.close()
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: store.path + suffix) }
    }

    @Test func theFleetIsAddedUpAndEachInstanceIsShownAlone() async throws {
        let store = try await store(["web-1:7:x": 30, "web-2:8:y": 12])
        let reader = ReportReader(store: store, recorder: nil)
        let fleet = try await reader.report(.hour, at: now)
        #expect(fleet.totals.requests == 42)
        #expect(Set(fleet.instances.keys) == ["web-1:7:x", "web-2:8:y"])
        let view = FleetView(fleet, PageOptions(window: .hour))
        #expect(view.aside == "figures of 2 instances together")
        #expect(view.links.map(\.name).first == "The fleet")
        #expect(view.links.map(\.isCurrent) == [true, false, false])
        #expect(view.sections.map(\.id) == ["fleet"])
        let html = try #require(view.sections.first?.html)
        #expect(html.contains("href=\"/admin/perf?window=1h&amp;instance=web-1%3A7%3Ax\""))

        let one = try await reader.report(.hour, instance: "web-2:8:y", at: now)
        #expect(one.totals.requests == 12)
        #expect(one.volume.map(\.now.requests) == [12])
        let options = PageOptions(window: .hour).with { $0.instance = "web-2:8:y" }
        let alone = FleetView(one, options)
        #expect(alone.aside == "figures of one instance alone")
        #expect(alone.links.filter(\.isCurrent).map(\.name) == ["web-2:8:y"])
        #expect(JSONReport(one).text.contains("\"instance\":\"web-2:8:y\""))
        let row = RouteRow(one.routes[0], of: one, in: "slowest")
        #expect(row.href.hasSuffix("&instance=web-2%3A8%3Ay"))
        try await remove(store)
    }

    @Test func aSingleInstanceHasNoSection() async throws {
        let store = try await store(["web-1:7:x": 30])
        let report = try await ReportReader(store: store, recorder: nil).report(.hour, at: now)
        #expect(FleetView(report, PageOptions(window: .hour)).sections.isEmpty)
        try await remove(store)
    }

    @Test func anInstanceThatIsNotThereSaysSo() async throws {
        let store = try await store(["web-1:7:x": 30])
        let report = try await ReportReader(store: store, recorder: nil).report(.hour, instance: "<gone>", at: now)
        let view = FleetView(report, PageOptions(window: .hour).with { $0.instance = "<gone>" })
        #expect(report.totals.requests == 0)
        #expect(view.links.last?.lastSeen == "not in this window")
        #expect(view.sections.first?.html.contains("&lt;gone&gt;") == true)
        try await remove(store)
    }
}
