import LatencyHistogram
import Metrics

/// What the pool measures: histograms of its own, and the same through swift-metrics under OpenTelemetry's names, in
/// seconds.
final class PoolMetrics: Sendable {
    let waitTime = ConcurrentLatencyHistogram()
    let useTime = ConcurrentLatencyHistogram()
    let createTime = ConcurrentLatencyHistogram()
    let queryTime = ConcurrentLatencyHistogram()

    private let waitTimer: Timer
    private let useTimer: Timer
    private let createTimer: Timer
    private let queryTimer: Timer
    private let used: Gauge
    private let idle: Gauge
    private let pending: Gauge
    private let timeouts: Metrics.Counter
    private let maximum: Gauge
    private let minimumIdle: Gauge
    private let maximumIdle: Gauge

    init(poolName: String) {
        let pool = [("db.client.connection.pool.name", poolName)]
        let prefix = "db.client.connection"
        waitTimer = Timer(label: "\(prefix).wait_time", dimensions: pool, preferredDisplayUnit: .seconds)
        useTimer = Timer(label: "\(prefix).use_time", dimensions: pool, preferredDisplayUnit: .seconds)
        createTimer = Timer(label: "\(prefix).create_time", dimensions: pool, preferredDisplayUnit: .seconds)
        queryTimer = Timer(label: "db.client.operation.duration", dimensions: pool, preferredDisplayUnit: .seconds)
        used = Gauge(label: "\(prefix).count", dimensions: pool + [("db.client.connection.state", "used")])
        idle = Gauge(label: "\(prefix).count", dimensions: pool + [("db.client.connection.state", "idle")])
        pending = Gauge(label: "\(prefix).pending_requests", dimensions: pool)
        timeouts = Metrics.Counter(label: "\(prefix).timeouts", dimensions: pool)
        maximum = Gauge(label: "\(prefix).max", dimensions: pool)
        minimumIdle = Gauge(label: "\(prefix).idle.min", dimensions: pool)
        maximumIdle = Gauge(label: "\(prefix).idle.max", dimensions: pool)
    }

    func created(in nanoseconds: UInt64) {
        createTime.record(nanoseconds)
        createTimer.recordNanoseconds(nanoseconds)
    }

    func acquired(after nanoseconds: UInt64) {
        waitTime.record(nanoseconds)
        waitTimer.recordNanoseconds(nanoseconds)
    }

    /// Somebody was served without waiting. How many there were the pool's state machine counts as it lends:
    /// ``PoolStatistics/waitTime`` has them as waits of zero.
    func acquiredAtOnce() { waitTimer.recordNanoseconds(0) }

    func used(for nanoseconds: UInt64) {
        useTime.record(nanoseconds)
        useTimer.recordNanoseconds(nanoseconds)
    }

    func queried(for nanoseconds: UInt64) {
        queryTime.record(nanoseconds)
        queryTimer.recordNanoseconds(nanoseconds)
    }

    /// Shows the gauges; called once a maintenance interval.
    func report(_ health: PoolHealth, idle idleCount: Int, waiting: Int, newTimeouts: Int) {
        used.record(health.inUse)
        idle.record(idleCount)
        pending.record(waiting)
        maximum.record(health.max)
        minimumIdle.record(health.min)
        // All of them may lie idle until the idle timeout.
        maximumIdle.record(health.max)
        if newTimeouts > 0 { timeouts.increment(by: newTimeouts) }
    }
}
