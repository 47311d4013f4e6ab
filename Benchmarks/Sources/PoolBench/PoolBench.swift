import Foundation
import LatencyHistogram
import PostgresPool
import Synchronization

/// Measures the pool against a server that is running: `PoolBench URL SECONDS [FIGURE…]`, where a figure is `acquire`,
/// `select`, `query`, `few` (as many tasks as connections), `alone`, `executor`, `executor-query` or `wait`, all of them
/// unless named; `select:8` is the one with eight connections alone. Prints one figure a line; `… cpu` is this process's
/// processor time by statement in microseconds, user and system, which a busy machine disturbs least.
@main
struct PoolBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let seconds = Double(arguments[2]) else {
            print("usage: PoolBench postgres://… SECONDS [FIGURE…]")
            exit(64)
        }
        let bench = PoolBench(url: arguments[1], duration: .seconds(seconds))
        let wanted = arguments.dropFirst(3).map { $0.split(separator: ":") }
        func isWanted(_ figure: String) -> Bool { wanted.isEmpty || wanted.contains { $0[0] == figure } }
        /// The numbers of connections that a figure is measured with.
        func counts(_ figure: String, _ all: [Int]) -> [Int] {
            guard !wanted.isEmpty else { return all }
            return wanted.filter { $0[0] == figure }.flatMap { $0.count > 1 ? [Int($0[1]) ?? 1] : all }
        }
        if isWanted("acquire") { try await bench.acquireAndRelease() }
        for connections in counts("select", [1, 4, 8]) { try await bench.selects(connections: connections) }
        for connections in counts("query", [1, 2, 8]) {
            try await bench.sharedQueries(tasks: 64, connections: connections)
        }
        for connections in counts("few", [1, 4, 8]) {
            try await bench.sharedQueries(tasks: connections, connections: connections)
        }
        if isWanted("alone") { try await bench.sharedQueries(tasks: 64, connections: 8, sharesTransactions: false) }
        let executor = PostgresTaskExecutor.shared
        for connections in counts("executor", [1, 4, 8]) {
            try await bench.selects(connections: connections, on: executor)
        }
        for connections in counts("executor-query", [8]) {
            try await bench.sharedQueries(tasks: 64, connections: connections, on: executor)
        }
        if isWanted("wait") { try await bench.waitTimes(waiters: 1_000, connections: 8) }
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
    private func selects(connections: Int, on executor: PostgresTaskExecutor? = nil) async throws {
        try await withWarmPool(connections) { pool in
            let name = "select \(executor == nil ? "" : "executor ")\(connections)"
            try await measure(name, tasks: connections, on: executor) { id in
                try await pool.withConnection {
                    try await $0.query("SELECT abalance FROM pgbench_accounts WHERE aid = \(id)")
                }
            }
        }
    }

    /// Many tasks that need no connection of their own.
    private func sharedQueries(
        tasks: Int, connections: Int, sharesTransactions: Bool = true, on executor: PostgresTaskExecutor? = nil
    ) async throws {
        var configuration = configuration(connections)
        configuration.readsShareTransactions = sharesTransactions
        try await withWarmPool(configuration) { pool in
            let kind = sharesTransactions ? executor == nil ? "" : "executor " : "alone "
            try await measure("query \(kind)\(tasks) \(connections)", tasks: tasks, on: executor) { id in
                try await pool.query("SELECT abalance FROM pgbench_accounts WHERE aid = \(id)")
            }
        }
    }

    /// How evenly waiters are served.
    private func waitTimes(waiters: Int, connections: Int) async throws {
        try await withWarmPool(connections) { pool in
            try await measure("wait select", tasks: waiters) { id in
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

    /// Prints how often a second the tasks together do it, and the processor time that each takes.
    private func measure(
        _ name: String, tasks: Int, on executor: PostgresTaskExecutor? = nil,
        _ operation: @escaping @Sendable (Int32) async throws -> PostgresResult
    ) async throws {
        let cpuBefore = processorTime()
        let deadline = ContinuousClock.now + duration
        let start = ContinuousClock.now
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<tasks {
                group.addTask(executorPreference: executor) {
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
        print("\(name)\t\(Int(Double(total) / ((ContinuousClock.now - start) / .seconds(1))))")
        print("\(name) cpu\t\((processorTime() - cpuBefore) * 1e6 / Double(total))")
    }

    /// What this process has used, user and system, in seconds.
    private func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
