import Foundation
import LatencyHistogram
import PostgresPool
import Synchronization

/// Measures the pool against a server that is running: `PoolBench URL SECONDS`. Prints one figure a line.
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
        try await bench.sharedQueries(tasks: 64, connections: 8, sharesTransactions: false)
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
        try await withWarmPool(configuration(connections), body)
    }

    private func withWarmPool(
        _ configuration: PostgresPoolConfiguration, _ body: @Sendable (PostgresPool) async throws -> Void
    ) async throws {
        try await PostgresPool.withPool(configuration) { pool in
            while pool.statistics.idle < configuration.maximumConnections {
                try await Task.sleep(for: .milliseconds(5))
            }
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
            print("acquire\t\(elapsed / .nanoseconds(1) / Double(count))")
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
            print("select \(connections)\t\(rate)")
        }
    }

    /// Many tasks that need no connection of their own.
    private func sharedQueries(tasks: Int, connections: Int, sharesTransactions: Bool = true) async throws {
        var configuration = configuration(connections)
        configuration.readsShareTransactions = sharesTransactions
        try await withWarmPool(configuration) { pool in
            let rate = try await perSecond(tasks: tasks) { id in
                try await pool.query("SELECT abalance FROM pgbench_accounts WHERE aid = \(id)")
            }
            print("query \(sharesTransactions ? "" : "alone ")\(tasks) \(connections)\t\(rate)")
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
            for (name, quantile) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1)] {
                print("wait \(name)\t\((waits.quantile(quantile) ?? 0) / 1e6)")
            }
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
