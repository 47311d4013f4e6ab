import LatencyHistogram

/// The pool in Prometheus' text format, under OpenTelemetry's names (`db.client.connection.*`) as translated for
/// Prometheus. See "Semantic conventions for database client metrics" of OpenTelemetry.
struct PoolMetricsReport {
    let pool: PoolReport

    var text: String {
        let name = "db_client_connection_pool_name=\"\(pool.name.prometheusEscaped)\""
        var lines: [String] = []
        func metric(_ metric: String, _ type: String, _ help: String, _ values: [(labels: String, value: UInt64)]) {
            lines.append("# HELP \(metric) \(help)")
            lines.append("# TYPE \(metric) \(type)")
            for (labels, value) in values {
                lines.append("\(metric){\(name)\(labels.isEmpty ? "" : "," + labels)} \(value)")
            }
        }
        func gauge(_ suffix: String, _ help: String, _ value: Int) {
            metric("db_client_connection_\(suffix)", "gauge", help, [("", UInt64(Swift.max(0, value)))])
        }
        func counter(_ suffix: String, _ help: String, _ values: [(labels: String, value: UInt64)]) {
            metric("db_client_connection_\(suffix)_total", "counter", help, values)
        }
        metric(
            "db_client_connection_count", "gauge", "Open connections by state.",
            [
                ("db_client_connection_state=\"used\"", UInt64(Swift.max(0, pool.inUse))),
                ("db_client_connection_state=\"idle\"", UInt64(Swift.max(0, pool.idle))),
            ])
        gauge("max", "Connections there may be.", pool.max)
        gauge("idle_min", "Connections kept open at least.", pool.min)
        gauge("idle_max", "Idle connections there may be.", pool.max)
        gauge("pending_requests", "Callers that wait for a connection.", pool.waiting)
        gauge(
            "healthy", "1 while a connection can be had, 0 while the server cannot be reached.", pool.isHealthy ? 1 : 0)
        counter("timeouts", "Callers that got no connection in time.", [("", pool.timedOut)])
        counter("refused", "Callers failed at once because the server could not be reached.", [("", pool.refused)])
        counter("created", "Connections made.", [("", pool.created)])
        counter("create_failures", "Attempts to connect that failed.", [("", pool.connectFailures)])
        counter(
            "closed", "Connections closed, by reason.",
            pool.closed.sorted { $0.key < $1.key }.map { ("reason=\"\($0.key.prometheusEscaped)\"", $0.value) })
        let histograms = [
            ("db_client_connection_wait_time_seconds", "How long callers waited for a connection.", pool.waitTime),
            ("db_client_connection_use_time_seconds", "How long they held it.", pool.useTime),
            ("db_client_connection_create_time_seconds", "How long connecting took.", pool.createTime),
            ("db_client_operation_duration_seconds", "How long statements took.", pool.queryTime),
        ]
        for (metric, help, histogram) in histograms {
            lines.append("# HELP \(metric) \(help)")
            lines.append("# TYPE \(metric) histogram")
            lines += PrometheusReport.histogramLines(metric, labels: name, histogram, exponents: Self.bucketExponents)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// From 256 ns: most waits are over at once.
    private static let bucketExponents = 8...36
}
