import Synchronization
import Testing

@testable import PostgresPool

/// Tasks that run on the threads that read the answers.
@Suite(.timeLimit(.minutes(10))) struct TaskExecutorTests {
    @Test func goesOnWhereTheAnswerWasRead() async throws {
        try await withPool(.with { ($0.minimumConnections, $0.maximumConnections) = (1, 1) }) { pool in
            let reader = try await pool.withConnection { $0.physical.state.withLock { $0.thread } }
            let (before, one, after) = try await withTaskExecutorPreference(PostgresTaskExecutor.shared) {
                let before = ReadinessThread.current
                let one = try await pool.query("SELECT 1")[0].decode(Int.self)
                return (before, one, ReadinessThread.current)
            }
            #expect(before != nil)
            #expect(one == 1)
            #expect(after === reader)
            #expect(ReadinessThread.current == nil)
        }
    }

    @Test func manyTasksOfBothKindsShareThePool() async throws {
        try await withPool(.with { $0.maximumConnections = 4 }) { pool in
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<400 {
                    let executor: (any TaskExecutor)? = index.isMultiple(of: 2) ? PostgresTaskExecutor.shared : nil
                    group.addTask(executorPreference: executor) {
                        guard index.isMultiple(of: 3) else {
                            return try await pool.query("SELECT \(index)")[0].decode(Int.self)
                        }
                        return try await pool.withConnection { connection in
                            try await connection.query("SELECT \(index)")[0].decode(Int.self)
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == (0..<400).reduce(0, +))
        }
    }

    @Test func aTaskThatYieldsForEverHoldsUpNoAnswer() async throws {
        try await withPool { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask(executorPreference: PostgresTaskExecutor.shared) {
                    while !Task.isCancelled { await Task.yield() }
                }
                for index in 0..<50 {
                    let answer = try await pool.query("SELECT \(index)")[0].decode(Int.self)
                    #expect(answer == index)
                }
                group.cancelAll()
            }
        }
    }

    @Test func aCancelledStatementIsGivenUp() async throws {
        try await withPool { pool in
            let task = Task(executorPreference: PostgresTaskExecutor.shared) {
                try await pool.query("SELECT pg_sleep(600)")
            }
            await waitUntil(pool) { pool.health.inUse == 1 }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let one = try await pool.query("SELECT 1")[0].decode(Int.self)
            #expect(one == 1)
        }
    }
}
