import Foundation
import LatencyHistogram
import RequestMetrics
import Subprocess
import Testing

@testable import PerfDashboard

@Suite struct PrometheusTests {
    private func report() -> (PrometheusReport, [UInt64]) {
        let recorder = RequestRecorder()
        var random = SplitMix(seed: 11)
        let values = (0..<3000).map { _ in random.latency(median: 8, spread: 1.5) }
        for value in values {
            recorder.record(route: "/permits/{id}", method: "GET", status: 200, nanoseconds: value)
        }
        recorder.record(route: "/a\"b\\c\nd<é>", method: "POST", status: 503, nanoseconds: 0)
        recorder.record(route: "/admin/perf", method: "GET", status: 200, nanoseconds: 5_000_000, surface: .dashboard)
        let report = PrometheusReport(
            series: recorder.cumulative(), recorder: recorder.statistics, store: StoreStatistics())
        return (report, values)
    }

    @Test func bucketsAreExactOnPowersOfTwo() throws {
        let (report, values) = report()
        let labels = "http_request_method=\"GET\",http_route=\"/permits/{id}\",http_response_status_code=\"200\""
        for exponent in PrometheusReport.bucketExponents {
            let bound = UInt64(1) << exponent
            let expected = values.count { $0 <= bound }
            let le = PrometheusReport.number(Double(bound) / 1e9)
            let line =
                "http_server_request_duration_seconds_bucket{\(labels),surface=\"service\",le=\"\(le)\"} \(expected)"
            #expect(report.text.contains(line + "\n"), "\(line)")
        }
        #expect(report.text.contains("_count{\(labels),surface=\"service\"} 3000\n"))
    }

    @Test func escapesLabels() {
        #expect(report().0.text.contains("http_route=\"/a\\\"b\\\\c\\nd<é>\""))
        #expect("a\u{0}".prometheusEscaped == "a\u{FFFD}")
    }

    @Test func promtoolFindsNothingToSay() async throws {
        let text = report().0.text
        let result = try await Subprocess.run(
            .name("promtool"), arguments: ["check", "metrics"], input: .string(text), output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        #expect(result.terminationStatus.isSuccess, "\(result.standardError ?? "")")
        #expect(result.standardError == "")
        #expect(result.standardOutput == "")
    }

    @Test func countersOnlyRiseOverADrain() async throws {
        let recorder = RequestRecorder()
        let store = MemoryStore()
        var last: UInt64 = 0
        for _ in 0..<4 {
            for _ in 0..<50 { recorder.record(route: "/", method: "GET", status: 200, nanoseconds: 1_000_000) }
            let count = recorder.cumulative().values.reduce(0) { $0 + $1.count }
            #expect(count == last + 50)
            last = count
            for batch in recorder.pending() { try await store.write(batch) }
        }
    }
}
