import Foundation
import LatencyHistogram
import PostgresPool
import Synchronization

/// Measures the pool against a server that is running: `PoolBench URL SECONDS`. Prints one line a figure.
@main
struct PoolBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let seconds = Double(arguments[2]) else {
            print("usage: PoolBench postgres://… SECONDS")
            exit(64)
        }
        let bench = PoolBench(url: arguments[1], duration: .seconds(seconds))
        try await bench.acquireAndRelease()
        for connections in [1, 4, 8] { try await bench.selects(connections: connections) }
        for connections in [1, 2, 8] { try await bench.sharedQueries(tasks: 64, connections: connections) }
        try await bench.waitTimes(waiters: 1_000, connections: 8)
    }

    let url: String
    let duration: Duration

    private func configuration(_ connections: Int) -> PostgresPoolConfiguration {
        var configuration = PostgresPoolConfiguration(connectionString: url)
        configuration.minimumConnections = connections
        configuration.maximumConnections = connections
        configuration.acquireTimeout = .seconds(60)
        return configuration
    }

    private func withWarmPool(_ connections: Int, _ body: @Sendable (PostgresPool) async throws -> Void) async throws {
        try await PostgresPool.withPool(configuration(connections)) { pool in
            while pool.statistics.idle < connections { try await Task.sleep(for: .milliseconds(5)) }
            try await body(pool)
        }
    }

    /// Nanoseconds to borrow and give back a connection that nobody else wants.
    private func acquireAndRelease() async throws {
        try await withWarmPool(1) { pool in
            let count = 500_000
            for _ in 0..<10_000 { try await pool.withConnection { _ in } }
            let clock = ContinuousClock()
            let elapsed = try await clock.measure {
                for _ in 0..<count { try await pool.withConnection { _ in } }
            }
            print("acquire+release uncontended: \(Int(elapsed / .nanoseconds(1)) / count) ns")
        }
    }

    /// One task a connection, each with its own connection for each statement.
    private func selects(connections: Int) async throws {
        try await withWarmPool(connections) { pool in
            let rate = try await perSecond(tasks: connections) { id in
                try await pool.withConnection {
                    try await $0.query("SELECT abalance FROM pgbench_accounts WHERE aid = \(id)")
                }
            }
            print("withConnection select, \(connections) connections: \(rate) /s")
        }
    }

    /// Many tasks that need no connection of their own.
    private func sharedQueries(tasks: Int, connections: Int) async throws {
        try await withWarmPool(connections) { pool in
            let rate = try await perSecond(tasks: tasks) { id in
                try await pool.query("SELECT abalance FROM pgbench_accounts WHERE aid = \(id)")
            }
            print("pool.query select, \(tasks) tasks on \(connections) connections: \(rate) /s")
        }
    }

    /// How evenly waiters are served.
    private func waitTimes(waiters: Int, connections: Int) async throws {
        try await withWarmPool(connections) { pool in
            _ = try await perSecond(tasks: waiters) { id in
                try await pool.withConnection {
                    try await $0.query("SELECT abalance FROM pgbench_accounts WHERE aid = \(id)")
                }
            }
            let waits = pool.statistics.waitTime
            let milliseconds = [0.5, 0.9, 0.99, 1].map { quantile in
                String(format: "%.1f", (waits.quantile(quantile) ?? 0) / 1e6)
            }
            print(
                "wait, \(waiters) waiters on \(connections) connections, ms: p50 \(milliseconds[0]) p90 \(milliseconds[1]) p99 \(milliseconds[2]) max \(milliseconds[3])"
            )
        }
    }

    private func perSecond(
        tasks: Int, _ operation: @escaping @Sendable (Int32) async throws -> PostgresResult
    ) async throws -> Int {
        let deadline = ContinuousClock.now + duration
        let start = ContinuousClock.now
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    var count = 0
                    var id = Int32(task)
                    while ContinuousClock.now < deadline {
                        id = id &* 48_271 & 0x7FFF_FFFF
                        _ = try await operation(id % 100_000 + 1)
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        return Int(Double(total) / ((ContinuousClock.now - start) / .seconds(1)))
    }
}
