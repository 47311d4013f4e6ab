import Foundation
import LatencyHistogram
import RequestMetrics
import Testing

@testable import PerfDashboard

@Suite struct ExportTests {
    private let now = Traffic.longAgoEnd
    private static let hostile = "/<script>alert(1)</script>|`x`\n| forged | 1 |\u{1B}[2J"

    private func report(_ window: PerfWindow = .day) async throws -> PerfReport {
        try await PerfReport.read(window: window, from: Traffic.longAgo.value, at: now)
    }

    private func hostileReport() async throws -> PerfReport {
        let recorder = RequestRecorder(wallClock: { [now] in now })
        for _ in 0..<30 { recorder.record(route: Self.hostile, method: "GET", status: 200, nanoseconds: 1_000_000) }
        let store = MemoryStore()
        for batch in recorder.pending() { try await store.write(batch) }
        return try await PerfReport.read(window: .day, from: store, at: now)
    }

    @Test func jsonHasTheKeysAgreedOn() async throws {
        let text = try await report().rendered(as: .json)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(json["window"] as? String == "24h")
        let totals = try #require(json["totals"] as? [String: Any])
        for key in ["requests", "p50_ms", "p95_ms", "p99_ms", "error_rate"] {
            #expect(totals[key] is NSNumber, "\(key)")
        }
        let slowest = try #require(json["slowest"] as? [[String: Any]])
        #expect(slowest.count == Traffic.routes.count)
        for key in ["route", "method", "requests", "avg_ms", "p95_ms", "p99_ms"] {
            #expect(slowest[0][key] != nil, "\(key)")
        }
        let volume = try #require(json["volume"] as? [[String: Any]])
        #expect(volume.first?["route"] as? String == "/permits/{id}")
        #expect(volume.first?["method"] as? String == "GET")
        #expect(volume.first?["requests"] is NSNumber)
    }

    @Test func jsonSaysNullForTooFew() async throws {
        let recorder = RequestRecorder(wallClock: { [now] in now })
        for _ in 0..<9 { recorder.record(route: "/", method: "GET", status: 200, nanoseconds: 1_000_000) }
        let report = try await ReportReader(store: MemoryStore(), recorder: recorder).report(.day, at: now)
        let text = report.rendered(as: .json)
        #expect(text.contains("\"p95_ms\":null"))
        #expect(text.contains("\"quality\":\"too_few\""))
        #expect(text.contains("\"requests\":9"))
    }

    @Test func textSaysTheVerdictFirst() async throws {
        let lines = try await report().rendered(as: .text).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "Requests, last 24 hours")
        #expect(lines[3].hasPrefix("Slower than the 24 hours before: p95 was"))
        #expect(lines[4].hasPrefix("  - GET /search: p95 "))
        #expect(lines.contains("Slowest routes"))
        #expect(lines.contains("Volume by path, last 24 hours"))
        #expect(lines.allSatisfy { $0.count <= 160 })
    }

    @Test func markdownTablesHaveTheSameNumberOfCells() async throws {
        for report in [try await report(), try await hostileReport()] {
            let rows = report.rendered(as: .markdown).split(separator: "\n").filter { $0.hasPrefix("|") }
            #expect(rows.count > 8)
            let unescaped = rows.map { $0.replacingOccurrences(of: "\\|", with: "") }
            let cells = unescaped.map { $0.components(separatedBy: "|").count - 2 }
            #expect(Set(cells).isSubset(of: [4, 7, 3]))
        }
    }

    @Test func mailNeedsNothingFromElsewhere() async throws {
        let html = try await report().rendered(as: .html)
        #expect(html.hasPrefix("<!doctype html>"))
        for banned in ["<script", "<link", "<style", "<img", "http://", "https://", "class="] {
            #expect(!html.contains(banned), "\(banned)")
        }
        #expect(html.contains("style=\"margin:0;background:#0B0F19"))
        #expect(html.contains("/search"))
    }

    @Test(arguments: ReportFormat.allCases)
    func markupInAPathComesOutAsText(format: ReportFormat) async throws {
        let text = try await hostileReport().rendered(as: format)
        #expect(!text.contains("\u{1B}"))
        if format == .html { #expect(!text.contains("<script>")) }
        if format == .markdown { #expect(text.contains("\\<script\\>")) }
        if format == .text { #expect(!text.contains("\n| forged")) }
        if format == .json { #expect(text.contains("<script>alert(1)</script>|`x`\\n| forged | 1 |\\u001b[2J")) }
    }

    @Test(arguments: ReportFormat.allCases)
    func anEmptyStoreMakesAReportToo(format: ReportFormat) async throws {
        let text = try await PerfReport.read(window: .week, from: MemoryStore(), at: now).rendered(as: format)
        #expect(text.contains("No request came in the last 7 days."))
    }
}
