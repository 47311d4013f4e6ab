import Metrics
import MetricsTestKit
import Testing

@testable import PostgresPool

@Suite(.timeLimit(.minutes(10))) struct PoolMetricsTests {
    @Test func namesAreOpenTelemetrys() throws {
        let factory = TestMetrics()
        let metrics = withMetricsFactory(factory) { PoolMetrics(poolName: "permits") }
        metrics.acquired(after: 1)
        metrics.used(for: 2)
        metrics.created(in: 3)
        metrics.queried(for: 4)
        metrics.report(
            PoolHealth(healthy: true, min: 2, max: 10, inUse: 3, available: 7), idle: 1, waiting: 5, newTimeouts: 6
        )
        let pool = [("db.client.connection.pool.name", "permits")]
        #expect(try factory.expectTimer("db.client.connection.wait_time", pool).values == [1])
        #expect(try factory.expectTimer("db.client.connection.use_time", pool).values == [2])
        #expect(try factory.expectTimer("db.client.connection.create_time", pool).values == [3])
        #expect(try factory.expectTimer("db.client.operation.duration", pool).values == [4])
        #expect(try factory.expectCounter("db.client.connection.timeouts", pool).values == [6])
        let used = pool + [("db.client.connection.state", "used")]
        #expect(try factory.expectGauge("db.client.connection.count", used).lastValue == 3)
        #expect(try factory.expectGauge("db.client.connection.pending_requests", pool).lastValue == 5)
        #expect(try factory.expectGauge("db.client.connection.max", pool).lastValue == 10)
        #expect(try factory.expectGauge("db.client.connection.idle.min", pool).lastValue == 2)
        #expect(try factory.expectGauge("db.client.connection.idle.max", pool).lastValue == 10)
    }
}
