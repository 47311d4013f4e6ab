import Foundation
import LatencyHistogram
import RequestMetrics

/// Everything counted since the process began, in Prometheus' text format 0.0.4.
///
/// Buckets end on powers of two nanoseconds, told in seconds. Those are boundaries of the exponential histogram too, so
/// that each bucket's count is exact and agrees with the page. Names and labels are OpenTelemetry's semantic conventions
/// for HTTP as translated for Prometheus.
struct PrometheusReport {
    let series: [SeriesKey: LatencyHistogram]
    let recorder: RecorderStatistics
    let store: StoreStatistics?

    /// 2^14 ns (16 µs) to 2^36 ns (69 s): every power of two.
    static let bucketExponents = 14...36
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    var text: String {
        var lines: [String] = []
        appendDurations(to: &lines)
        appendSelf(to: &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private func appendDurations(to lines: inout [String]) {
        let name = "http_server_request_duration_seconds"
        lines.append("# HELP \(name) Duration of requests of the service and, by surface, of its dashboard.")
        lines.append("# TYPE \(name) histogram")
        for (key, histogram) in series.sorted(by: { Self.order($0.key, $1.key) }) where !histogram.isEmpty {
            lines += Self.histogramLines(
                name, labels: Self.labels(of: key), histogram, exponents: Self.bucketExponents)
        }
    }

    /// A histogram's buckets, sum and count.
    static func histogramLines(
        _ name: String, labels: String, _ histogram: LatencyHistogram, exponents: ClosedRange<Int>
    ) -> [String] {
        let buckets = exponents.map { exponent in
            let bound = UInt64(1) << exponent
            return "\(name)_bucket{\(labels),le=\"\(number(Double(bound) / 1e9))\"} \(histogram.count(below: bound))"
        }
        return buckets + [
            "\(name)_bucket{\(labels),le=\"+Inf\"} \(histogram.count)",
            "\(name)_sum{\(labels)} \(number(Double(histogram.sum) / 1e9))",
            "\(name)_count{\(labels)} \(histogram.count)",
        ]
    }

    private func appendSelf(to lines: inout [String]) {
        func metric(_ name: String, _ type: String, _ help: String, _ value: Double?) {
            guard let value, value.isFinite else { return }
            lines.append("# HELP pitwall_\(name) \(help)")
            lines.append("# TYPE pitwall_\(name) \(type)")
            lines.append("pitwall_\(name) \(Self.number(value))")
        }
        metric("recorded_requests_total", "counter", "Requests recorded since the start.", Double(recorder.recorded))
        metric("drained_requests_total", "counter", "Requests that the store confirmed.", Double(recorder.drained))
        metric("pending_requests", "gauge", "Requests that wait in memory for the store.", Double(recorder.pending))
        metric(
            "overflowed_requests_total", "counter", "Requests counted under the overflow route.",
            Double(recorder.overflowed))
        metric("kept_examples_total", "counter", "Requests kept as examples.", Double(recorder.keptRows))
        metric(
            "dropped_examples_total", "counter", "Examples dropped because too many waited.",
            Double(recorder.droppedRows))
        metric("store_errors_total", "counter", "Writes to the store that failed.", Double(recorder.storeErrors))
        metric("routes", "gauge", "Routes told apart.", Double(recorder.routes))
        metric("series", "gauge", "Series of route, method and status.", Double(recorder.series))
        metric(
            "last_drain_timestamp_seconds", "gauge", "When the store last confirmed a write.",
            recorder.lastDrain?.timeIntervalSince1970)
        metric("last_drain_duration_seconds", "gauge", "How long that write took.", recorder.lastDrainSeconds)
        metric(
            "recording_cost_seconds", "gauge", "Mean time that recording one request takes.",
            recorder.nanosecondsPerRequest.map { $0 / 1e9 })
        metric("start_timestamp_seconds", "gauge", "When counting began.", recorder.startedAt.timeIntervalSince1970)
        metric("store_size_bytes", "gauge", "Bytes the store takes on disk.", store.map { Double($0.bytes) })
        metric("store_budget_bytes", "gauge", "Bytes the store may take.", store?.budget.map(Double.init))
        metric("store_growth_bytes_per_day", "gauge", "Bytes written in a day.", store?.bytesPerDay)
    }

    private static func order(_ a: SeriesKey, _ b: SeriesKey) -> Bool {
        (a.surface.rawValue, a.route, a.method, a.status) < (b.surface.rawValue, b.route, b.method, b.status)
    }

    private static func labels(of key: SeriesKey) -> String {
        let pairs = [
            ("http_request_method", key.method), ("http_route", key.route),
            ("http_response_status_code", key.status == 0 ? "" : String(key.status)), ("surface", "\(key.surface)"),
        ]
        return pairs.map { "\($0)=\"\($1.prometheusEscaped)\"" }.joined(separator: ",")
    }

    /// The shortest decimal that reads back as the same number, whole numbers without a point.
    static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        return value.description
    }
}

extension String {
    /// A label's value: backslash, quote and line feed escaped (exposition format 0.0.4); U+0000 becomes U+FFFD.
    var prometheusEscaped: String {
        var escaped = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            case "\u{0}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
