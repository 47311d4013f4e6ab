import LatencyHistogram

/// The pool of `/admin/perf.json`. Times are milliseconds; a percentile is `null` with fewer than ten of a kind.
struct PoolJSON: Encodable {
    struct Times: Encodable {
        let count: UInt64
        @Nullable var p50Ms: Double?
        @Nullable var p95Ms: Double?
        @Nullable var p99Ms: Double?

        init(_ histogram: LatencyHistogram) {
            count = histogram.count
            p50Ms = Percentile(0.5, of: histogram).roundedMilliseconds
            p95Ms = Percentile(0.95, of: histogram).roundedMilliseconds
            p99Ms = Percentile(0.99, of: histogram).roundedMilliseconds
        }
    }

    struct Holder: Encodable {
        let site: String
        let heldMs: Double
    }

    let healthy: Bool
    let min: Int
    let max: Int
    let inUse: Int
    let available: Int
    let idle: Int
    let connecting: Int
    let waiting: Int
    let longestWaitMs: Double
    let trouble: String
    let acquired: UInt64
    let timedOut: UInt64
    let refused: UInt64
    let created: UInt64
    let connectFailures: UInt64
    let closed: [String: UInt64]
    let holders: [Holder]
    let connectFailure: String?
    let waitTime: Times
    let useTime: Times
    let queryTime: Times
    let createTime: Times

    init(_ pool: PoolReport) {
        healthy = pool.isHealthy
        (min, max, inUse, available) = (pool.min, pool.max, pool.inUse, pool.available)
        (idle, connecting, waiting) = (pool.idle, pool.connecting, pool.waiting)
        longestWaitMs = (Double(pool.longestWait) / 1e6).rounded(to: 3)
        trouble = pool.trouble.rawValue
        (acquired, timedOut, refused) = (pool.acquired, pool.timedOut, pool.refused)
        (created, connectFailures, closed) = (pool.created, pool.connectFailures, pool.closed)
        holders = pool.holders.map { Holder(site: $0.site, heldMs: (Double($0.heldFor) / 1e6).rounded(to: 3)) }
        connectFailure = pool.connectFailure
        (waitTime, useTime) = (Times(pool.waitTime), Times(pool.useTime))
        (queryTime, createTime) = (Times(pool.queryTime), Times(pool.createTime))
    }
}
