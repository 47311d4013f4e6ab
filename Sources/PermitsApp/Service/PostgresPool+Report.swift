import PerfDashboard
import PostgresPool

extension PostgresPool {
    /// How the pool is, as the dashboard shows it.
    var report: PoolReport {
        let statistics = statistics
        let (health, counts) = (statistics.health, statistics.counts)
        var report = PoolReport()
        report.name = configuration.applicationName
        report.isHealthy = health.healthy
        (report.min, report.max) = (health.min, health.max)
        (report.inUse, report.available) = (health.inUse, health.available)
        (report.idle, report.connecting) = (statistics.idle, statistics.connecting)
        report.waiting = statistics.waiting
        report.longestWait = statistics.longestWait.wholeNanoseconds
        report.sinceShortage = statistics.sinceShortage?.wholeNanoseconds
        report.acquired = UInt64(counts.acquired)
        report.timedOut = UInt64(counts.timedOut)
        report.refused = UInt64(counts.refused)
        report.created = UInt64(counts.created)
        report.connectFailures = UInt64(counts.connectFailures)
        report.closed = Dictionary(uniqueKeysWithValues: counts.closed.map { ($0.rawValue, UInt64($1)) })
        report.holders = statistics.holders.map {
            PoolReport.Holder(site: "\($0.file):\($0.line)", heldFor: $0.heldFor.wholeNanoseconds)
        }
        report.connectFailure = statistics.connectFailure.map { "\($0)" }
        (report.waitTime, report.useTime) = (statistics.waitTime, statistics.useTime)
        (report.queryTime, report.createTime) = (statistics.queryTime, statistics.createTime)
        return report
    }
}

extension Duration {
    /// In nanoseconds; zero when negative.
    fileprivate var wholeNanoseconds: UInt64 { UInt64(max(0, self / .nanoseconds(1))) }
}
